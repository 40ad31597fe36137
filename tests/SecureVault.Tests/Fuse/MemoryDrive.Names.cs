using System;
using System.Collections.Generic;
using SecureVault.Terms;

namespace SecureVault.Tests.Fuse;

/// <summary>Making, removing and moving names.</summary>
internal sealed partial class MemoryDrive
{
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
        if (kind != RenameKind.Replace && !KnowsRenameFlags)
        {
            return VaultStatus.Invalid;
        }

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
}
