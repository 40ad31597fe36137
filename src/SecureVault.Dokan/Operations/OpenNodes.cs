using System;
using System.Collections.Generic;
using System.Threading;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Everything that is open: share modes, who asked for a deletion, and the names that handles go by.</summary>
/// <remarks>Any thread. The driver keeps such a table too, by names; whether and when a deletion happens is in that one alone.</remarks>
internal sealed class OpenNodes
{
    /// <summary>Protects the table, its entries and the mutable parts of handles. Innermost: the engine is never called under it.</summary>
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeId, OpenNode> _nodes = [];

    /// <summary>Objects open now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _nodes.Count;
            }
        }
    }

    /// <summary>Begins an open: SharingViolation, or Success and then exactly one Settle or Abandon.</summary>
    /// <param name="access">What is to be counted.</param>
    /// <param name="implied">What the disposition does besides: checked, not counted.</param>
    public NtStatus Begin(NodeId id, NtAccess access, NtAccess implied, NtShare share, out OpenNode node)
    {
        lock (_lock)
        {
            bool known = _nodes.TryGetValue(id, out OpenNode? found);
            node = found ?? new OpenNode();
            if (node.Replacing || !node.Shares.Allows(access | implied, share))
            {
                return NtStatus.SharingViolation;
            }

            if (!known)
            {
                _nodes.Add(id, node);
            }

            node.Shares.Count(access, share, 1);
            node.Uses++;
            node.Lives++;
            return NtStatus.Success;
        }
    }

    /// <summary>The open succeeded.</summary>
    public void Settle(OpenNode node, NtHandle handle, NtShare share)
    {
        lock (_lock)
        {
            handle.Shared = node;
            handle.Share = share;
            node.Handles.Add(handle);
        }
    }

    /// <summary>The open failed after all.</summary>
    public void Abandon(NodeId id, OpenNode node, NtAccess access, NtShare share)
    {
        lock (_lock)
        {
            node.Shares.Count(access, share, -1);
            node.Uses--;
            Leave(id, node);
        }
    }

    /// <summary>Ends a handle's use. What is to be removed now, if anything: the handle's name, as who asked for it.</summary>
    /// <param name="delete">The driver says that this cleanup removes the name. It is the last of the handles that go by it.</param>
    public AskedDeletion? CleanUp(NtHandle handle, bool delete)
    {
        lock (_lock)
        {
            if (handle.CleanedUp || handle.Shared is not { } node)
            {
                return null;
            }

            handle.CleanedUp = true;
            node.Shares.Count(handle.Access, handle.Share, -1);
            node.Uses--;
            AskedDeletion? asked = handle.DeleteOnClose ? Ask(node, handle) : node.Deletions.Find(d => d.IsOf(handle.Parent, handle.Name));
            if (!delete)
            {
                return null;
            }

            _ = asked is not null && node.Deletions.Remove(asked);
            return asked ?? new AskedDeletion(handle.Parent, handle.Name, handle.Caller);
        }
    }

    /// <summary>Ends a handle: gives what is to be released. False when it was closed before.</summary>
    public bool Close(NtHandle handle, List<OpenFile> ended)
    {
        lock (_lock)
        {
            if (handle.Closed)
            {
                return false;
            }

            handle.Closed = true;
            if (handle.Shared is not { } node)
            {
                AddIf(ended, handle.File, true);
                return true;
            }

            _ = node.Handles.Remove(handle);
            bool last = !node.Handles.Exists(h => h.File is not null); // handles of attributes alone map nothing
            node.Pager ??= !last && handle.CanWrite ? handle.File : null;
            AddIf(ended, handle.File, handle.File != node.Pager);
            AddIf(ended, node.Pager, last);
            node.Pager = last ? null : node.Pager;
            Leave(handle.Node, node);
            return true;
        }
    }

    /// <summary>
    /// The open file that writes a page of the memory manager's, which may come by any handle of the file: the handle's own, or else that of one
    /// that could write, cleaned up and closed ones too. Null when none could. Valid until the handle's Close, and only for one that opened content.
    /// </summary>
    public OpenFile? PagerOf(NtHandle handle)
    {
        if (handle.CanWrite)
        {
            return handle.File;
        }

        lock (_lock)
        {
            return handle.Shared is { } node ? node.Pager ??= node.Handles.Find(h => h.CanWrite)?.File : null;
        }
    }

    /// <summary>Somebody who may asked that the handle's name be deleted.</summary>
    public void AskDeletion(NtHandle handle)
    {
        lock (_lock)
        {
            _ = handle.Shared is { } node ? Ask(node, handle) : null;
        }
    }

    /// <summary>The handle's name is to stay after all.</summary>
    public void TakeDeletionBack(NtHandle handle)
    {
        lock (_lock)
        {
            _ = handle.Shared?.Deletions.RemoveAll(d => d.IsOf(handle.Parent, handle.Name));
        }
    }

    /// <summary>Holds an object that a rename is to replace, so that nobody opens it meanwhile. False when it is in use.</summary>
    public bool TryHold(NodeId id)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(id, out OpenNode? node) && (node.Uses > 0 || node.Replacing))
            {
                return false;
            }

            node ??= new OpenNode();
            node.Replacing = true;
            node.Lives++;
            _nodes[id] = node;
            return true;
        }
    }

    /// <summary>Ends TryHold.</summary>
    public void Unhold(NodeId id)
    {
        lock (_lock)
        {
            OpenNode node = _nodes[id];
            node.Replacing = false;
            Leave(id, node);
        }
    }

    /// <summary>An object got another name: the handles that went by the old one go by the new.</summary>
    /// <param name="above">Folders on the way to the new one, and it.</param>
    public void Rename(NtHandle moved, NodeId[] above, byte[] name)
    {
        lock (_lock)
        {
            (NodeId oldParent, byte[] oldName) = (moved.Parent, moved.Name);
            foreach (NtHandle handle in moved.Shared!.Handles)
            {
                if (handle.Parent == oldParent && handle.Name.AsSpan().SequenceEqual(oldName))
                {
                    handle.Above = above;
                    handle.Name = name;
                }
            }

            if (moved.Shared.Deletions.Find(d => d.IsOf(oldParent, oldName)) is { } asked)
            {
                _ = moved.Shared.Deletions.Remove(asked);
                moved.Shared.Deletions.Add(asked with { Parent = moved.Parent, Name = name });
            }
        }
    }

    /// <summary>Name and folder of a handle at this moment.</summary>
    public (NodeId Parent, byte[] Name) NameOf(NtHandle handle)
    {
        lock (_lock)
        {
            return (handle.Parent, handle.Name);
        }
    }

    /// <summary>True when something in a folder, at any depth, is in use: NT moves no such folder, so what is known of the way up stays true.</summary>
    public bool IsInUseBelow(NodeId folder)
    {
        lock (_lock)
        {
            foreach (OpenNode node in _nodes.Values)
            {
                foreach (NtHandle handle in node.Handles)
                {
                    if (!handle.CleanedUp && Array.IndexOf(handle.Above, folder) >= 0)
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    /// <summary>Every handle there is.</summary>
    public List<NtHandle> All()
    {
        lock (_lock)
        {
            var handles = new List<NtHandle>();
            foreach (OpenNode node in _nodes.Values)
            {
                handles.AddRange(node.Handles);
            }

            return handles;
        }
    }

    private static AskedDeletion Ask(OpenNode node, NtHandle handle)
    {
        var asked = new AskedDeletion(handle.Parent, handle.Name, handle.Caller);
        _ = node.Deletions.RemoveAll(d => d.IsOf(handle.Parent, handle.Name));
        node.Deletions.Add(asked);
        return asked;
    }

    private static void AddIf(List<OpenFile> ended, OpenFile? file, bool ends)
    {
        if (ends && file is not null)
        {
            ended.Add(file);
        }
    }

    private void Leave(NodeId id, OpenNode node)
    {
        node.Lives--;
        if (node.Lives == 0)
        {
            _ = _nodes.Remove(id);
        }
    }
}
