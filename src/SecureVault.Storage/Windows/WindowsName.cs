using System;
using System.Buffers;
using System.Text.Unicode;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>A stored name as Windows takes it: UTF-16, in the caller's own buffer.</summary>
/// <remarks>
/// The engine stores base64url and "securevault.*" names only. Two of them that differ in case alone, which NTFS takes for one, do not come
/// about: a stored name spells a cipher of at least 16 pseudo-random bytes. What else is asked for comes from a hostile store or a bug.
/// </remarks>
internal static class WindowsName
{
    /// <summary>Room for the longest name, in UTF-16 units.</summary>
    internal const int BufferSize = 256;

    /// <summary>What NTFS forbids in a name, and what its calls read as a wildcard, a stream or a path.</summary>
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create(
        "\"*/:<>?\\|\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"u8);

    /// <summary>Converts. Invalid for an empty name, one or two dots, a forbidden character or bytes that are no UTF-8; NameTooLong past 255 bytes.</summary>
    /// <param name="text">BufferSize units.</param>
    internal static VaultStatus Read(ReadOnlySpan<byte> name, Span<char> text, out int length)
    {
        length = 0;
        if (name.Length >= StoreName.BufferSize)
        {
            return VaultStatus.NameTooLong;
        }

        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.ContainsAny(Forbidden))
        {
            return VaultStatus.Invalid;
        }

        OperationStatus read = Utf8.ToUtf16(name, text, out _, out length, replaceInvalidSequences: false);
        return read == OperationStatus.Done ? VaultStatus.Ok : VaultStatus.Invalid;
    }
}
