using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace SecureVault.Policy.Exchange;

/// <summary>Reads JSON into a tree that knows where everything stands. Never throws for hostile input; time and memory grow with the text's length alone.</summary>
public static class JsonTree
{
    /// <summary>The document's one value, or null when it is not JSON: then the fault says where it ends to be. Repeated members are told, and the first one is kept.</summary>
    public static DocumentNode? Read(ReadOnlySpan<byte> json, DocumentFaults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        json = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        var cursor = new Cursor(json);
        if (json.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            faults.Add(new TextPlace(1, 1), "the document is empty.");
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DocumentLimits.Depth + 2 });
            reader.Read();
            DocumentNode? root = Value(ref reader, ref cursor, faults, 1);
            while (root is not null && reader.Read())
            {
            }

            return root;
        }
        catch (JsonException malformed)
        {
            faults.Add(cursor.At(malformed.LineNumber ?? 0, malformed.BytePositionInLine ?? 0), $"this is no JSON: {Sentence(malformed.Message)}");
            return null;
        }
    }

    /// <summary>Null after a fault that ends the reading.</summary>
    private static DocumentNode? Value(ref Utf8JsonReader reader, ref Cursor cursor, DocumentFaults faults, int depth)
    {
        TextPlace place = cursor.To(reader.TokenStartIndex);
        if (depth > DocumentLimits.Depth)
        {
            faults.Add(place, DocumentLimits.TooDeep);
            return null;
        }

        return reader.TokenType switch
        {
            JsonTokenType.StartObject => Members(ref reader, ref cursor, faults, depth, place),
            JsonTokenType.StartArray => Items(ref reader, ref cursor, faults, depth, place),
            JsonTokenType.String => DocumentNode.OfText(Text(ref reader, place, faults), place),
            JsonTokenType.Number => DocumentNode.OfNumber(Encoding.UTF8.GetString(reader.ValueSpan), place),
            JsonTokenType.True => DocumentNode.OfTruth(true, place),
            JsonTokenType.False => DocumentNode.OfTruth(false, place),
            _ => DocumentNode.OfNothing(place),
        };
    }

    private static DocumentNode? Items(ref Utf8JsonReader reader, ref Cursor cursor, DocumentFaults faults, int depth, TextPlace place)
    {
        var items = new List<DocumentNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Value(ref reader, ref cursor, faults, depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return DocumentNode.OfList(items, place);
    }

    private static DocumentNode? Members(ref Utf8JsonReader reader, ref Cursor cursor, DocumentFaults faults, int depth, TextPlace place)
    {
        var members = new MemberList(faults);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            TextPlace named = cursor.To(reader.TokenStartIndex);
            string name = Text(ref reader, named, faults);
            reader.Read();
            if (Value(ref reader, ref cursor, faults, depth + 1) is not { } value)
            {
                return null;
            }

            members.Add(name, named, value);
        }

        return DocumentNode.OfMembers(members.Members, place);
    }

    private static string Text(ref Utf8JsonReader reader, TextPlace place, DocumentFaults faults)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            faults.Add(place, "this text is no Unicode: it holds bytes that are no UTF-8, or half of a character (a lone surrogate).");
            return "";
        }
    }

    /// <summary>The reader's own words without its numbers, which count from 0.</summary>
    private static string Sentence(string message)
    {
        int numbers = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return numbers < 0 ? message : message[..numbers];
    }

    /// <summary>Counts lines and characters on the way through the text.</summary>
    private ref struct Cursor(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private long _offset;
        private int _line = 1;
        private int _column = 1;

        public TextPlace To(long offset)
        {
            for (; _offset < offset; _offset++)
            {
                byte passed = _text[(int)_offset];
                (_line, _column) = passed == '\n' ? (_line + 1, 1) : (_line, (passed & 0xC0) == 0x80 ? _column : _column + 1);
            }

            return new TextPlace(_line, _column);
        }

        /// <summary>A place that is given as line and byte from 0.</summary>
        public readonly TextPlace At(long line, long at)
        {
            var cursor = new Cursor(_text);
            while (cursor._line <= line && cursor._offset < _text.Length)
            {
                cursor.To(cursor._offset + 1);
            }

            return cursor.To(Math.Min(cursor._offset + at, _text.Length));
        }
    }
}
