using System;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>Attributes of stored objects: stat, owner, times, the store's statistics.</summary>
internal static unsafe class LinuxAttributes
{
    private const uint Unchanged = uint.MaxValue;

    internal static VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat)
    {
        stat = default;
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        return status == VaultStatus.Ok ? Statx(directory, path, Kernel.AT_SYMLINK_NOFOLLOW, out stat) : status;
    }

    internal static VaultStatus Stat(StoreHandle handle, out StoreStat stat)
    {
        byte empty = 0;
        return Statx(handle, &empty, Kernel.AT_EMPTY_PATH | Kernel.AT_SYMLINK_NOFOLLOW, out stat);
    }

    /// <summary>Asks for number and size alone. A kernel with multigrain timestamps (6.13) notes that somebody asked for the times, and gives the next write a fine time of its own.</summary>
    internal static VaultStatus Identify(StoreHandle directory, ReadOnlySpan<byte> name, out StoreIdentity identity)
    {
        identity = default;
        byte* path = stackalloc byte[StoreName.BufferSize];
        statx_t raw = default;
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        status = status == VaultStatus.Ok ? Statx(directory, path, Kernel.AT_SYMLINK_NOFOLLOW, Kernel.STATX_INO | Kernel.STATX_SIZE, &raw) : status;
        if (status == VaultStatus.Ok)
        {
            identity = new StoreIdentity(raw.stx_ino, unchecked((long)raw.stx_size));
        }

        return status;
    }

    internal static VaultStatus SetOwner(StoreHandle parent, ReadOnlySpan<byte> name, uint? uid, uint? gid)
    {
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        return status == VaultStatus.Ok ? SystemCall.Status(LibC.fchownat(parent, path, uid ?? Unchanged, gid ?? Unchanged, Kernel.AT_SYMLINK_NOFOLLOW)) : status;
    }

    internal static VaultStatus SetOwner(StoreHandle handle, uint? uid, uint? gid)
    {
        byte empty = 0;
        return SystemCall.Status(LibC.fchownat(handle, &empty, uid ?? Unchanged, gid ?? Unchanged, Kernel.AT_EMPTY_PATH));
    }

    internal static VaultStatus SetTimes(StoreHandle parent, ReadOnlySpan<byte> name, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow)
    {
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        timespec* times = stackalloc timespec[2] { Time(accessed, accessedNow), Time(modified, modifiedNow) };
        return SystemCall.Status(LibC.utimensat(parent, path, times, Kernel.AT_SYMLINK_NOFOLLOW));
    }

    internal static VaultStatus SetTimes(StoreHandle handle, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow)
    {
        timespec* times = stackalloc timespec[2] { Time(accessed, accessedNow), Time(modified, modifiedNow) };
        return SystemCall.Status(LibC.futimens(handle, times));
    }

    internal static VaultStatus Statistics(StoreHandle handle, out StoreStatistics statistics)
    {
        statvfs_t raw;
        int result;
        do
        {
            result = LibC.fstatvfs(handle, &raw);
        }
        while (SystemCall.Again(result));
        statistics = default;
        if (result < 0)
        {
            return SystemCall.LastStatus;
        }

        statistics.Blocks = raw.f_blocks;
        statistics.BlocksFree = raw.f_bfree;
        statistics.BlocksAvailable = raw.f_bavail;
        statistics.Files = raw.f_files;
        statistics.FilesFree = raw.f_ffree;
        statistics.BlockSize = unchecked((uint)(raw.f_frsize != 0 ? raw.f_frsize : raw.f_bsize));
        statistics.NameLength = unchecked((uint)raw.f_namemax);
        return VaultStatus.Ok;
    }

    /// <summary>Kind of a mode's type bits; unknown types count as sockets, which nobody opens.</summary>
    internal static NodeKind KindOf(uint mode) => (mode & Kernel.S_IFMT) switch
    {
        Kernel.S_IFREG => NodeKind.File,
        Kernel.S_IFDIR => NodeKind.Directory,
        Kernel.S_IFLNK => NodeKind.Symlink,
        Kernel.S_IFIFO => NodeKind.Fifo,
        Kernel.S_IFCHR => NodeKind.CharacterDevice,
        Kernel.S_IFBLK => NodeKind.BlockDevice,
        _ => NodeKind.Socket,
    };

    /// <summary>The number as mknod and st_rdev have it.</summary>
    private static ulong Device(uint major, uint minor) =>
        (minor & 0xffUL) | ((major & 0xfffUL) << 8) | ((minor & ~0xffUL) << 12) | ((major & ~0xfffUL) << 32);

    private static VaultStatus Statx(StoreHandle directory, byte* path, int flags, out StoreStat stat)
    {
        stat = default;
        statx_t raw;
        VaultStatus status = Statx(directory, path, flags, Kernel.STATX_BASIC_STATS, &raw);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        stat.Device = Device(raw.stx_dev_major, raw.stx_dev_minor);
        stat.Inode = raw.stx_ino;
        stat.Kind = KindOf(raw.stx_mode);
        stat.Mode = raw.stx_mode & 0xFFFu;
        stat.Links = raw.stx_nlink;
        stat.Uid = raw.stx_uid;
        stat.Gid = raw.stx_gid;
        stat.SpecialDevice = Device(raw.stx_rdev_major, raw.stx_rdev_minor);
        stat.Size = unchecked((long)raw.stx_size);
        stat.Blocks = unchecked((long)raw.stx_blocks);
        stat.Accessed = new FileTime(raw.stx_atime.tv_sec, raw.stx_atime.tv_nsec);
        stat.Modified = new FileTime(raw.stx_mtime.tv_sec, raw.stx_mtime.tv_nsec);
        stat.Changed = new FileTime(raw.stx_ctime.tv_sec, raw.stx_ctime.tv_nsec);
        return VaultStatus.Ok;
    }

    private static VaultStatus Statx(StoreHandle directory, byte* path, int flags, uint wanted, statx_t* raw)
    {
        int result;
        do
        {
            result = LibC.statx(directory, path, flags, wanted, raw);
        }
        while (SystemCall.Again(result));
        return SystemCall.Status(result);
    }

    private static timespec Time(FileTime? time, bool now) => new()
    {
        tv_sec = time?.Seconds ?? 0,
        tv_nsec = now ? Kernel.UTIME_NOW : time?.Nanoseconds ?? Kernel.UTIME_OMIT,
    };
}
