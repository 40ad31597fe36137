using System;
using SecureVault.Terms;

namespace SecureVault.Storage;

/// <summary>A stored name as the kernel takes it: bytes, then NUL, in the caller's own buffer.</summary>
internal static class StoreName
{
    /// <summary>Room for the longest name and its NUL.</summary>
    internal const int BufferSize = 256;

    /// <summary>How a name begins that a store gives to something on its way out, where replacing is not one step: the format's prefix of temporary things, which listings pass over and the next mount sweeps.</summary>
    internal static ReadOnlySpan<byte> AsidePrefix => "securevault.tmp."u8;

    /// <summary>Copies; Invalid for an empty name, one or two dots, a slash or a NUL in it; NameTooLong past 255 bytes.</summary>
    internal static VaultStatus Copy(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        if (name.Length >= BufferSize)
        {
            return VaultStatus.NameTooLong;
        }

        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.IndexOfAny((byte)0, (byte)'/') >= 0)
        {
            return VaultStatus.Invalid;
        }

        name.CopyTo(buffer);
        buffer[name.Length] = 0;
        return VaultStatus.Ok;
    }
}
