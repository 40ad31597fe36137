using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Policy.Exchange;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SecureVault.Service.Yaml;

/// <summary>Reads YAML into the tree that JSON is read into. Plain words: true, false, null and whole numbers are those, all else is text; anchors, tags and a second document are refused.</summary>
public static class YamlTree
{
    /// <summary>The document's one value, or null with a fault. Never throws for hostile input.</summary>
    public static DocumentNode? Read(string yaml, DocumentFaults faults)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(faults);
        try
        {
            var parser = new Parser(new StringReader(yaml));
            Skip<StreamStart>(parser);
            if (parser.Current is not DocumentStart)
            {
                faults.Add(new TextPlace(1, 1), "the document is empty.");
                return null;
            }

            parser.MoveNext();
            DocumentNode? root = Value(parser, faults, 1);
            Skip<DocumentEnd>(root is null ? null : parser);
            if (root is not null && parser.Current is DocumentStart second)
            {
                faults.Add(PlaceOf(second), "a second document begins here; a policy is one.");
                return null;
            }

            return root;
        }
        catch (YamlException malformed)
        {
            faults.Add(PlaceOf(malformed.Start), $"this is no YAML: {malformed.Message.TrimEnd('.')}.");
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or OverflowException or FormatException or IndexOutOfRangeException)
        {
            faults.Add(new TextPlace(1, 1), $"this is no YAML: {fault.Message.TrimEnd('.')}.");
            return null;
        }
    }

    private static void Skip<T>(Parser? parser)
        where T : ParsingEvent
    {
        if (parser is not null && (parser.Current is T || (parser.Current is null && parser.MoveNext() && parser.Current is T)))
        {
            parser.MoveNext();
        }
    }

    /// <summary>Leaves the parser behind the value. Null after a fault that ends the reading.</summary>
    private static DocumentNode? Value(Parser parser, DocumentFaults faults, int depth)
    {
        ParsingEvent at = parser.Current!;
        string? refused = depth > DocumentLimits.Depth ? DocumentLimits.TooDeep : at switch
        {
            AnchorAlias => "aliases (*name) are not read: write the value itself.",
            NodeEvent { Anchor.IsEmpty: false } => "anchors (&name) are not read: write each value where it belongs.",
            NodeEvent { Tag.IsEmpty: false } => "tags (!name) are not read: leave it out.",
            _ => null,
        };
        if (refused is not null)
        {
            faults.Add(PlaceOf(at), refused);
            return null;
        }

        parser.MoveNext();
        return at switch
        {
            MappingStart => Members(parser, faults, depth, PlaceOf(at)),
            SequenceStart => Items(parser, faults, depth, PlaceOf(at)),
            Scalar scalar => Of(scalar, faults),
            _ => DocumentNode.OfNothing(PlaceOf(at)),
        };
    }

    private static DocumentNode? Items(Parser parser, DocumentFaults faults, int depth, TextPlace place)
    {
        var items = new List<DocumentNode>();
        while (parser.Current is not SequenceEnd)
        {
            if (Value(parser, faults, depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        parser.MoveNext();
        return DocumentNode.OfList(items, place);
    }

    private static DocumentNode? Members(Parser parser, DocumentFaults faults, int depth, TextPlace place)
    {
        var members = new MemberList(faults);
        while (parser.Current is not MappingEnd)
        {
            if (parser.Current is not Scalar { Anchor.IsEmpty: true } name)
            {
                faults.Add(PlaceOf(parser.Current!), "the name of a member is a word.");
                return null;
            }

            parser.MoveNext();
            if (Value(parser, faults, depth + 1) is not { } value)
            {
                return null;
            }

            members.Add(name.Value, PlaceOf(name), value);
        }

        parser.MoveNext();
        return DocumentNode.OfMembers(members.Members, place);
    }

    private static DocumentNode Of(Scalar scalar, DocumentFaults faults)
    {
        TextPlace place = PlaceOf(scalar);
        if (scalar.Value.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && scalar.Value.EnumerateRunes().Any(r => r.Value == 0xfffd))
        {
            faults.Add(place, "this text is no Unicode: it holds half of a character (a lone surrogate).");
        }

        return scalar.Style != ScalarStyle.Plain ? DocumentNode.OfText(scalar.Value, place) : YamlWords.Shape(scalar.Value) switch
        {
            NodeShape.Nothing => DocumentNode.OfNothing(place),
            NodeShape.Truth => DocumentNode.OfTruth(scalar.Value == "true", place),
            NodeShape.Number => DocumentNode.OfNumber(scalar.Value, place),
            _ => DocumentNode.OfText(scalar.Value, place),
        };
    }

    private static TextPlace PlaceOf(ParsingEvent at) => PlaceOf(at.Start);

    private static TextPlace PlaceOf(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
