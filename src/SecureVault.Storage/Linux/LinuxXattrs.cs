using System;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>Extended attributes of an open stored object.</summary>
internal static unsafe class LinuxXattrs
{
    internal static VaultStatus Get(StoreHandle handle, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        byte* key = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = CopyName(name, key);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        fixed (byte* start = value)
        {
            nint count = LibC.fgetxattr(handle, key, start, (nuint)value.Length);
            length = count > 0 ? (int)count : 0;
            return SystemCall.Status(count);
        }
    }

    internal static VaultStatus Set(StoreHandle handle, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace)
    {
        byte* key = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = CopyName(name, key);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        int flags = (create ? Kernel.XATTR_CREATE : 0) | (replace ? Kernel.XATTR_REPLACE : 0);
        fixed (byte* start = value)
        {
            return SystemCall.Status(LibC.fsetxattr(handle, key, start, (nuint)value.Length, flags));
        }
    }

    internal static VaultStatus List(StoreHandle handle, Span<byte> names, out int length)
    {
        fixed (byte* start = names)
        {
            nint count = LibC.flistxattr(handle, start, (nuint)names.Length);
            length = count > 0 ? (int)count : 0;
            return SystemCall.Status(count);
        }
    }

    internal static VaultStatus Remove(StoreHandle handle, ReadOnlySpan<byte> name)
    {
        byte* key = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = CopyName(name, key);
        return status == VaultStatus.Ok ? SystemCall.Status(LibC.fremovexattr(handle, key)) : status;
    }

    /// <summary>Attribute names may hold a slash; NUL ends them.</summary>
    private static VaultStatus CopyName(ReadOnlySpan<byte> name, byte* buffer)
    {
        if (name.Length >= StoreName.BufferSize)
        {
            return VaultStatus.Range;
        }

        if (name.IsEmpty || name.Contains((byte)0))
        {
            return VaultStatus.Invalid;
        }

        name.CopyTo(new Span<byte>(buffer, StoreName.BufferSize));
        buffer[name.Length] = 0;
        return VaultStatus.Ok;
    }
}
