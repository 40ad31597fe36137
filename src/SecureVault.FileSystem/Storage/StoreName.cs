using System;

namespace SecureVault.FileSystem.Storage;

/// <summary>A stored name as the kernel takes it: bytes, then NUL, in the caller's own buffer.</summary>
internal static class StoreName
{
    /// <summary>Room for the longest name and its NUL.</summary>
    internal const int BufferSize = 256;

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
