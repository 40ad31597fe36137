using System;
using System.Runtime.InteropServices;

namespace SecureVault.Fuse.Wire;

// Open files: OPEN CREATE READ WRITE FLUSH FSYNC RELEASE FALLOCATE LSEEK COPY_FILE_RANGE.
// WRITE's bytes follow fuse_write_in; READ's follow fuse_out_header.

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_open_in
{
    public uint flags;
    public uint open_flags;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_create_in
{
    public uint flags;
    public uint mode;
    public uint umask;
    public uint open_flags;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_open_out
{
    public ulong fh;
    public uint open_flags;
    public int backing_id;
}

/// <summary>Flags answered to OPEN, CREATE and OPENDIR.</summary>
[Flags]
internal enum fopen_flags : uint
{
    None = 0,
    FOPEN_DIRECT_IO = 1 << 0,
    FOPEN_KEEP_CACHE = 1 << 1,
    FOPEN_NONSEEKABLE = 1 << 2,
    FOPEN_CACHE_DIR = 1 << 3,
    FOPEN_STREAM = 1 << 4,
    FOPEN_NOFLUSH = 1 << 5,
}

/// <summary>Flags of open(2) that mean the same on x64 and arm64.</summary>
internal static class open_flags
{
    public const uint O_ACCMODE = 3;
    public const uint O_RDONLY = 0;
    public const uint O_WRONLY = 1;
    public const uint O_RDWR = 2;
    public const uint O_EXCL = 0x80;
    public const uint O_TRUNC = 0x200;
    public const uint O_APPEND = 0x400;
    public const uint FUSE_OPEN_KILL_SUIDGID = 1;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_read_in
{
    public const uint FUSE_READ_LOCKOWNER = 1 << 1;

    public ulong fh;
    public ulong offset;
    public uint size;
    public uint read_flags;
    public ulong lock_owner;
    public uint flags;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_write_in
{
    public const int Size = 40;
    public const uint FUSE_WRITE_CACHE = 1 << 0;
    public const uint FUSE_WRITE_LOCKOWNER = 1 << 1;
    public const uint FUSE_WRITE_KILL_SUIDGID = 1 << 2;

    public ulong fh;
    public ulong offset;
    public uint size;
    public uint write_flags;
    public ulong lock_owner;
    public uint flags;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_write_out
{
    public uint size;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_release_in
{
    public ulong fh;
    public uint flags;
    public uint release_flags;
    public ulong lock_owner;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_flush_in
{
    public ulong fh;
    public uint unused;
    public uint padding;
    public ulong lock_owner;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_fsync_in
{
    public const uint FUSE_FSYNC_FDATASYNC = 1;

    public ulong fh;
    public uint fsync_flags;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_fallocate_in
{
    public const uint FALLOC_FL_KEEP_SIZE = 0x01;
    public const uint FALLOC_FL_PUNCH_HOLE = 0x02;
    public const uint FALLOC_FL_ZERO_RANGE = 0x10;

    public ulong fh;
    public ulong offset;
    public ulong length;
    public uint mode;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_lseek_in
{
    public const uint SEEK_DATA = 3;
    public const uint SEEK_HOLE = 4;

    public ulong fh;
    public ulong offset;
    public uint whence;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_lseek_out
{
    public ulong offset;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_copy_file_range_in
{
    public ulong fh_in;
    public ulong off_in;
    public ulong nodeid_out;
    public ulong fh_out;
    public ulong off_out;
    public ulong len;
    public ulong flags;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_copy_file_range_out
{
    public ulong bytes_copied;
}
