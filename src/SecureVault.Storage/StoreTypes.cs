using System;
using System.Runtime.InteropServices;
using SecureVault.Terms;

namespace SecureVault.Storage;

/// <summary>An open object of the backing store that made it. Reference-counted: safe against close while in use.</summary>
public abstract class StoreHandle : SafeHandle
{
    /// <param name="invalid">The value that stands for no object.</param>
    protected StoreHandle(nint invalid)
        : base(invalid, true)
    {
    }
}

/// <summary>What the store knows of an object; Size is the stored size.</summary>
public struct StoreStat
{
    public ulong Device;
    public ulong Inode;
    public NodeKind Kind;
    public uint Mode;
    public uint Links;
    public uint Uid;
    public uint Gid;
    public ulong SpecialDevice;
    public long Size;
    public long Blocks;
    public FileTime Accessed;
    public FileTime Modified;
    public FileTime Changed;
}

/// <summary>Which object of its file system this is, and its stored size now.</summary>
public readonly record struct StoreIdentity(ulong Inode, long Size);

/// <summary>How a stored file is opened.</summary>
[Flags]
public enum StoreOpen
{
    Read = 1,
    ReadWrite = 2,
    Create = 4,
    Exclusive = 8,
    Truncate = 16,
    Append = 32,

    /// <summary>Denied where the file's own mode forbids the open; its owner's rights are not lent for it.</summary>
    AsItIs = 64,
}

/// <summary>Takes the stored entries of a folder; false stops.</summary>
public interface IStoreEntrySink
{
    bool Add(ReadOnlySpan<byte> storedName, ulong inode, NodeKind kind, ulong nextCookie);
}
