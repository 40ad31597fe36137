using System;
using System.Text;

namespace SecureVault.Policy.Audit;

/// <summary>Writes one flat JSON object into a span, without allocating; texts are cut to a budget at a character's edge.</summary>
internal ref struct JsonLine(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private int _length;
    private bool _full;

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
    public void Text(ReadOnlySpan<byte> member, string text, int budget)
    {
        if (text.Length == 0)
        {
            return;
        }

        Raw(member);
        Raw("\""u8);
        int start = _length;
        int cut = start;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int before = _length;
            Character(rune);
            if (_length - start > budget)
            {
                _length = cut;
                Raw("\u2026"u8);
                break;
            }

            if (before - start <= budget - 3)
            {
                cut = before;
            }
        }

        Raw("\""u8);
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
