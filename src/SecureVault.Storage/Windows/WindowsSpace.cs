using System.Runtime.Versioning;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>Reserved space and holes of an open stored file (MS-FSCC 2.3.67, 2.3.71, 2.3.55).</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsSpace
{
    internal static VaultStatus MakeSparse(StoreHandle file)
    {
        IO_STATUS_BLOCK io;
        return NtStatus.ToStatus(NtDll.NtFsControlFile(file, 0, 0, 0, &io, Nt.FSCTL_SET_SPARSE, null, 0, null, 0));
    }

    /// <summary>Reserves from the file's start: the system knows no other way. With keepSize what was reserved is let go when the file is closed.</summary>
    internal static VaultStatus Allocate(WindowsHandle file, long offset, long length, bool keepSize, DirtyFiles dirty)
    {
        if (offset < 0 || length <= 0 || offset > long.MaxValue - length)
        {
            return VaultStatus.Invalid;
        }

        long end = offset + length;
        VaultStatus status = WindowsAttributes.Stat(file, out StoreStat stat);
        if (status != VaultStatus.Ok || end <= stat.Size)
        {
            return status;
        }

        IO_STATUS_BLOCK io;
        int kind = keepSize ? Nt.FileAllocationInformation : Nt.FileEndOfFileInformation;
        status = NtStatus.ToStatus(NtDll.NtSetInformationFile(file, &io, &end, sizeof(long), kind));
        dirty.Wrote(file);
        return status;
    }

    /// <summary>Zeros from offset, up to the end of the file at most. NotSupported, and nothing done, where the file system has no sparse files.</summary>
    internal static VaultStatus PunchHole(WindowsHandle file, long offset, long length, DirtyFiles dirty)
    {
        if (offset < 0 || length <= 0)
        {
            return VaultStatus.Invalid;
        }

        VaultStatus status = WindowsAttributes.Stat(file, out StoreStat stat);
        long end = long.Min(stat.Size, offset > long.MaxValue - length ? long.MaxValue : offset + length);
        if (status != VaultStatus.Ok || offset >= end)
        {
            return status;
        }

        status = MakeSparse(file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        var range = new FILE_RANGE { FileOffset = offset, LengthOrEnd = end };
        IO_STATUS_BLOCK io;
        status = NtStatus.ToStatus(NtDll.NtFsControlFile(file, 0, 0, 0, &io, Nt.FSCTL_SET_ZERO_DATA, &range, (uint)sizeof(FILE_RANGE), null, 0));
        dirty.Wrote(file);
        return status;
    }

    internal static VaultStatus Seek(StoreHandle file, SeekKind kind, long offset, out long found)
    {
        found = 0;
        VaultStatus status = WindowsAttributes.Stat(file, out StoreStat stat);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (offset < 0 || offset >= stat.Size)
        {
            return VaultStatus.NoSuchOffset;
        }

        status = kind == SeekKind.Data ? NextData(file, offset, stat.Size, out found) : NextHole(file, offset, stat.Size, out found);
        if (status == VaultStatus.NotSupported)
        {
            found = kind == SeekKind.Data ? offset : stat.Size;
            return VaultStatus.Ok;
        }

        return status;
    }

    private static VaultStatus NextData(StoreHandle file, long offset, long size, out long found)
    {
        found = 0;
        VaultStatus status = FirstRange(file, offset, size, out bool any, out FILE_RANGE range);
        if (status == VaultStatus.Ok)
        {
            found = any ? long.Max(offset, range.FileOffset) : 0;
            status = any && found < size ? VaultStatus.Ok : VaultStatus.NoSuchOffset;
        }

        return status;
    }

    /// <summary>The end of the run of data that offset is in; the end of the file is one.</summary>
    private static VaultStatus NextHole(StoreHandle file, long offset, long size, out long found)
    {
        found = offset;
        while (found < size)
        {
            VaultStatus status = FirstRange(file, found, size, out bool any, out FILE_RANGE range);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            if (!any || range.FileOffset > found)
            {
                return VaultStatus.Ok;
            }

            long end = unchecked(range.FileOffset + range.LengthOrEnd);
            if (end <= found)
            {
                return VaultStatus.InputOutput; // an answer that would not end
            }

            found = end;
        }

        found = size;
        return VaultStatus.Ok;
    }

    private static VaultStatus FirstRange(StoreHandle file, long offset, long size, out bool any, out FILE_RANGE range)
    {
        var wanted = new FILE_RANGE { FileOffset = offset, LengthOrEnd = size - offset };
        FILE_RANGE first = default;
        IO_STATUS_BLOCK io = default;
        int result = NtDll.NtFsControlFile(file, 0, 0, 0, &io, Nt.FSCTL_QUERY_ALLOCATED_RANGES, &wanted, (uint)sizeof(FILE_RANGE), &first, (uint)sizeof(FILE_RANGE));
        bool more = unchecked((uint)result) == NtStatus.STATUS_BUFFER_OVERFLOW;
        range = first;
        any = more || io.Information >= (nuint)sizeof(FILE_RANGE);
        return more ? VaultStatus.Ok : NtStatus.ToStatus(result);
    }
}
