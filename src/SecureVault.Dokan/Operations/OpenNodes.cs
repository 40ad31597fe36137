using System;
using System.Collections.Generic;
using System.Threading;
using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Everything that is open: share modes, pending deletes, and the names that handles go by.</summary>
/// <remarks>Any thread. The driver keeps such a table too; this one makes the drive right without it and never disagrees.</remarks>
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

    /// <summary>Begins an open: DeletePending, SharingViolation, or Success and then exactly one Settle or Abandon.</summary>
    /// <param name="access">What is to be counted.</param>
    /// <param name="implied">What the disposition does besides: checked, not counted.</param>
    public NtStatus Begin(NodeId id, NtAccess access, NtAccess implied, NtShare share, out OpenNode node)
    {
        lock (_lock)
        {
            bool known = _nodes.TryGetValue(id, out OpenNode? found);
            node = found ?? new OpenNode();
            if (node.DeletePending)
            {
                return NtStatus.DeletePending;
            }

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

    /// <summary>Ends a handle's use. True when it was the last and the object is to be removed now, under the name told.</summary>
    /// <param name="delete">The driver says that this cleanup removes the object.</param>
    public bool CleanUp(NtHandle handle, bool delete, out NodeId parent, out byte[] name)
    {
        lock (_lock)
        {
            (parent, name) = (handle.Parent, handle.Name);
            if (handle.CleanedUp || handle.Shared is not { } node)
            {
                return false;
            }

            handle.CleanedUp = true;
            node.Shares.Count(handle.Access, handle.Share, -1);
            node.Uses--;
            node.DeletePending |= delete || handle.DeleteOnClose;
            return node.Uses == 0 && node.DeletePending;
        }
    }

    /// <summary>Ends a handle. False when it was closed before.</summary>
    public bool Close(NtHandle handle)
    {
        lock (_lock)
        {
            if (handle.Closed)
            {
                return false;
            }

            handle.Closed = true;
            if (handle.Shared is { } node)
            {
                _ = node.Handles.Remove(handle);
                Leave(handle.Node, node);
            }

            return true;
        }
    }

    /// <summary>Says that the object goes with its last use, or that it does not.</summary>
    public void SetDeletePending(NtHandle handle, bool pending)
    {
        lock (_lock)
        {
            if (handle.Shared is { } node)
            {
                node.DeletePending = pending;
            }

            handle.DeleteOnClose &= pending;
        }
    }

    /// <summary>True when nobody may open the object any more.</summary>
    public bool IsDeletePending(NodeId id)
    {
        lock (_lock)
        {
            return _nodes.TryGetValue(id, out OpenNode? node) && node.DeletePending;
        }
    }

    /// <summary>Holds an object that a rename is to replace, so that nobody opens it meanwhile. False when it is in use.</summary>
    public bool TryHold(NodeId id)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(id, out OpenNode? node) && (node.Uses > 0 || node.DeletePending || node.Replacing))
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

    private void Leave(NodeId id, OpenNode node)
    {
        node.Lives--;
        if (node.Lives == 0)
        {
            _ = _nodes.Remove(id);
        }
    }
}
