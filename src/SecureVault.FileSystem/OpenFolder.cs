using System;
using System.Threading;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Operations;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem;

/// <summary>An open folder. A name that stays is listed exactly once, whatever else changes meanwhile and however many read at once.</summary>
/// <remarks>
/// Any thread; Reads of one handle take turns. Cookies: 1 follows ".", 2 follows "..", then the store's own, moved by two: they mean the same through every
/// handle, because the kernel keeps what one reader got for the next. For the same reason a part that was read before the folder changed is read anew.
/// </remarks>
public sealed class OpenFolder
{
    private const ulong Dots = 2;
    private const int LeastPart = 1024;
    private const int MostPart = 1 << 16;

    private readonly Namespace.Node _node;
    private readonly Drive _drive;
    private readonly Lock _reading = new(); // protects all below; first in the order of locks
    private DirectoryListing? _part;
    private StoreHandle? _own;
    private int _most = LeastPart;
    private int _next;

    private readonly Gate.OpenShares.Share _share;

    internal OpenFolder(Namespace.Node node, Drive drive, Gate.OpenShares.Share share)
    {
        _share = share;
        _node = node;
        _drive = drive;
    }

    public NodeId Node => _node.Id;

    /// <summary>Gives entries from cookie (0 = start) to the sink until it says stop. "." and ".." included.</summary>
    /// <param name="withAttributes">readdirplus: look each entry up; the sink owes a Forget for each entry it takes with Node not 0.</param>
    public VaultStatus Read(ulong cookie, bool withAttributes, IDirectorySink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        lock (_reading)
        {
            VaultStatus status = _drive.Records.Enter(_node, out FolderLease lease);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            try
            {
                bool begins = cookie < Dots;
                return begins && !GiveDots(cookie, sink) ? VaultStatus.Ok : GiveNames(begins ? 0 : ToStore(cookie), begins, withAttributes, sink, lease);
            }
            finally
            {
                lease.Dispose();
            }
        }
    }

    public VaultStatus Sync()
    {
        VaultStatus status = _node.Unlinked ? VaultStatus.Ok : _drive.Records.MakeDurable(_node);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _drive.Handles.Acquire(_node, out StoreHandle? handle);
        if (status == VaultStatus.Ok)
        {
            status = _drive.Store.Sync(handle!, false);
            _node.Folder!.Release();
        }

        return status;
    }

    /// <summary>Ends the handle. Exactly once.</summary>
    public void Release()
    {
        lock (_reading)
        {
            ReportUnreadable();
            CloseOwn();
        }

        _drive.Gate.Return(_share);
        _drive.Nodes.Unpin(_node);
    }

    private bool GiveDots(ulong cookie, IDirectorySink sink) =>
        (cookie > 0 || sink.Add("."u8, 1, Dot(_node))) && sink.Add(".."u8, Dots, Dot(_node.Place?.Parent ?? _node));

    private VaultStatus GiveNames(ulong cookie, bool anew, bool withAttributes, IDirectorySink sink, in FolderLease lease)
    {
        while (true)
        {
            VaultStatus status = FindPart(cookie, anew, lease);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            for (; _next < _part!.Count; _next++)
            {
                if (!GiveOne(_next, withAttributes, sink, lease))
                {
                    return VaultStatus.Ok;
                }
            }

            if (_part.IsLast)
            {
                ReportUnreadable();
                CloseOwn();
                return VaultStatus.Ok;
            }

            (cookie, anew) = (_part.End, false);
        }
    }

    // Leaves _part and _next where the cookie points. Parts grow while nothing changes, so that a reader who removes what it was given does not have all that follows read again.
    private VaultStatus FindPart(ulong cookie, bool anew, in FolderLease lease)
    {
        bool same = !anew && _part?.Version == Volatile.Read(ref lease.Folder.Version);
        int found = same ? _part!.IndexAfter(cookie, _next) : -1;
        if (found >= 0)
        {
            _next = found;
            return VaultStatus.Ok;
        }

        _most = same ? Math.Min(_most * 2, MostPart) : LeastPart;
        _next = 0;
        _part ??= new DirectoryListing(_drive.Store, _drive.Names, _drive.Companions, lease);
        if (_own is null && _drive.Store.OpenAgain(lease.Handle, out _own) != VaultStatus.Ok)
        {
            _own = null; // no descriptor left, or a mode in the way: the handle that all share will do
        }

        VaultStatus status = _part.Load(_own ?? lease.Handle, cookie, _most);
        if (status != VaultStatus.Ok)
        {
            _part = null; // a part of it must not pass for the whole
        }

        return status;
    }

    private void CloseOwn()
    {
        _own?.Dispose();
        _own = null;
    }

    private void ReportUnreadable()
    {
        if (_part is { Unreadable: > 0 } && _node.Folder!.Unreadable != _part.Unreadable)
        {
            _node.Folder.Unreadable = _part.Unreadable;
            _drive.Trail.Damaged(_node, $"{_part.Unreadable} stored names in this folder are not authentic and are not shown");
        }
    }

    // The largest is where a store says that nothing follows (ext4, btrfs).
    private static ulong ToStore(ulong cookie) => cookie >= long.MaxValue ? long.MaxValue : cookie - Dots;

    private static ulong FromStore(ulong cookie) => cookie > long.MaxValue - Dots ? long.MaxValue : cookie + Dots;

    private bool GiveOne(int index, bool withAttributes, IDirectorySink sink, in FolderLease lease)
    {
        ulong next = FromStore(_part!.Next(index));
        NodeEntry entry = default;
        if (!withAttributes)
        {
            entry.Attributes.Inode = _part.Inode(index);
            entry.Attributes.Kind = _part.Kind(index);
            return sink.Add(_part.Name(index), next, entry);
        }

        EntryName name = default;
        VaultStatus status = _drive.Resolver.LookupListed(lease, _part.Name(index), _part.Stored(index), ref name, out StoreStat stat, out Namespace.Node? node);
        if (status != VaultStatus.Ok)
        {
            return true; // removed since the part was read
        }

        _drive.Resolver.Fill(stat, node!, out entry);
        if (sink.Add(_part.Name(index), next, entry))
        {
            return true;
        }

        _drive.Nodes.Forget(node!, 1);
        return false;
    }

    private static NodeEntry Dot(Namespace.Node node)
    {
        NodeEntry entry = default;
        entry.Attributes.Inode = node.Stored.Inode;
        entry.Attributes.Kind = NodeKind.Directory;
        return entry;
    }
}
