using System;
using System.Text;

namespace SecureVault.Vaults;

/// <summary>Names that are no UTF-8 in strings: each byte that belongs to no character stands as one of U+DC80 to U+DCFF, lone halves that no text has.</summary>
/// <remarks>What a person types reaches the vault's names through ToBytes; FromBytes is its inverse.</remarks>
public static class RawText
{
    private const int Half = 0xDC00;

    /// <summary>The bytes as a string from which ToBytes makes the same bytes.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            bool whole = Rune.DecodeFromUtf8(bytes, out Rune rune, out int taken) == System.Buffers.OperationStatus.Done;
            if (whole)
            {
                text.Append(rune.ToString());
            }

            for (int i = 0; !whole && i < taken; i++)
            {
                text.Append((char)(Half | bytes[i]));
            }

            bytes = bytes[taken..];
        }

        return text.ToString();
    }

    /// <summary>Whether bytes that are no UTF-8 stand in a text.</summary>
    public static bool HasBytes(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is >= (char)(Half | 0x80) and <= (char)(Half | 0xFF) && (i == 0 || !char.IsHighSurrogate(text[i - 1])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>UTF-8 of a text, with the bytes that stand in it as halves.</summary>
    public static byte[] ToBytes(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        while (!text.IsEmpty)
        {
            if (text[0] is >= (char)(Half | 0x80) and <= (char)(Half | 0xFF))
            {
                bytes[length++] = (byte)(text[0] & 0xFF);
                text = text[1..];
                continue;
            }

            Rune.DecodeFromUtf16(text, out Rune rune, out int taken); // an odd half becomes U+FFFD
            length += rune.EncodeToUtf8(bytes.AsSpan(length));
            text = text[taken..];
        }

        return bytes[..length];
    }

    /// <summary>As such a name is shown and recorded: U+FFFD for what is no character.</summary>
    public static string Shown(string text) => Encoding.UTF8.GetString(ToBytes(text));
}
