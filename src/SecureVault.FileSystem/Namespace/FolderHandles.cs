using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>Opens folders and keeps a bounded number of them open.</summary>
/// <remarks>Any thread. Never holds two folders' monitors at once.</remarks>
internal sealed class FolderHandles
{
    /// <summary>Handles kept open; beyond it the ones not used for a while are closed.</summary>
    public const int Limit = 1024;

    private readonly IBackingStore _store;
    private readonly ConcurrentQueue<Node> _open = new();
    private int _count;

    public FolderHandles(IBackingStore store, Node root, StoreHandle rootHandle)
    {
        _store = store;
        RootHandle = rootHandle;
        _ = root.Folder!.Adopt(rootHandle, out _); // used forever: the root's handle belongs to the session
    }

    public StoreHandle RootHandle { get; }

    /// <summary>Takes the folder's handle, opening it and what is above it when needed. Stale when the folder is gone.</summary>
    public VaultStatus Acquire(Node node, out StoreHandle? handle)
    {
        handle = node.Folder!.TryUse();
        return handle is not null ? VaultStatus.Ok : OpenDown(node, out handle);
    }

    /// <summary>Gives a folder made just now its handle (owned from here on).</summary>
    public void Adopt(Node node, StoreHandle handle)
    {
        _ = node.Folder!.Adopt(handle, out bool adopted);
        Count(node, adopted);
        node.Folder.Release();
    }

    /// <summary>Closes the idle handles of a folder about to be renamed and of all below it: Windows renames no folder with open ones in it.</summary>
    public void CloseBelow(Node ancestor)
    {
        for (int count = _open.Count; count > 0 && _open.TryDequeue(out Node? node); count--)
        {
            // The first call forgets that it was used lately.
            if (IsAtOrBelow(node, ancestor) && (node.Folder!.TryClose() || node.Folder.TryClose()))
            {
                _ = Interlocked.Decrement(ref _count);
            }
            else
            {
                _open.Enqueue(node);
            }
        }
    }

    /// <summary>Closes what is idle; nothing is used any more.</summary>
    public void CloseAll()
    {
        while (_open.TryDequeue(out Node? node))
        {
            _ = node.Folder!.TryClose(); // the first call forgets that it was used lately
            _ = node.Folder.TryClose();
        }
    }

    private static bool IsAtOrBelow(Node node, Node ancestor)
    {
        for (Node? next = node; next is not null; next = next.Place?.Parent)
        {
            if (ReferenceEquals(next, ancestor))
            {
                return true;
            }
        }

        return false;
    }

    private VaultStatus OpenDown(Node node, out StoreHandle? handle)
    {
        var way = new Stack<Node>();
        Node top = node;
        while ((handle = top.Folder!.TryUse()) is null)
        {
            if (top.Place is not { } place)
            {
                return VaultStatus.Stale;
            }

            way.Push(top);
            top = place.Parent;
        }

        while (way.TryPop(out Node? next))
        {
            VaultStatus status = OpenOne(handle!, next, out StoreHandle? opened);
            top.Folder!.Release();
            if (status != VaultStatus.Ok)
            {
                handle = null;
                return status == VaultStatus.NotFound ? VaultStatus.Stale : status;
            }

            handle = opened;
            top = next;
        }

        return VaultStatus.Ok;
    }

    private VaultStatus OpenOne(StoreHandle parent, Node node, out StoreHandle? handle)
    {
        handle = null;
        if (node.Place is not { } place)
        {
            return VaultStatus.Stale;
        }

        VaultStatus status = _store.OpenDirectory(parent, place.Stored, out StoreHandle? opened);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _store.Stat(opened!, out StoreStat stat);
        if (status == VaultStatus.Ok && new StoredIdentity(stat.Device, stat.Inode) != node.Stored)
        {
            status = VaultStatus.Stale;
        }

        if (status != VaultStatus.Ok)
        {
            opened!.Dispose();
            return status;
        }

        handle = node.Folder!.Adopt(opened!, out bool adopted);
        Count(node, adopted);
        return VaultStatus.Ok;
    }

    private void Count(Node node, bool adopted)
    {
        if (!adopted)
        {
            return;
        }

        _open.Enqueue(node);
        int tries = 16;
        if (Interlocked.Increment(ref _count) <= Limit)
        {
            return;
        }

        while (tries-- > 0 && _open.TryDequeue(out Node? idle))
        {
            if (idle.Unlinked || idle.Folder!.TryClose())
            {
                _ = Interlocked.Decrement(ref _count); // a removed folder keeps its handle while it is known: no name leads to it any more
                return;
            }

            _open.Enqueue(idle);
        }
    }
}
