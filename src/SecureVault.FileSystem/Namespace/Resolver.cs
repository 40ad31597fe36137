using System;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>From names to nodes, and from what the store says of them to what a stat shows.</summary>
/// <remarks>Any thread. Finding an object that is known already takes no folder's lock and allocates nothing.</remarks>
internal sealed class Resolver
{
    private readonly IBackingStore _store;
    private readonly NodeTable _nodes;
    private readonly FolderHandles _handles;
    private readonly NameCodec _names;
    private readonly MissingNames _missing = new();
    private readonly int _blockShift;

    public Resolver(IBackingStore store, NodeTable nodes, FolderHandles handles, NameCodec names, int blockShift)
    {
        _store = store;
        _nodes = nodes;
        _handles = handles;
        _names = names;
        _blockShift = blockShift;
    }

    /// <summary>Encrypts a name and asks the store for it. version: the folder's, before asking.</summary>
    public VaultStatus Stat(in FolderLease folder, ReadOnlySpan<byte> name, ref EntryName entry, out StoreStat stat, out long version)
    {
        stat = default;
        version = System.Threading.Volatile.Read(ref folder.Folder.Version);
        VaultStatus status = entry.Encrypt(_names, folder.Id, name);
        return status == VaultStatus.Ok ? _store.Stat(folder.Handle, entry.Stored, out stat) : status;
    }

    /// <summary>NotFound for a name that a new object may take, Exists for another. Under the folder's Changes; what a lookup has just found missing is not asked for again.</summary>
    public VaultStatus CheckFree(in FolderLease folder, ReadOnlySpan<byte> name, ref EntryName entry)
    {
        if (_missing.TryTake(folder.Folder, name, ref entry))
        {
            return VaultStatus.NotFound;
        }

        VaultStatus status = Stat(folder, name, ref entry, out _, out _);
        return status == VaultStatus.Ok ? VaultStatus.Exists : status;
    }

    /// <summary>The node of a name, with one lookup counted.</summary>
    public VaultStatus Lookup(in FolderLease folder, ReadOnlySpan<byte> name, ref EntryName entry, out StoreStat stat, out Node? node)
    {
        node = null;
        VaultStatus status = Stat(folder, name, ref entry, out stat, out long version);
        if (status == VaultStatus.NotFound)
        {
            _missing.Note(folder.Folder, name, entry, version);
        }

        return status == VaultStatus.Ok ? Intern(folder, name, entry, ref stat, version, out node) : status;
    }

    /// <summary>As Lookup, for a name whose stored spelling a listing of this folder has just opened: it is not encrypted again.</summary>
    public VaultStatus LookupListed(in FolderLease folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> stored, ref EntryName entry, out StoreStat stat, out Node? node)
    {
        if (!entry.TryAdopt(stored))
        {
            return Lookup(folder, name, ref entry, out stat, out node);
        }

        node = null;
        long version = System.Threading.Volatile.Read(ref folder.Folder.Version);
        VaultStatus status = _store.Stat(folder.Handle, entry.Stored, out stat);
        return status == VaultStatus.Ok ? Intern(folder, name, entry, ref stat, version, out node) : status;
    }

    /// <summary>The node of what the store said, with one lookup counted; asks again when the folder changed since.</summary>
    public VaultStatus Intern(in FolderLease folder, ReadOnlySpan<byte> name, in EntryName entry, ref StoreStat stat, long version, out Node? node)
    {
        node = _nodes.Find(new StoredIdentity(stat.Device, stat.Inode));
        if (node is not null && node.Kind == stat.Kind && node.HasPlace(folder.Node, name) && (stat.Links > 1 || node.Place?.Next is null) && node.TryAddLookup())
        {
            return VaultStatus.Ok;
        }

        lock (folder.Folder.Changes)
        {
            if (folder.Folder.Version != version)
            {
                VaultStatus status = _store.Stat(folder.Handle, entry.Stored, out stat);
                if (status != VaultStatus.Ok)
                {
                    node = null;
                    return status;
                }
            }

            node = _nodes.Intern(new StoredIdentity(stat.Device, stat.Inode), stat.Kind, false);
            Place(folder, name, entry, ref stat, node);
            return VaultStatus.Ok;
        }
    }

    // A link made since the store was asked is another name: before known ones are dropped, the store is asked again while none can come.
    private void Place(in FolderLease folder, ReadOnlySpan<byte> name, in EntryName entry, ref StoreStat stat, Node node)
    {
        bool only = stat.Kind == NodeKind.Directory || stat.Links <= 1;
        if (!only || stat.Kind == NodeKind.Directory || node.Place is null || (node.Place.Next is null && node.HasPlace(folder.Node, name)))
        {
            _nodes.AddPlace(node, folder.Node, name, entry, only);
            return;
        }

        lock ((object?)node.File ?? node)
        {
            only = _store.Stat(folder.Handle, entry.Stored, out StoreStat now) != VaultStatus.Ok || now.Links <= 1;
            stat = only ? stat : now;
            _nodes.AddPlace(node, folder.Node, name, entry, only);
        }
    }

    /// <summary>What the store knows of a node, by handle where there is one. Stale when another object has its name.</summary>
    public VaultStatus Stat(Node node, out StoreStat stat)
    {
        if (node.File is { } file && file.TryStat(_store, out VaultStatus status, out stat))
        {
            return status;
        }

        stat = default;
        if (node.IsRoot || (node.Folder is not null && node.Unlinked))
        {
            return StatByHandle(node, out stat);
        }

        for (Place? place = node.Place; place is not null; place = place.Next)
        {
            status = _handles.Acquire(place.Parent, out StoreHandle? handle);
            if (status == VaultStatus.Ok)
            {
                status = _store.Stat(handle!, place.Stored, out stat);
                place.Parent.Folder!.Release();
            }

            if (status == VaultStatus.Ok && new StoredIdentity(stat.Device, stat.Inode) == node.Stored)
            {
                return VaultStatus.Ok;
            }

            if (status is not (VaultStatus.Ok or VaultStatus.NotFound or VaultStatus.Stale))
            {
                return status;
            }
        }

        return VaultStatus.Stale;
    }

    private VaultStatus StatByHandle(Node node, out StoreStat stat)
    {
        stat = default;
        VaultStatus status = _handles.Acquire(node, out StoreHandle? handle);
        if (status == VaultStatus.Ok)
        {
            status = _store.Stat(handle!, out stat);
            node.Folder!.Release();
        }

        return status;
    }

    public void Fill(in StoreStat stat, Node? node, out NodeAttributes attributes)
    {
        attributes = new NodeAttributes
        {
            Inode = stat.Inode,
            Kind = stat.Kind,
            Mode = stat.Mode,
            Links = stat.Links,
            Uid = stat.Uid,
            Gid = stat.Gid,
            Device = stat.SpecialDevice,
            Size = PlainSize(stat, node),
            Blocks = stat.Blocks,
            BlockSize = 1U << _blockShift,
            Accessed = stat.Accessed,
            Modified = node?.File is { } file && file.TryGetModified(out FileTime modified) ? modified : stat.Modified,
            Changed = node?.File?.ShownChange(stat.Changed) ?? stat.Changed,
        };
    }

    public void Fill(in StoreStat stat, Node node, out NodeEntry entry)
    {
        entry.Node = node.Id;
        Fill(stat, node, out entry.Attributes);
    }

    // A stored size that no file can have is shown as near as it goes: the owner must be able to see and delete the
    // file. Opening it answers Corrupt.
    private long PlainSize(in StoreStat stat, Node? node)
    {
        switch (stat.Kind)
        {
            case NodeKind.File when node?.File is { } file && file.TryGetSize(out long size):
                return size;
            case NodeKind.File:
                long plain = FileLayout.PlainSize(stat.Size, _blockShift);
                return plain >= 0 ? plain : Math.Clamp(stat.Size - FileLayout.HeaderSize, 0, FileLayout.MaxPlainSize);
            case NodeKind.Symlink:
                return Math.Max(0, SymlinkCodec.TargetLength(stat.Size));
            default:
                return stat.Size;
        }
    }
}
