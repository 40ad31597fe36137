using System;

namespace SecureVault.FileSystem;

/// <summary>Identity of a node known to a kernel; never reused while a drive is mounted. 1 is the root.</summary>
public readonly record struct NodeId(ulong Value)
{
    public static NodeId Root => new(1);
}

/// <summary>Type of an object.</summary>
public enum NodeKind : byte
{
    File,
    Directory,
    Symlink,
    Fifo,
    Socket,
    CharacterDevice,
    BlockDevice,
}

/// <summary>A point in time: seconds and nanoseconds since 1970-01-01 UTC.</summary>
public readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    internal static FileTime Later(FileTime left, FileTime right) =>
        (left.Seconds, left.Nanoseconds).CompareTo((right.Seconds, right.Nanoseconds)) > 0 ? left : right;
}

/// <summary>What stat shows. Size in plain bytes; Blocks in 512-byte units as the backing store has them; Mode = permission bits only (07777).</summary>
public struct NodeAttributes
{
    public ulong Inode;
    public NodeKind Kind;
    public uint Mode;
    public uint Links;
    public uint Uid;
    public uint Gid;
    public ulong Device;
    public long Size;
    public long Blocks;
    public uint BlockSize;
    public FileTime Accessed;
    public FileTime Modified;
    public FileTime Changed;
}

/// <summary>A looked-up name: node and attributes. The caller owes one Forget for each.</summary>
public struct NodeEntry
{
    public NodeId Node;
    public NodeAttributes Attributes;
}

/// <summary>Who calls, as the kernel says at this request.</summary>
/// <param name="Uid">System user number; without meaning when there is a token.</param>
/// <param name="Gid">System group number; without meaning when there is a token.</param>
/// <param name="Pid">Process number; 0 when unknown.</param>
public readonly record struct Caller(uint Uid, uint Gid, int Pid)
{
    /// <summary>The Windows identity, or null where numbers say who it is.</summary>
    public CallerToken? Token { get; init; }

    /// <summary>Path of the program where the kernel's adapter knows it; null = it is looked up by Pid.</summary>
    public string? Executable { get; init; }

    /// <summary>A caller on Windows.</summary>
    public static Caller Of(CallerToken token, int pid, string executable) => new(0, 0, pid) { Token = token, Executable = executable };
}

/// <summary>Which attributes to set; null = leave. AccessedNow and ModifiedNow set the current time.</summary>
public struct AttributeChange
{
    public uint? Mode;
    public uint? Uid;
    public uint? Gid;
    public long? Size;
    public FileTime? Accessed;
    public FileTime? Modified;
    public bool AccessedNow;
    public bool ModifiedNow;
    public bool ClearSetIds;
}

/// <summary>How a file is to be opened.</summary>
[Flags]
public enum OpenIntent
{
    None = 0,
    Read = 1,
    Write = 2,
    Append = 4,
    Truncate = 8,
    Exclusive = 16,
}

/// <summary>How a rename treats the target.</summary>
public enum RenameKind : byte
{
    Replace,
    NoReplace,
    Exchange,
}

/// <summary>What fallocate does.</summary>
public enum AllocateKind : byte
{
    Allocate,
    AllocateKeepSize,
    PunchHole,
    ZeroRange,
    ZeroRangeKeepSize,
}

/// <summary>What lseek looks for.</summary>
public enum SeekKind : byte
{
    Data,
    Hole,
}

/// <summary>Space and file counts of the backing store.</summary>
public struct StoreStatistics
{
    public ulong Blocks;
    public ulong BlocksFree;
    public ulong BlocksAvailable;
    public ulong Files;
    public ulong FilesFree;
    public uint BlockSize;
    public uint NameLength;
}
