using System;
using System.Buffers;
using System.Text;

namespace SecureVault.Policy.Audit;

/// <summary>Writes one flat JSON object into a span, without allocating; texts are cut to a budget at a character's edge.</summary>
internal ref struct JsonLine(Span<byte> target)
{
    /// <summary>Characters that stand for themselves, a byte each: printable ASCII without quote and backslash.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");
    private readonly Span<byte> _target = target;
    private int _length;
    private bool _full;

    private static ReadOnlySpan<byte> Cut => "\u2026"u8;

    /// <summary>Bytes written, or -1 when the target was too small.</summary>
    public readonly int Length => _full ? -1 : _length;

    /// <summary>Copies bytes as they are.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (_full || !bytes.TryCopyTo(_target[_length..]))
        {
            _full = true;
            return;
        }

        _length += bytes.Length;
    }

    public void Number<T>(ReadOnlySpan<byte> member, T value)
        where T : IUtf8SpanFormattable
    {
        Raw(member);
        if (_full || !value.TryFormat(_target[_length..], out int written, default, System.Globalization.CultureInfo.InvariantCulture))
        {
            _full = true;
            return;
        }

        _length += written;
    }

    /// <summary>member and the text as a JSON string of at most budget bytes between its quotes; cut texts end in U+2026. Nothing for an empty text.</summary>
    public void Text(ReadOnlySpan<byte> member, scoped ReadOnlySpan<char> text, int budget)
    {
        if (text.IsEmpty)
        {
            return;
        }

        Raw(member);
        Raw("\""u8);
        int start = _length;
        int lastCut = start + budget - Cut.Length;
        int cut = start;
        while (!text.IsEmpty && _length - start <= budget)
        {
            int before = _length;
            text = text[Piece(text, budget + 1 - (before - start), out int lastCharacter)..];
            cut = before <= lastCut ? Math.Min(lastCharacter, lastCut) : cut;
        }

        if (_length - start > budget)
        {
            _length = cut;
            Raw(Cut);
        }

        Raw("\""u8);
    }

    /// <summary>Writes the plain characters that the text begins with (at most most), else its first character; answers how many were taken.</summary>
    /// <param name="lastCharacter">Where the last character written begins.</param>
    private int Piece(scoped ReadOnlySpan<char> text, int most, out int lastCharacter)
    {
        lastCharacter = _length;
        int plain = text.IndexOfAnyExcept(Plain);
        plain = Math.Min(plain < 0 ? text.Length : plain, most);
        if (plain == 0)
        {
            Rune.DecodeFromUtf16(text, out Rune rune, out int taken);
            Character(rune);
            return taken;
        }

        if (_full || Ascii.FromUtf16(text[..plain], _target[_length..], out int written) != OperationStatus.Done)
        {
            _full = true;
            return plain;
        }

        _length += written;
        lastCharacter = _length - 1;
        return plain;
    }

    private void Character(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[6];
        int length = rune.Value switch
        {
            '"' or '\\' => Escape(bytes, (char)rune.Value),
            < 0x20 or 0x7F => EscapeNumber(bytes, rune.Value),
            _ => rune.EncodeToUtf8(bytes),
        };
        Raw(bytes[..length]);
    }

    private static int Escape(Span<byte> bytes, char character)
    {
        bytes[0] = (byte)'\\';
        bytes[1] = (byte)character;
        return 2;
    }

    private static int EscapeNumber(Span<byte> bytes, int character)
    {
        "\\u00"u8.CopyTo(bytes);
        bytes[4] = "0123456789abcdef"u8[character >> 4];
        bytes[5] = "0123456789abcdef"u8[character & 15];
        return 6;
    }
}
