using System;
using System.Buffers;
using System.Text;
using SecureVault.Dokan.Values;

namespace SecureVault.Dokan.Names;

/// <summary>A name between the vault's bytes and what Windows can carry. WINDOWS.md describes the escape.</summary>
/// <remarks>
/// A byte b that Windows cannot carry is shown as U+F000+b: 0x01-0x1F, the characters " * : &lt; &gt; ? | \, a dot or space at the
/// end, bytes that are no UTF-8, the three bytes of a real U+F001..U+F0FF, and the first letter of a device's name.
/// Decode(Encode(x)) is x for every name; a text that Encode never gives is no name, so no two texts lead to one object.
/// </remarks>
internal static class NtName
{
    /// <summary>Longest name, in bytes. Encoded it has at most as many characters.</summary>
    public const int MaxBytes = 255;

    private const char Escape = '\uF000';
    private const string Unfit = "\"*:<>?|\\/";

    /// <summary>As Windows shows it.</summary>
    /// <param name="name">1 to 255 bytes, no slash, no NUL.</param>
    public static string Encode(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[name.Length];
        int length = 0;
        for (int i = 0; i < name.Length;)
        {
            OperationStatus decoded = Rune.DecodeFromUtf8(name[i..], out Rune rune, out int consumed);
            if (decoded == OperationStatus.Done && IsPlain(rune))
            {
                length += rune.EncodeToUtf16(text[length..]);
            }
            else
            {
                foreach (byte one in name.Slice(i, consumed))
                {
                    text[length++] = (char)(Escape + one);
                }
            }

            i += consumed;
        }

        text = text[..length];
        if (text[^1] is '.' or ' ')
        {
            text[^1] = (char)(Escape + text[^1]);
        }

        if (DeviceNames.Is(text))
        {
            text[0] = (char)(Escape + text[0]);
        }

        return text.ToString();
    }

    /// <summary>The vault's bytes of a name.</summary>
    /// <param name="text">One component.</param>
    /// <param name="name">Room for 255 bytes.</param>
    /// <param name="length">Bytes filled.</param>
    /// <returns>ObjectNameInvalid for what is no name here, NameTooLong beyond 255 bytes.</returns>
    public static NtStatus Decode(ReadOnlySpan<char> text, Span<byte> name, out int length)
    {
        length = 0;
        if (text.IsEmpty || text.SequenceEqual(".") || text.SequenceEqual(".."))
        {
            return NtStatus.ObjectNameInvalid;
        }

        for (int i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out Rune rune, out int consumed) != OperationStatus.Done)
            {
                return NtStatus.ObjectNameInvalid; // half a surrogate pair
            }

            i += consumed;
            bool escaped = rune.Value is > Escape and <= Escape + 0xFF;
            if (length + (escaped ? 1 : rune.Utf8SequenceLength) > MaxBytes)
            {
                return NtStatus.NameTooLong;
            }

            if (escaped)
            {
                name[length++] = (byte)(rune.Value - Escape);
            }
            else
            {
                length += rune.EncodeToUtf8(name[length..]);
            }
        }

        name = name[..length];
        return !name.Contains((byte)'/') && Encode(name).AsSpan().SequenceEqual(text) ? NtStatus.Success : NtStatus.ObjectNameInvalid;
    }

    private static bool IsPlain(Rune rune) => rune.Value >= 0x20 && !(rune.Value < 0x80 && Unfit.Contains((char)rune.Value)) && rune.Value is <= Escape or > Escape + 0xFF;
}
