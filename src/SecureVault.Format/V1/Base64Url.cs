using System;
using System.Buffers;
using Spelling = System.Buffers.Text.Base64Url;

namespace SecureVault.Format.V1;

/// <summary>base64url without padding (RFC 4648, section 5) in which every byte string has exactly one spelling.</summary>
/// <remarks>Any thread. Allocates nothing.</remarks>
internal static class Base64Url
{
    /// <summary>Longest text handled: a symbolic link's target as stored.</summary>
    public const int MaxText = 4095;

    /// <summary>Characters that spell <paramref name="length"/> bytes.</summary>
    public static int TextLength(int length) => ((length * 4) + 2) / 3;

    /// <summary>Bytes that <paramref name="textLength"/> characters spell, or -1 when none have that length.</summary>
    public static int ByteLength(int textLength) => textLength % 4 == 1 ? -1 : (int)((long)textLength * 3 / 4);

    /// <summary>Spells <paramref name="bytes"/> into text; returns the characters written.</summary>
    public static int Write(ReadOnlySpan<byte> bytes, Span<byte> text) => Spelling.EncodeToUtf8(bytes, text);

    /// <summary>Reads a spelling; false for padding, white space, foreign characters and non-zero trailing bits.</summary>
    /// <param name="bytes">Has room for ByteLength(text.Length) bytes.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> bytes, out int length)
    {
        length = 0;
        int expected = ByteLength(text.Length);
        if (text.Length > MaxText || expected < 0 || expected > bytes.Length)
        {
            return false;
        }

        if (Spelling.DecodeFromUtf8(text, bytes, out int consumed, out int written) != OperationStatus.Done
            || consumed != text.Length || written != expected)
        {
            return false;
        }

        Span<byte> again = stackalloc byte[MaxText];
        int spelled = Write(bytes[..written], again);
        if (!again[..spelled].SequenceEqual(text))
        {
            return false;
        }

        length = written;
        return true;
    }
}
