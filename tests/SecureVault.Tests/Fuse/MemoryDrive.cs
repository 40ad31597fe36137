using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using SecureVault.FileSystem;
using SecureVault.Fuse.Operations;

namespace SecureVault.Tests.Fuse;

/// <summary>A small file system in memory that stands in for the engine: names, content, attributes, handles and lookup counts.</summary>
internal sealed class MemoryDrive : IDriveOperations
{
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

    private VaultStatus Make(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, out Node? made)
    {
        made = null;
        if (!_nodes.TryGetValue(parent.Value, out Node? folder))
        {
            return VaultStatus.Stale;
        }

        if (folder.Children.ContainsKey(Key(name)))
        {
            return VaultStatus.Exists;
        }

        made = new Node { Id = ++_last, Kind = kind, Mode = mode, Uid = caller.Uid, Gid = caller.Gid, Parent = folder };
        folder.Children[Key(name)] = made;
        _nodes[made.Id] = made;
        return VaultStatus.Ok;
    }

    public VaultStatus MakeNode(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device, out NodeEntry entry)
    {
        Before?.Invoke("MakeNode");
        lock (_lock)
        {
            VaultStatus status = Make(caller, parent, name, kind, mode, out Node? made);
            if (made is not null)
            {
                made.Device = device;
            }

            entry = made is null ? default : EntryOf(made);
            return status;
        }
    }

    public VaultStatus MakeDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, out NodeEntry entry)
    {
        Before?.Invoke("MakeDirectory");
        lock (_lock)
        {
            VaultStatus status = Make(caller, parent, name, NodeKind.Directory, mode, out Node? made);
            entry = made is null ? default : EntryOf(made);
            return status;
        }
    }

    public VaultStatus MakeSymlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, out NodeEntry entry)
    {
        Before?.Invoke("MakeSymlink");
        lock (_lock)
        {
            VaultStatus status = Make(caller, parent, name, NodeKind.Symlink, 0x1FF, out Node? made);
            if (made is not null)
            {
                made.Bytes = target.ToArray();
                made.Size = target.Length;
            }

            entry = made is null ? default : EntryOf(made);
            return status;
        }
    }

    public VaultStatus ReadSymlink(NodeId node, Span<byte> target, out int length)
    {
        Before?.Invoke("ReadSymlink");
        length = 0;
        if (!_nodes.TryGetValue(node.Value, out Node? found) || found.Kind != NodeKind.Symlink)
        {
            return VaultStatus.Invalid;
        }

        found.Bytes.CopyTo(target);
        length = (int)found.Size;
        return VaultStatus.Ok;
    }

    public VaultStatus Unlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name)
    {
        Before?.Invoke("Unlink");
        lock (_lock)
        {
            if (!_nodes.TryGetValue(parent.Value, out Node? folder) || !folder.Children.TryGetValue(Key(name), out Node? found))
            {
                return VaultStatus.NotFound;
            }

            folder.Children.Remove(Key(name));
            found.Links--;
            return VaultStatus.Ok;
        }
    }

    public VaultStatus RemoveDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name)
    {
        Before?.Invoke("RemoveDirectory");
        lock (_lock)
        {
            if (!_nodes.TryGetValue(parent.Value, out Node? folder) || !folder.Children.TryGetValue(Key(name), out Node? found))
            {
                return VaultStatus.NotFound;
            }

            if (found.Children.Count > 0)
            {
                return VaultStatus.NotEmpty;
            }

            folder.Children.Remove(Key(name));
            found.Links = 0;
            return VaultStatus.Ok;
        }
    }

    public VaultStatus Rename(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeId newParent, ReadOnlySpan<byte> newName, RenameKind kind)
    {
        Before?.Invoke("Rename:" + kind);
        lock (_lock)
        {
            if (!_nodes.TryGetValue(parent.Value, out Node? from) || !_nodes.TryGetValue(newParent.Value, out Node? to))
            {
                return VaultStatus.Stale;
            }

            if (!from.Children.TryGetValue(Key(name), out Node? moved))
            {
                return VaultStatus.NotFound;
            }

            bool there = to.Children.TryGetValue(Key(newName), out Node? target);
            if (kind == RenameKind.NoReplace && there)
            {
                return VaultStatus.Exists;
            }

            if (kind == RenameKind.Exchange && !there)
            {
                return VaultStatus.NotFound;
            }

            from.Children.Remove(Key(name));
            to.Children[Key(newName)] = moved;
            moved.Parent = to;
            if (kind == RenameKind.Exchange)
            {
                from.Children[Key(name)] = target!;
                target!.Parent = from;
            }

            return VaultStatus.Ok;
        }
    }

    public VaultStatus Link(in Caller caller, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, out NodeEntry entry)
    {
        Before?.Invoke("Link");
        lock (_lock)
        {
            entry = default;
            if (!_nodes.TryGetValue(node.Value, out Node? found) || !_nodes.TryGetValue(newParent.Value, out Node? folder))
            {
                return VaultStatus.Stale;
            }

            if (!folder.Children.TryAdd(Key(newName), found))
            {
                return VaultStatus.Exists;
            }

            found.Links++;
            entry = EntryOf(found);
            return VaultStatus.Ok;
        }
    }

    public OpenIntent LastIntent { get; private set; }

    public VaultStatus Open(in Caller caller, NodeId node, OpenIntent intent, out IDriveFile? file, out bool keepCache)
    {
        Before?.Invoke("Open");
        keepCache = true;
        file = null;
        LastIntent = intent;
        lock (_lock)
        {
            if (!_nodes.TryGetValue(node.Value, out Node? found))
            {
                return VaultStatus.Stale;
            }

            if ((intent & OpenIntent.Truncate) != 0)
            {
                Resize(found, 0);
            }

            Interlocked.Increment(ref OpenCount);
            file = new MemoryFile(this, found);
            return VaultStatus.Ok;
        }
    }

    public VaultStatus Create(
        in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, OpenIntent intent, out NodeEntry entry, out IDriveFile? file)
    {
        Before?.Invoke("Create");
        entry = default;
        file = null;
        LastIntent = intent;
        lock (_lock)
        {
            VaultStatus status = Make(caller, parent, name, NodeKind.File, mode, out Node? made);
            if (made is not null)
            {
                entry = EntryOf(made);
                Interlocked.Increment(ref OpenCount);
                file = new MemoryFile(this, made);
            }

            return status;
        }
    }

    public VaultStatus OpenDirectory(in Caller caller, NodeId node, out IDriveDirectory? directory)
    {
        Before?.Invoke("OpenDirectory");
        directory = null;
        lock (_lock)
        {
            if (!_nodes.TryGetValue(node.Value, out Node? found))
            {
                return VaultStatus.Stale;
            }

            Interlocked.Increment(ref OpenCount);
            directory = new MemoryDirectory(this, found);
            return VaultStatus.Ok;
        }
    }

    public VaultStatus GetStatistics(out StoreStatistics statistics)
    {
        Before?.Invoke("GetStatistics");
        statistics = new StoreStatistics
        {
            Blocks = 1 << 20, BlocksFree = 1 << 19, BlocksAvailable = 1 << 18, Files = 1000, FilesFree = 900, BlockSize = 4096, NameLength = 255,
        };
        return VaultStatus.Ok;
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

    public VaultStatus ListXattr(in Caller caller, NodeId node, Span<byte> names, out int length)
    {
        Before?.Invoke("ListXattr");
        length = 0;
        return _nodes.TryGetValue(node.Value, out Node? found)
            ? Copy(Encoding.Latin1.GetBytes(string.Concat(found.Xattrs.Keys.Select(k => k + "\0"))), names, out length)
            : VaultStatus.Stale;
    }

    public VaultStatus RemoveXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name)
    {
        Before?.Invoke("RemoveXattr");
        return _nodes.TryGetValue(node.Value, out Node? found) && found.Xattrs.Remove(Key(name)) ? VaultStatus.Ok : VaultStatus.NoAttribute;
    }

    private sealed class MemoryFile(MemoryDrive drive, Node node) : IDriveFile
    {
        public VaultStatus Read(long plainOffset, Span<byte> plain, out int read)
        {
            drive.Before?.Invoke("Read");
            byte[] bytes = node.Bytes;
            read = (int)Math.Clamp(node.Size - plainOffset, 0, plain.Length);
            bytes.AsSpan((int)Math.Min(plainOffset, bytes.Length), read).CopyTo(plain);
            return VaultStatus.Ok;
        }

        public VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, out int written)
        {
            drive.Before?.Invoke("Write");
            written = 0;
            if (plainOffset > Largest - plain.Length)
            {
                return VaultStatus.NoSpace;
            }

            lock (node)
            {
                Resize(node, Math.Max(node.Size, plainOffset + plain.Length));
                plain.CopyTo(node.Bytes.AsSpan((int)plainOffset));
            }

            written = plain.Length;
            return VaultStatus.Ok;
        }

        public VaultStatus Flush()
        {
            drive.Before?.Invoke("Flush");
            return VaultStatus.Ok;
        }

        public VaultStatus Sync(bool dataOnly)
        {
            drive.Before?.Invoke(dataOnly ? "SyncContent" : "Sync");
            return VaultStatus.Ok;
        }

        public VaultStatus Allocate(AllocateKind kind, long plainOffset, long length)
        {
            drive.Before?.Invoke("Allocate:" + kind);
            if (plainOffset > Largest || length > Largest - plainOffset)
            {
                return VaultStatus.NoSpace;
            }

            lock (node)
            {
                long end = plainOffset + length;
                if (kind is AllocateKind.Allocate or AllocateKind.ZeroRange && end > node.Size)
                {
                    Resize(node, end);
                }

                if (kind is AllocateKind.PunchHole or AllocateKind.ZeroRange or AllocateKind.ZeroRangeKeepSize && plainOffset < node.Size)
                {
                    node.Bytes.AsSpan((int)plainOffset, (int)(Math.Min(end, node.Size) - plainOffset)).Clear();
                }
            }

            return VaultStatus.Ok;
        }

        public VaultStatus Seek(SeekKind kind, long plainOffset, out long found)
        {
            drive.Before?.Invoke("Seek:" + kind);
            found = kind == SeekKind.Data ? plainOffset : node.Size;
            return plainOffset < node.Size ? VaultStatus.Ok : VaultStatus.NoSuchOffset;
        }

        public VaultStatus CopyTo(IDriveFile target, long plainOffset, long targetOffset, long length, out long copied)
        {
            drive.Before?.Invoke("CopyTo");
            byte[] bytes = new byte[length];
            VaultStatus status = Read(plainOffset, bytes, out int read);
            copied = 0;
            if (status == VaultStatus.Ok)
            {
                status = target.Write(targetOffset, bytes.AsSpan(0, read), out int written);
                copied = written;
            }

            return status;
        }

        public void Release()
        {
            Interlocked.Decrement(ref drive.OpenCount);
            drive.Before?.Invoke("Release");
        }
    }

    private sealed class MemoryDirectory(MemoryDrive drive, Node node) : IDriveDirectory
    {
        private (string, Node)[] _entries = [];

        public VaultStatus Read(ulong cookie, bool withAttributes, IDirectorySink sink)
        {
            drive.Before?.Invoke("ReadDirectory");
            (string, Node)[] entries = Snapshot(cookie == 0);

            for (ulong i = cookie; i < (ulong)entries.Length; i++)
            {
                (string name, Node child) = entries[i];
                NodeEntry entry = withAttributes
                    ? drive.EntryOf(child)
                    : new NodeEntry { Attributes = new NodeAttributes { Inode = child.Id, Kind = child.Kind } };
                if (!sink.Add(Encoding.Latin1.GetBytes(name), i + 1, entry))
                {
                    if (withAttributes)
                    {
                        Interlocked.Decrement(ref child.Lookups);
                    }

                    break;
                }
            }

            return VaultStatus.Ok;
        }

        private (string, Node)[] Snapshot(bool again)
        {
            lock (drive._lock)
            {
                if (again || _entries.Length == 0)
                {
                    _entries = [(".", node), ("..", node.Parent!), .. node.Children.Select(c => (c.Key, c.Value))];
                }

                return _entries;
            }
        }

        public VaultStatus Sync()
        {
            drive.Before?.Invoke("SyncDirectory");
            return VaultStatus.Ok;
        }

        public void Release()
        {
            Interlocked.Decrement(ref drive.OpenCount);
            drive.Before?.Invoke("ReleaseDirectory");
        }
    }
}
