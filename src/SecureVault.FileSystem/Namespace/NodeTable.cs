using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>All nodes, by their own number, by backing object and by name.</summary>
/// <remarks>Any thread; finding and counting take no lock but the node's own.</remarks>
internal sealed class NodeTable
{
    private readonly ConcurrentDictionary<ulong, Node> _byId = new();
    private readonly ConcurrentDictionary<StoredIdentity, Node> _byStored = new();

    // By folder and hash of the name; of two names with one hash the later stands here, so that what is found is compared.
    private readonly ConcurrentDictionary<(ulong Folder, int Name), Node> _byName = new();
    private ulong _lastId = NodeId.Root.Value;

    public NodeTable(StoredIdentity root)
    {
        Root = new Node(NodeId.Root, root, NodeKind.Directory);
        _ = Root.TryPin();
        _byId[Root.Id.Value] = Root;
        _byStored[root] = Root;
    }

    public Node Root { get; }
    public IEnumerable<Node> All => _byId.Values;
    public int Count => _byId.Count;

    public Node? Find(NodeId id) => _byId.TryGetValue(id.Value, out Node? node) ? node : null;

    public Node? Find(StoredIdentity stored) => _byStored.TryGetValue(stored, out Node? node) ? node : null;

    /// <summary>The node known under a name, with one lookup counted; null when none is, though the store may have the name.</summary>
    public Node? Find(Node parent, ReadOnlySpan<byte> name, out Place? place)
    {
        place = _byName.TryGetValue(KeyOf(parent, name), out Node? node) ? node.PlaceOf(parent, name) : null;
        return place is not null && node!.TryAddLookup() ? node : null;
    }

    /// <summary>The node of a backing object, made when new, with one lookup counted. fresh: the object was just made, so whatever has its identity is long gone.</summary>
    public Node Intern(StoredIdentity stored, NodeKind kind, bool fresh)
    {
        while (true)
        {
            if (_byStored.TryGetValue(stored, out Node? found))
            {
                if (!fresh && found.Kind == kind && found.TryAddLookup())
                {
                    return found;
                }

                Detach(found);
            }

            var made = new Node(new NodeId(Interlocked.Increment(ref _lastId)), stored, kind);
            _ = made.TryAddLookup();
            if (_byStored.TryAdd(stored, made))
            {
                _byId[made.Id.Value] = made;
                return made;
            }
        }
    }

    /// <summary>The backing object is gone: its identity may be used again by another.</summary>
    public void Detach(Node node) => _byStored.TryRemove(new KeyValuePair<StoredIdentity, Node>(node.Stored, node));

    public void Forget(Node node, ulong count)
    {
        if (node.Forget(count))
        {
            Drop(node);
        }
    }

    /// <summary>Closes what nodes without names still hold: nobody asks any more, though a kernel has not forgotten them.</summary>
    public void LetGo()
    {
        foreach (Node node in _byId.Values)
        {
            node.File?.LetGo();
            if (node.Unlinked)
            {
                node.Folder?.Drop();
            }
        }
    }

    public void Unpin(Node node)
    {
        if (node.Unpin())
        {
            Drop(node);
        }
    }

    /// <summary>Adds a name; when it is the only one there can be, it replaces those known before.</summary>
    public void AddPlace(Node node, Node parent, ReadOnlySpan<byte> name, in EntryName entry, bool only)
    {
        if (!node.HasPlace(parent, name) || (only && node.Place?.Next is not null))
        {
            Change(node, new Place(parent, name, entry.Stored, entry.Tag, null), null, default, only, false);
        }
    }

    /// <summary>Takes one name away; gone: it was the last.</summary>
    public void RemovePlace(Node node, Node parent, ReadOnlySpan<byte> name, bool gone)
    {
        Change(node, null, parent, name, gone, gone);
        if (gone)
        {
            Detach(node);
        }
    }

    /// <summary>One name becomes another, in one step for whoever reads the places meanwhile.</summary>
    public void Rename(Node node, Node parent, ReadOnlySpan<byte> name, Node newParent, ReadOnlySpan<byte> newName, in EntryName entry) =>
        Change(node, new Place(newParent, newName, entry.Stored, entry.Tag, null), parent, name, false, false);

    // One step of a node's names, under its monitor from reading the list to setting it: names of other folders come and go meanwhile.
    // The folder of each name is pinned, so that the way up stays: before the monitor is taken, and unpinned after it.
    private void Change(Node node, Place? added, Node? parent, ReadOnlySpan<byte> name, bool alone, bool unlinked)
    {
        _ = added?.Parent.TryPin();
        Place? before;
        lock (node)
        {
            before = node.Place;
            Place? kept = null;
            for (Place? place = before; place is not null; place = place.Next)
            {
                if (Stays(place, added, parent, name, alone))
                {
                    kept = place.Before(kept);
                }
                else
                {
                    Unname(place, node);
                }
            }

            node.SetPlaces(added is null ? kept : added.Before(kept), unlinked);
            if (added is not null)
            {
                _byName[KeyOf(added.Parent, added.Name)] = node;
            }
        }

        for (; before is not null; before = before.Next)
        {
            if (!Stays(before, added, parent, name, alone))
            {
                Unpin(before.Parent);
            }
        }
    }

    private static bool Stays(Place place, Place? added, Node? parent, ReadOnlySpan<byte> name, bool alone) =>
        !alone && !(parent is not null && place.Is(parent, name)) && !(added is not null && place.Is(added.Parent, added.Name));

    private void Unname(Place place, Node node) => _byName.TryRemove(new KeyValuePair<(ulong, int), Node>(KeyOf(place.Parent, place.Name), node));

    private static (ulong Folder, int Name) KeyOf(Node parent, ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(name);
        return (parent.Id.Value, hash.ToHashCode());
    }

    // Giving up a node gives back the pins of its parents, which may free them in turn: a loop, not a recursion,
    // because a tree may be deeper than a stack.
    private void Drop(Node node)
    {
        var free = new Stack<Node>();
        free.Push(node);
        while (free.TryPop(out Node? next))
        {
            _ = _byId.TryRemove(next.Id.Value, out _);
            Detach(next);
            next.Folder?.Drop();
            next.File?.LetGo();
            for (Place? place = next.Place; place is not null; place = place.Next)
            {
                Unname(place, next);
                if (place.Parent.Unpin())
                {
                    free.Push(place.Parent);
                }
            }
        }
    }
}
