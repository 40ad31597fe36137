using System;
using System.Runtime.InteropServices;
using SecureVault.FileSystem.Storage.Linux.Native;

namespace SecureVault.FileSystem.Storage;

/// <summary>A descriptor of an object in the backing store. Reference-counted: safe against close while in use.</summary>
public sealed class StoreHandle : SafeHandle
{
    public StoreHandle(nint descriptor)
        : base(-1, true) => SetHandle(descriptor);

    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor is gone even when the system reports an error of earlier writes; those are asked for by Sync.</summary>
    protected override bool ReleaseHandle() => LibC.close(handle) == 0;
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
}

/// <summary>Takes the stored entries of a folder; false stops.</summary>
public interface IStoreEntrySink
{
    bool Add(ReadOnlySpan<byte> storedName, ulong inode, NodeKind kind, ulong nextCookie);
}
