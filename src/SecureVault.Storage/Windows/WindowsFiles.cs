using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>Reading, writing, sizing and locking an open stored file.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsFiles
{
    /// <summary>The byte that is locked: beyond any data, because a lock of Windows keeps others from reading and writing what it covers.</summary>
    private const long LockedByte = 0x7FFF_FFFF_0000_0000;

    private const long ToTheEnd = -1; // FILE_WRITE_TO_END_OF_FILE

    internal static VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read)
    {
        read = 0;
        fixed (byte* start = target)
        {
            while (read < target.Length)
            {
                IO_STATUS_BLOCK io;
                long position = offset + read;
                int status = NtDll.NtReadFile(file, 0, 0, 0, &io, start + read, (uint)(target.Length - read), &position, null);
                if (unchecked((uint)status) == NtStatus.STATUS_END_OF_FILE || (NtStatus.IsOk(status) && io.Information == 0))
                {
                    return VaultStatus.Ok;
                }

                if (!NtStatus.IsOk(status))
                {
                    return NtStatus.ToStatus(status);
                }

                read += (int)io.Information;
            }
        }

        return VaultStatus.Ok;
    }

    internal static VaultStatus WriteAt(WindowsHandle file, ReadOnlySpan<byte> source, long offset, DirtyFiles dirty, out int written)
    {
        written = 0;
        VaultStatus status = VaultStatus.Ok;
        fixed (byte* start = source)
        {
            while (written < source.Length && status == VaultStatus.Ok)
            {
                IO_STATUS_BLOCK io;
                long position = file.Appends ? ToTheEnd : offset + written;
                status = NtStatus.ToStatus(NtDll.NtWriteFile(file, 0, 0, 0, &io, start + written, (uint)(source.Length - written), &position, null));
                int count = status == VaultStatus.Ok ? (int)io.Information : 0;
                status = status == VaultStatus.Ok && count == 0 ? VaultStatus.InputOutput : status;
                written += count;
            }
        }

        dirty.Wrote(file);
        return status;
    }

    /// <summary>A file that grows becomes sparse first, so that what lies between its old end and the next write takes neither space nor time.</summary>
    internal static VaultStatus SetSize(WindowsHandle file, long size, DirtyFiles dirty)
    {
        const long worthAHole = 64 * 1024;
        VaultStatus status = WindowsAttributes.Stat(file, out StoreStat stat);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (size - stat.Size > worthAHole)
        {
            _ = WindowsSpace.MakeSparse(file);
        }

        IO_STATUS_BLOCK io;
        status = NtStatus.ToStatus(NtDll.NtSetInformationFile(file, &io, &size, sizeof(long), Nt.FileEndOfFileInformation));
        dirty.Wrote(file);
        return status;
    }

    /// <summary>Busy when it is not to wait and another handle holds the lock.</summary>
    internal static VaultStatus Lock(StoreHandle file, bool wait)
    {
        NativeOverlapped where = LockedPlace();
        uint flags = Kernel32.LOCKFILE_EXCLUSIVE_LOCK | (wait ? 0 : Kernel32.LOCKFILE_FAIL_IMMEDIATELY);
        if (Kernel32.LockFileEx(file, flags, 0, 1, 0, &where) != 0)
        {
            return VaultStatus.Ok;
        }

        return Marshal.GetLastPInvokeError() is Kernel32.ERROR_LOCK_VIOLATION or Kernel32.ERROR_IO_PENDING ? VaultStatus.Busy : VaultStatus.InputOutput;
    }

    internal static VaultStatus Unlock(StoreHandle file)
    {
        NativeOverlapped where = LockedPlace();
        return Kernel32.UnlockFileEx(file, 0, 1, 0, &where) != 0 ? VaultStatus.Ok : VaultStatus.Invalid;
    }

    private static NativeOverlapped LockedPlace() => new() { OffsetLow = unchecked((int)LockedByte), OffsetHigh = (int)(LockedByte >> 32) };
}
