using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SecureVault.Policy.Exchange;

/// <summary>The members of one object of a document, read by type; what is wrong with them is told as a fault, and read as if it were not there.</summary>
internal sealed class Fields
{
    private readonly DocumentNode _node;
    private readonly Shape _shape;
    private readonly DocumentFaults _faults;

    private Fields(DocumentNode node, Shape shape, DocumentFaults faults)
    {
        _node = node;
        _shape = shape;
        _faults = faults;
    }

    public TextPlace Place => _node.Place;

    /// <summary>Null when it is no object. Unknown and missing members are faults.</summary>
    public static Fields? Of(DocumentNode node, Shape shape, DocumentFaults faults)
    {
        if (node.Shape != NodeShape.Members)
        {
            faults.Add(node.Place, $"a {shape.Name} is written as members ({string.Join(", ", shape.Members)}), not as {Kind(node)}.");
            return null;
        }

        foreach (NodeMember member in node.Members.Where(m => !shape.Members.Contains(m.Name)))
        {
            faults.Add(member.Place, faults.IsFull ? "" : $"a {shape.Name} has no member '{DocumentText.Shown(member.Name)}'{NearestName.Hint(member.Name, shape.Members)}; there is {string.Join(", ", shape.Members)}.");
        }

        foreach (string missing in shape.Required.Where(r => node.Members.All(m => m.Name != r)))
        {
            faults.Add(node.Place, shape == Shapes.Document ? $"{missing} is missing; write an empty list for none: what is left out would be taken away." : $"a {shape.Name} needs a member '{missing}'.");
        }

        return new Fields(node, shape, faults);
    }

    /// <summary>The value of a member, or null: it is not there, or nothing (null).</summary>
    public DocumentNode? Find(string name) => _node.Members.FirstOrDefault(m => m.Name == name)?.Value is { Shape: not NodeShape.Nothing } value ? value : null;

    /// <summary>Where a member's value stands; the object's place where there is none.</summary>
    public TextPlace PlaceOf(string name) => Find(name)?.Place ?? _node.Place;

    public void Fault(string member, string problem) => _faults.Add(PlaceOf(member), problem);

    public string? Text(string name) => Find(name) is { } value ? Text(value, name) : null;

    public bool? Truth(string name) => Of(name, NodeShape.Truth, "true or false") is { } value ? value.Text == "true" : null;

    /// <summary>A uid or gid.</summary>
    public uint? Number(string name)
    {
        if (Of(name, NodeShape.Number, "a whole number") is not { } value)
        {
            return null;
        }

        bool fits = uint.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number);
        if (!fits)
        {
            _faults.Add(value.Place, $"{name} is a whole number from 0 to {uint.MaxValue - 1}, not {DocumentText.Shown(value.Text)}.");
        }

        return fits ? number : null;
    }

    /// <summary>An end: a day, which is the last, or an instant.</summary>
    public DateTimeOffset? End(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        bool read = ExchangeDates.TryRead(text, out DateTimeOffset end);
        if (!read)
        {
            Fault(name, $"'{DocumentText.Shown(text)}' is no end; write the last day (2026-12-31) or an instant (2026-12-31T18:00:00Z).");
        }

        return read ? end : null;
    }

    /// <summary>One of a few words.</summary>
    public string? Word(string name, params string[] words)
    {
        string? text = Text(name);
        if (text is null || words.Contains(text))
        {
            return text;
        }

        Fault(name, $"{name} is {string.Join(" or ", words)}, not '{DocumentText.Shown(text)}'{NearestName.Hint(text, words)}.");
        return null;
    }

    public IReadOnlyList<DocumentNode> List(string name) => Of(name, NodeShape.List, "a list")?.Items ?? [];

    /// <summary>The texts of a list, each with its place.</summary>
    public IEnumerable<(string Text, TextPlace Place)> Texts(string name)
    {
        foreach (DocumentNode item in List(name))
        {
            if (Text(item, name) is { } text)
            {
                yield return (text, item.Place);
            }
        }
    }

    private string? Text(DocumentNode value, string name)
    {
        if (value.Shape == NodeShape.Text)
        {
            return value.Text;
        }

        bool scalar = value.Shape is NodeShape.Number or NodeShape.Truth or NodeShape.Nothing;
        _faults.Add(value.Place, $"'{name}' of a {_shape.Name} holds text, not {Kind(value)}{(scalar ? "; put it in quotes" : "")}.");
        return null;
    }

    private DocumentNode? Of(string name, NodeShape shape, string what)
    {
        DocumentNode? value = Find(name);
        if (value is null || value.Shape == shape)
        {
            return value;
        }

        _faults.Add(value.Place, $"'{name}' of a {_shape.Name} is {what}, not {Kind(value)}.");
        return null;
    }

    private static string Kind(DocumentNode node) => node.Shape switch
    {
        NodeShape.Text => $"the text '{DocumentText.Shown(node.Text)}'",
        NodeShape.Number => $"the number {DocumentText.Shown(node.Text)}",
        NodeShape.Truth => node.Text,
        NodeShape.List => "a list",
        NodeShape.Members => "members",
        _ => "nothing",
    };
}
