using SecureVault.Content;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Trail;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Stored;

/// <summary>Opens the contents of files, shares them among their users and hands the last ones to the commit queue.</summary>
/// <remarks>Any thread. A node is pinned once while its content is open.</remarks>
internal sealed class Contents
{
    private readonly ContentContext _context;
    private readonly NodeTable _nodes;
    private readonly FolderHandles _handles;
    private readonly CommitQueue _commits;
    private readonly AuditTrail _trail;

    public Contents(ContentContext context, NodeTable nodes, FolderHandles handles, CommitQueue commits, AuditTrail trail)
    {
        _trail = trail;
        _context = context;
        _nodes = nodes;
        _handles = handles;
        _commits = commits;
    }

    /// <summary>Takes the node's content, opening it when it is closed. Each Ok is given back by one Return.</summary>
    /// <param name="writable">Whether the content is to change. ReadOnly or Denied when the store lets no one write it.</param>
    public VaultStatus Acquire(Node node, bool writable, out FileContent? content)
    {
        var opened = new OpenedFile(stackalloc byte[FileLayout.HeaderSize]);
        VaultStatus status = Acquire(node, writable, ref opened, out content);
        opened.Dispose();
        return status;
    }

    /// <summary>As the other; a closed content is opened from what was read of the file already, unless that is old. The caller disposes what stays in opened.</summary>
    public VaultStatus Acquire(Node node, bool writable, ref OpenedFile opened, out FileContent? content)
    {
        SharedContent shared = node.File!;
        lock (shared)
        {
            content = null;
            VaultStatus status = VaultStatus.Ok;
            if (shared.Content is not null && writable && !shared.Writable)
            {
                if (shared.Users > 0)
                {
                    return VaultStatus.Denied; // the store refused writing when it was opened
                }

                _commits.Close(node, shared);
            }

            if (shared.Content is null)
            {
                status = Open(node, shared, writable, ref opened);
            }
            else if (!IsNamed(node, shared, shared.Content))
            {
                status = VaultStatus.Corrupt; // found under a name that came by hand while it is open
            }

            if (status == VaultStatus.Ok)
            {
                shared.Users++;
                shared.Generation += writable ? 1 : 0;
                content = shared.Content;
            }

            return status;
        }
    }

    /// <summary>Gives a file made just now its content, already in use once.</summary>
    public static void Adopt(Node node, FileContent content)
    {
        SharedContent shared = node.File!;
        lock (shared)
        {
            _ = node.TryPin();
            shared.Content = content;
            shared.Writable = true;
            shared.Users = 1;
            shared.Generation++;
        }
    }

    /// <summary>Ends one use. The last one leaves the content to the commit queue, or closes it when there is nothing to commit.</summary>
    public void Return(Node node)
    {
        SharedContent shared = node.File!;
        bool crowded = false;
        lock (shared)
        {
            shared.Users--;
            if (shared.Users > 0 || shared.Content is null)
            {
                return;
            }

            if (!node.Unlinked && (shared.Content.NeedsCommit || shared.TryGetModified(out _)))
            {
                shared.Content.Rest();
                crowded = _commits.Enqueue(node, shared);
            }
            else
            {
                _commits.Close(node, shared);
            }
        }

        if (crowded)
        {
            _commits.WaitForRoom();
        }
    }

    /// <summary>Sets the size. To nothing under the monitor: a file without attributes takes a new key then, and none may be written meanwhile.</summary>
    public static VaultStatus Truncate(Node node, FileContent content, long plainSize)
    {
        if (plainSize > 0)
        {
            return content.Truncate(plainSize);
        }

        lock (node.File!)
        {
            return content.Truncate(plainSize);
        }
    }

    /// <summary>A file lost its last name: when nobody uses it, its content needs no commit and closes.</summary>
    public void Forsake(Node node)
    {
        SharedContent shared = node.File!;
        lock (shared)
        {
            if (shared.Users == 0 && shared.Content is not null)
            {
                _commits.Close(node, shared);
            }
        }
    }

    /// <summary>Wraps a file's secret under another key; the times stay as they are. Under its monitor: see Truncate.</summary>
    /// <param name="content">The node's, in use by the caller.</param>
    public VaultStatus SetLabel(Node node, FileContent content, KeyId key, ulong labelEpoch)
    {
        lock (node.File!)
        {
            VaultStatus status = _context.Store.Stat(content.Handle, out StoreStat before);
            status = status == VaultStatus.Ok ? Rewrapping.Run(_context.Store, content.Handle, _context.HeaderKey, _context.Keys, key, out _) : status;
            status = status == VaultStatus.Ok ? _context.Store.Sync(content.Handle, dataOnly: true) : status; // before the name that asks for it: a power cut must not keep the name and lose the label
            status = status == VaultStatus.Ok ? content.RefreshKeyId() : status;
            if (status == VaultStatus.Ok)
            {
                node.SetLabel(key, labelEpoch);
                status = _context.Store.SetTimes(content.Handle, null, false, before.Modified, false);
            }

            return status;
        }
    }

    /// <summary>Opens the stored file of a node whose content is closed and reads its header; changes nothing. Under its monitor.</summary>
    /// <param name="how">With ReadWrite, a file that the store opens to read only is opened so.</param>
    public VaultStatus ReadHeader(Node node, StoreOpen how, ref OpenedFile opened)
    {
        VaultStatus status = OpenStored(node, how, out StoreHandle? file, out long storedSize);
        VaultStatus writeStatus = how == StoreOpen.Read ? VaultStatus.Denied : status;
        if (how != StoreOpen.Read && status is VaultStatus.Denied or VaultStatus.NotPermitted or VaultStatus.ReadOnly)
        {
            status = OpenStored(node, StoreOpen.Read, out file, out storedSize);
        }

        opened.Generation = node.File!.Generation;
        return status == VaultStatus.Ok ? opened.Read(_context.Store, file!, writeStatus, storedSize) : status;
    }

    // Under one of the node's names; Stale when none leads to it.
    private VaultStatus OpenStored(Node node, StoreOpen how, out StoreHandle? file, out long storedSize)
    {
        storedSize = 0;
        if (node.File!.Held is { } held)
        {
            VaultStatus open = _context.Store.OpenHeld(held, how, out file);
            return open == VaultStatus.Ok ? Known(node, ref file, out storedSize) : open;
        }

        for (Place? place = node.Place; place is not null; place = place.Next)
        {
            VaultStatus found = OpenAt(place, node, how, out file, out storedSize);
            if (found is not (VaultStatus.NotFound or VaultStatus.Stale))
            {
                return found;
            }
        }

        file = null;
        return VaultStatus.Stale;
    }

    private VaultStatus OpenAt(Place place, Node node, StoreOpen how, out StoreHandle? file, out long storedSize)
    {
        file = null;
        storedSize = 0;
        VaultStatus status = _handles.Acquire(place.Parent, out StoreHandle? folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _context.Store.OpenFile(folder!, place.Stored, how, 0, out file);
        place.Parent.Folder!.Release();
        return status == VaultStatus.Ok ? Known(node, ref file, out storedSize) : status;
    }

    // Whether what was opened is the node's; closes it when not.
    private VaultStatus Known(Node node, ref StoreHandle? file, out long storedSize)
    {
        VaultStatus status = _context.Store.Stat(file!, out StoreStat stat);
        storedSize = stat.Size;
        bool same = stat.Kind == NodeKind.File && new StoredIdentity(stat.Device, stat.Inode) == node.Stored;
        if (status == VaultStatus.Ok && same)
        {
            return status;
        }

        file!.Dispose();
        file = null;
        return status == VaultStatus.Ok ? VaultStatus.Stale : status;
    }

    private VaultStatus Open(Node node, SharedContent shared, bool writable, ref OpenedFile opened)
    {
        bool isGood = opened.Handle is not null && opened.WriteStatus == VaultStatus.Ok && opened.Generation == shared.Generation;
        VaultStatus status = isGood ? VaultStatus.Ok : ReadHeader(node, StoreOpen.ReadWrite, ref opened);
        if (status == VaultStatus.Ok && writable)
        {
            status = opened.WriteStatus;
        }

        FileContent? content = null;
        shared.NamedAt = null;
        status = status == VaultStatus.Ok ? FileContent.Open(_context, ref opened, out content) : status;
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = IsNamed(node, shared, content!) ? node.TryPin() ? VaultStatus.Ok : VaultStatus.Stale : VaultStatus.Corrupt;
        if (status != VaultStatus.Ok)
        {
            content!.Dispose();
            return status;
        }

        shared.Content = content;
        shared.Writable = opened.WriteStatus == VaultStatus.Ok;
        shared.Generation++;
        return VaultStatus.Ok;
    }

    /// <summary>Whether the file may stand where it is found. A rename or link writes the coming name beside those that it has first.</summary>
    private bool IsNamed(Node node, SharedContent shared, FileContent content)
    {
        Place? places = node.Place;
        for (Place? place = ReferenceEquals(places, shared.NamedAt) ? null : places; place is not null; place = place.Next)
        {
            if (!content.MayBe(place.Tag))
            {
                _trail.Damaged(node, "the file is not where it was put: its name does not match its header");
                return false;
            }
        }

        shared.NamedAt = places;
        return true;
    }
}
