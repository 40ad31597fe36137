using System;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>A time the kernel may believe an answer, in its two parts.</summary>
internal readonly record struct Validity(ulong Seconds, uint Nanoseconds)
{
    public static Validity Of(TimeSpan time)
        => new((ulong)(time.Ticks / TimeSpan.TicksPerSecond), (uint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));
}

/// <summary>Attributes and kinds between the waist's words and the kernel's.</summary>
internal static class Attributes
{
    /// <summary>Type bits of a mode for a kind.</summary>
    public static uint TypeBits(NodeKind kind) => kind switch
    {
        NodeKind.File => file_mode.S_IFREG,
        NodeKind.Directory => file_mode.S_IFDIR,
        NodeKind.Symlink => file_mode.S_IFLNK,
        NodeKind.Fifo => file_mode.S_IFIFO,
        NodeKind.Socket => file_mode.S_IFSOCK,
        NodeKind.CharacterDevice => file_mode.S_IFCHR,
        NodeKind.BlockDevice => file_mode.S_IFBLK,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind without a type."),
    };

    /// <summary>The kind mknod asks for. False for types mknod does not make.</summary>
    public static bool TryKind(uint mode, out NodeKind kind)
    {
        switch (mode & file_mode.S_IFMT)
        {
            case 0:
            case file_mode.S_IFREG:
                kind = NodeKind.File;
                return true;
            case file_mode.S_IFIFO:
                kind = NodeKind.Fifo;
                return true;
            case file_mode.S_IFSOCK:
                kind = NodeKind.Socket;
                return true;
            case file_mode.S_IFCHR:
                kind = NodeKind.CharacterDevice;
                return true;
            case file_mode.S_IFBLK:
                kind = NodeKind.BlockDevice;
                return true;
            default:
                kind = default;
                return false;
        }
    }

    /// <summary>Times before 1970 travel as two's complement; the kernel's 32-bit device number equals the C library's below 4096 majors.</summary>
    public static fuse_attr ToKernel(in NodeAttributes from)
    {
        unchecked
        {
            return new fuse_attr
            {
                ino = from.Inode,
                size = (ulong)from.Size,
                blocks = (ulong)from.Blocks,
                atime = (ulong)from.Accessed.Seconds,
                mtime = (ulong)from.Modified.Seconds,
                ctime = (ulong)from.Changed.Seconds,
                atimensec = from.Accessed.Nanoseconds,
                mtimensec = from.Modified.Nanoseconds,
                ctimensec = from.Changed.Nanoseconds,
                mode = TypeBits(from.Kind) | (from.Mode & file_mode.Permissions),
                nlink = from.Links,
                uid = from.Uid,
                gid = from.Gid,
                rdev = (uint)from.Device,
                blksize = from.BlockSize,
            };
        }
    }
}
