using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureVault.Fuse.Wire;

// FUSE_INIT: the first request. Before ABI 7.36 fuse_init_in ends after flags (16 bytes); fuse_init_out has 64 bytes since 7.23.

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_init_in
{
    public const int VersionSize = 8;
    public const int ShortSize = 16;

    public uint major;
    public uint minor;
    public uint max_readahead;
    public uint flags;
    public uint flags2;
    public elevenInts unused;

    [InlineArray(11)]
    public struct elevenInts
    {
        public uint first;
    }
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_init_out
{
    public uint major;
    public uint minor;
    public uint max_readahead;
    public uint flags;
    public ushort max_background;
    public ushort congestion_threshold;
    public uint max_write;
    public uint time_gran;
    public ushort max_pages;
    public ushort map_alignment;
    public uint flags2;
    public uint max_stack_depth;
    public ushort request_timeout;
    public elevenShorts unused;

    [InlineArray(11)]
    public struct elevenShorts
    {
        public ushort first;
    }
}

/// <summary>Numbers of the protocol itself.</summary>
internal static class fuse_kernel
{
    public const uint FUSE_KERNEL_VERSION = 7;
    public const uint FUSE_KERNEL_MINOR_VERSION = 45;
    public const ulong FUSE_ROOT_ID = 1;
    public const int FUSE_MIN_READ_BUFFER = 8192;
    public const uint FUSE_DEV_IOC_CLONE = 0x8004E500;
}

/// <summary>Flags of FUSE_INIT; bits 32 and above travel in flags2 and only when FUSE_INIT_EXT is set by both.</summary>
[Flags]
internal enum fuse_init_flags : ulong
{
    None = 0,
    FUSE_ASYNC_READ = 1UL << 0,
    FUSE_POSIX_LOCKS = 1UL << 1,
    FUSE_ATOMIC_O_TRUNC = 1UL << 3,
    FUSE_EXPORT_SUPPORT = 1UL << 4,
    FUSE_BIG_WRITES = 1UL << 5,
    FUSE_DONT_MASK = 1UL << 6,
    FUSE_SPLICE_WRITE = 1UL << 7,
    FUSE_SPLICE_MOVE = 1UL << 8,
    FUSE_SPLICE_READ = 1UL << 9,
    FUSE_FLOCK_LOCKS = 1UL << 10,
    FUSE_AUTO_INVAL_DATA = 1UL << 12,
    FUSE_DO_READDIRPLUS = 1UL << 13,
    FUSE_READDIRPLUS_AUTO = 1UL << 14,
    FUSE_ASYNC_DIO = 1UL << 15,
    FUSE_WRITEBACK_CACHE = 1UL << 16,
    FUSE_NO_OPEN_SUPPORT = 1UL << 17,
    FUSE_PARALLEL_DIROPS = 1UL << 18,
    FUSE_HANDLE_KILLPRIV = 1UL << 19,
    FUSE_POSIX_ACL = 1UL << 20,
    FUSE_ABORT_ERROR = 1UL << 21,
    FUSE_MAX_PAGES = 1UL << 22,
    FUSE_CACHE_SYMLINKS = 1UL << 23,
    FUSE_NO_OPENDIR_SUPPORT = 1UL << 24,
    FUSE_EXPLICIT_INVAL_DATA = 1UL << 25,
    FUSE_HANDLE_KILLPRIV_V2 = 1UL << 28,
    FUSE_SETXATTR_EXT = 1UL << 29,
    FUSE_INIT_EXT = 1UL << 30,
    FUSE_DIRECT_IO_ALLOW_MMAP = 1UL << 36,
    FUSE_NO_EXPORT_SUPPORT = 1UL << 38,
}
