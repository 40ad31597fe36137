using System;
using System.Threading;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Operations;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem;

/// <summary>An open folder. Shows the names of one moment: taken at the first Read and again at each Read from cookie 0.</summary>
/// <remarks>Any thread; Reads of one handle take turns. Cookies: 1 follows ".", 2 follows "..", then one for each name.</remarks>
public sealed class OpenFolder
{
    private readonly Namespace.Node _node;
    private readonly Drive _drive;
    private readonly Lock _reading = new(); // protects _listing; first in the order of locks
    private DirectoryListing? _listing;

    internal OpenFolder(Namespace.Node node, Drive drive)
    {
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
                if (cookie == 0 || _listing is null)
                {
                    var listing = new DirectoryListing(_drive.Store, _drive.Names, _drive.Companions, lease);
                    status = listing.Fill(lease);
                    if (status != VaultStatus.Ok)
                    {
                        return status;
                    }

                    ReportUnreadable(listing, first: _listing is null);
                    _listing = listing;
                }

                return Give(cookie, withAttributes, sink, lease);
            }
            finally
            {
                lease.Dispose();
            }
        }
    }

    public VaultStatus Sync()
    {
        VaultStatus status = _drive.Records.MakeDurable(_node);
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
    public void Release() => _drive.Nodes.Unpin(_node);

    private void ReportUnreadable(DirectoryListing listing, bool first)
    {
        if (first && listing.Unreadable > 0)
        {
            _drive.Trail.Damaged(_node, $"{listing.Unreadable} stored names in this folder are not authentic and are not shown");
        }
    }

    private VaultStatus Give(ulong cookie, bool withAttributes, IDirectorySink sink, in FolderLease lease)
    {
        ulong next = cookie;
        if (next == 0)
        {
            if (!sink.Add("."u8, 1, Dot(_node)))
            {
                return VaultStatus.Ok;
            }

            next = 1;
        }

        if (next == 1)
        {
            if (!sink.Add(".."u8, 2, Dot(_node.Place?.Parent ?? _node)))
            {
                return VaultStatus.Ok;
            }

            next = 2;
        }

        while (next - 2 < (ulong)_listing!.Count)
        {
            int index = (int)(next - 2);
            next++;
            if (!GiveOne(index, next, withAttributes, sink, lease))
            {
                break;
            }
        }

        return VaultStatus.Ok;
    }

    private bool GiveOne(int index, ulong nextCookie, bool withAttributes, IDirectorySink sink, in FolderLease lease)
    {
        NodeEntry entry = default;
        if (!withAttributes)
        {
            entry.Attributes.Inode = _listing!.Inode(index);
            entry.Attributes.Kind = _listing.Kind(index);
            return sink.Add(_listing.Name(index), nextCookie, entry);
        }

        EntryName name = default;
        VaultStatus status = _drive.Resolver.LookupListed(lease, _listing!.Name(index), _listing.Stored(index), ref name, out StoreStat stat, out Namespace.Node? node);
        if (status != VaultStatus.Ok)
        {
            return true; // removed since the listing was taken
        }

        _drive.Resolver.Fill(stat, node!, out entry);
        if (sink.Add(_listing.Name(index), nextCookie, entry))
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
