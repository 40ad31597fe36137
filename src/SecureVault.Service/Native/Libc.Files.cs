using System.Runtime.InteropServices;

namespace SecureVault.Service.Native;

/// <summary>What is asked of files by descriptor (statx(2), open(2), readlink(2)). Paths are NUL-terminated bytes.</summary>
internal static unsafe partial class Libc
{
    public const int AT_FDCWD = -100;
    public const int AT_EMPTY_PATH = 0x1000;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_STATX_DONT_SYNC = 0x4000;
    public const uint STATX_BASIC_STATS = 0x7FF;
    public const uint STATX_MNT_ID = 0x1000;
    public const int O_PATH = 0x200000;
    public const int O_NONBLOCK = 0x800;
    public const int O_NOCTTY = 0x100;
    public const int S_IFMT = 0xF000;
    public const int S_IFREG = 0x8000;
    public const int S_IFDIR = 0x4000;
    public const int S_IFLNK = 0xA000;

    /// <summary>O_NOFOLLOW as this processor has it: O_DIRECTORY and O_NOFOLLOW are swapped around on arm64.</summary>
    public static readonly int O_NoLinks = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    [LibraryImport("libc", EntryPoint = "statx")]
    public static partial int statx(int folder, byte* path, int flags, uint mask, statx_buffer* answer);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int openat(int folder, byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint readlinkat(int folder, byte* path, byte* target, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int descriptor, byte* memory, nuint size);

    [StructLayout(LayoutKind.Sequential)]
    public struct statx_timestamp
    {
        public long tv_sec;
        public uint tv_nsec;
        public int reserved;
    }

    /// <summary>struct statx of linux/stat.h; later kernels fill what is spare here.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct statx_buffer
    {
        public uint stx_mask;
        public uint stx_blksize;
        public ulong stx_attributes;
        public uint stx_nlink;
        public uint stx_uid;
        public uint stx_gid;
        public ushort stx_mode;
        public ushort spare;
        public ulong stx_ino;
        public ulong stx_size;
        public ulong stx_blocks;
        public ulong stx_attributes_mask;
        public statx_timestamp stx_atime;
        public statx_timestamp stx_btime;
        public statx_timestamp stx_ctime;
        public statx_timestamp stx_mtime;
        public uint stx_rdev_major;
        public uint stx_rdev_minor;
        public uint stx_dev_major;
        public uint stx_dev_minor;
        public ulong stx_mnt_id;
    }
}
