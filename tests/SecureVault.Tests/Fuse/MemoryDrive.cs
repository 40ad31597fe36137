using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using SecureVault.Fuse.Operations;
using SecureVault.Terms;

namespace SecureVault.Tests.Fuse;

/// <summary>A small file system in memory that stands in for the engine: names, content, attributes, handles and lookup counts.</summary>
internal sealed partial class MemoryDrive : IDriveOperations
{
    /// <summary>False: as most FUSE servers and NFS, EINVAL to every flag of renameat2.</summary>
    public bool KnowsRenameFlags { get; init; } = true;

    /// <summary>False: as vfat, EPERM to every change of a mode.</summary>
    public bool KeepsModes { get; init; } = true;

    /// <summary>Largest file, in bytes.</summary>
    private const long Largest = 1 << 30;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Node> _nodes = [];
    private ulong _last = 1;

    public MemoryDrive()
    {
        _nodes[1] = new Node { Id = 1, Kind = NodeKind.Directory, Mode = 0x1FF, Links = 2 };
        _nodes[1].Parent = _nodes[1];
    }

    /// <summary>Called before each operation with its name; may throw.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Called before each entry of a listing; may throw.</summary>
    public Action? BeforeEntry { get; set; }

    /// <summary>Files and folders opened and not released.</summary>
    public int OpenCount;

    /// <summary>Node to lookups not forgotten.</summary>
    public long Lookups(ulong node) => _nodes.TryGetValue(node, out Node? found) ? Volatile.Read(ref found.Lookups) : 0;

    internal sealed class Node
    {
        public ulong Id;
        public NodeKind Kind;
        public uint Mode;
        public uint Links = 1;
        public uint Uid;
        public uint Gid;
        public ulong Device;
        public long Size;
        public long Lookups;
        public byte[] Bytes = [];
        public FileTime Accessed = new(1, 2);
        public FileTime Modified = new(3, 4);
        public Node? Parent;
        public readonly SortedDictionary<string, Node> Children = new(StringComparer.Ordinal);
        public readonly Dictionary<string, byte[]> Xattrs = [];
    }

    private static string Key(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name);

    private NodeEntry EntryOf(Node node)
    {
        Interlocked.Increment(ref node.Lookups);
        return new NodeEntry { Node = new NodeId(node.Id), Attributes = AttributesOf(node) };
    }

    private static NodeAttributes AttributesOf(Node node) => new()
    {
        Inode = node.Id,
        Kind = node.Kind,
        Mode = node.Mode,
        Links = node.Links,
        Uid = node.Uid,
        Gid = node.Gid,
        Device = node.Device,
        Size = node.Size,
        Blocks = (node.Size + 511) / 512,
        BlockSize = 4096,
        Accessed = node.Accessed,
        Modified = node.Modified,
        Changed = node.Modified,
    };

    public VaultStatus Lookup(NodeId parent, ReadOnlySpan<byte> name, out NodeEntry entry)
    {
        Before?.Invoke("Lookup");
        entry = default;
        lock (_lock)
        {
            if (!_nodes.TryGetValue(parent.Value, out Node? folder))
            {
                return VaultStatus.Stale;
            }

            if (!folder.Children.TryGetValue(Key(name), out Node? found))
            {
                return VaultStatus.NotFound;
            }

            entry = EntryOf(found);
            return VaultStatus.Ok;
        }
    }

    public void Forget(NodeId node, ulong count)
    {
        Before?.Invoke("Forget");
        lock (_lock)
        {
            if (_nodes.TryGetValue(node.Value, out Node? found))
            {
                found.Lookups -= (long)Math.Min(count, (ulong)found.Lookups);
            }
        }
    }

    public VaultStatus GetAttributes(NodeId node, out NodeAttributes attributes)
    {
        Before?.Invoke("GetAttributes");
        attributes = default;
        lock (_lock)
        {
            if (!_nodes.TryGetValue(node.Value, out Node? found))
            {
                return VaultStatus.Stale;
            }

            attributes = AttributesOf(found);
            return VaultStatus.Ok;
        }
    }

    public VaultStatus SetAttributes(in Caller caller, NodeId node, IDriveFile? file, in AttributeChange change, out NodeAttributes attributes)
    {
        Before?.Invoke("SetAttributes");
        attributes = default;
        lock (_lock)
        {
            if (!_nodes.TryGetValue(node.Value, out Node? found))
            {
                return VaultStatus.Stale;
            }

            if (change.Mode is not null && !KeepsModes)
            {
                return VaultStatus.NotPermitted;
            }

            found.Mode = change.Mode ?? found.Mode;
            found.Uid = change.Uid ?? found.Uid;
            found.Gid = change.Gid ?? found.Gid;
            found.Accessed = change.Accessed ?? found.Accessed;
            found.Modified = change.Modified ?? found.Modified;
            if (change.ClearSetIds)
            {
                found.Mode &= ~0xC00u;
            }

            if (change.Size is { } size)
            {
                if (size > Largest)
                {
                    return VaultStatus.TooLarge;
                }

                Resize(found, size);
            }

            attributes = AttributesOf(found);
            return VaultStatus.Ok;
        }
    }

    private static void Resize(Node node, long size)
    {
        if (size < node.Size)
        {
            Array.Clear(node.Bytes, (int)size, (int)(node.Size - size));
        }

        if (size > node.Bytes.Length)
        {
            Array.Resize(ref node.Bytes, (int)Math.Max(size, node.Bytes.Length * 2L));
        }

        node.Size = size;
    }

    public VaultStatus GetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        Before?.Invoke("GetXattr");
        length = 0;
        if (!_nodes.TryGetValue(node.Value, out Node? found) || !found.Xattrs.TryGetValue(Key(name), out byte[]? held))
        {
            return VaultStatus.NoAttribute;
        }

        return Copy(held, value, out length);
    }

    private static VaultStatus Copy(byte[] held, Span<byte> value, out int length)
    {
        length = held.Length;
        if (value.Length == 0)
        {
            return VaultStatus.Ok;
        }

        return held.AsSpan().TryCopyTo(value) ? VaultStatus.Ok : VaultStatus.Range;
    }

    public VaultStatus SetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace)
    {
        Before?.Invoke("SetXattr");
        if (!_nodes.TryGetValue(node.Value, out Node? found))
        {
            return VaultStatus.Stale;
        }

        Dictionary<string, byte[]> held = found.Xattrs;
        if (create && held.ContainsKey(Key(name)))
        {
            return VaultStatus.Exists;
        }

        if (replace && !held.ContainsKey(Key(name)))
        {
            return VaultStatus.NoAttribute;
        }

        held[Key(name)] = value.ToArray();
        return VaultStatus.Ok;
    }

    public VaultStatus ListXattr(in Caller caller, NodeId node, bool accessLists, Span<byte> names, out int length)
    {
        Before?.Invoke("ListXattr");
        length = 0;
        return _nodes.TryGetValue(node.Value, out Node? found)
            ? Copy(Encoding.Latin1.GetBytes(string.Concat(found.Xattrs.Keys.Where(k => accessLists || !k.StartsWith("system.", StringComparison.Ordinal)).Select(k => k + "\0"))), names, out length)
            : VaultStatus.Stale;
    }

    public VaultStatus RemoveXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name)
    {
        Before?.Invoke("RemoveXattr");
        return _nodes.TryGetValue(node.Value, out Node? found) && found.Xattrs.Remove(Key(name)) ? VaultStatus.Ok : VaultStatus.NoAttribute;
    }
}
