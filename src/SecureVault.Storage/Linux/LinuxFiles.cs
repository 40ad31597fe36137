using System;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>Reading, writing and shaping an open stored file.</summary>
internal static unsafe class LinuxFiles
{
    internal static VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read)
    {
        read = 0;
        fixed (byte* start = target)
        {
            while (read < target.Length)
            {
                nint count = LibC.pread(file, start + read, (nuint)(target.Length - read), offset + read);
                if (SystemCall.Again(count))
                {
                    continue;
                }

                if (count <= 0)
                {
                    return SystemCall.Status(count);
                }

                read += (int)count;
            }
        }

        return VaultStatus.Ok;
    }

    internal static VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written)
    {
        written = 0;
        fixed (byte* start = source)
        {
            while (written < source.Length)
            {
                nint count = LibC.pwrite(file, start + written, (nuint)(source.Length - written), offset + written);
                if (SystemCall.Again(count))
                {
                    continue;
                }

                if (count <= 0)
                {
                    return count < 0 ? SystemCall.LastStatus : VaultStatus.InputOutput;
                }

                written += (int)count;
            }
        }

        return VaultStatus.Ok;
    }

    internal static VaultStatus SetSize(StoreHandle file, long size)
    {
        int result;
        do
        {
            result = LibC.ftruncate(file, size);
        }
        while (SystemCall.Again(result));
        return SystemCall.Status(result);
    }

    internal static VaultStatus Sync(StoreHandle handle, bool dataOnly)
    {
        int result;
        do
        {
            result = dataOnly ? LibC.fdatasync(handle) : LibC.fsync(handle);
        }
        while (SystemCall.Again(result));
        return SystemCall.Status(result);
    }

    internal static VaultStatus SyncAll(StoreHandle directory)
    {
        int result;
        do
        {
            result = LibC.syncfs(directory);
        }
        while (SystemCall.Again(result));
        return SystemCall.Status(result);
    }

    internal static VaultStatus Allocate(StoreHandle file, long offset, long length, bool keepSize) =>
        Fallocate(file, keepSize ? Kernel.FALLOC_FL_KEEP_SIZE : 0, offset, length);

    internal static VaultStatus PunchHole(StoreHandle file, long offset, long length) =>
        Fallocate(file, Kernel.FALLOC_FL_PUNCH_HOLE | Kernel.FALLOC_FL_KEEP_SIZE, offset, length);

    internal static VaultStatus Seek(StoreHandle file, SeekKind kind, long offset, out long found)
    {
        found = LibC.lseek(file, offset, kind == SeekKind.Data ? Kernel.SEEK_DATA : Kernel.SEEK_HOLE);
        if (found >= 0)
        {
            return VaultStatus.Ok;
        }

        return SystemCall.LastError == Errno.EINVAL ? SeekDense(file, kind, offset, out found) : SystemCall.LastStatus;
    }

    internal static VaultStatus Lock(StoreHandle file, bool wait)
    {
        int result;
        do
        {
            result = LibC.flock(file, wait ? Kernel.LOCK_EX : Kernel.LOCK_EX | Kernel.LOCK_NB);
        }
        while (SystemCall.Again(result));
        return SystemCall.Status(result);
    }

    internal static VaultStatus Unlock(StoreHandle file) => SystemCall.Status(LibC.flock(file, Kernel.LOCK_UN));

    private static VaultStatus Fallocate(StoreHandle file, int mode, long offset, long length)
    {
        int result;
        do
        {
            result = LibC.fallocate(file, mode, offset, length);
        }
        while (SystemCall.Again(result));
        return SystemCall.Status(result);
    }

    /// <summary>A store that knows no sparse files: all is data up to the end.</summary>
    private static VaultStatus SeekDense(StoreHandle file, SeekKind kind, long offset, out long found)
    {
        found = 0;
        VaultStatus status = LinuxAttributes.Stat(file, out StoreStat stat);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (offset < 0 || offset >= stat.Size)
        {
            return VaultStatus.NoSuchOffset;
        }

        found = kind == SeekKind.Data ? offset : stat.Size;
        return VaultStatus.Ok;
    }
}
