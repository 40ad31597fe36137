namespace SecureVault.Terms;

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
