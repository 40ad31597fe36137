using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>Identity of a backing object: all hard links of a file share it.</summary>
internal readonly record struct StoredIdentity(ulong Device, ulong Inode);

/// <summary>An object that a kernel, a child or an open file knows. Lives while anyone holds it: lookups of the kernel, pins of the engine.</summary>
/// <remarks>The node's own monitor protects counts, the setting of places and the remembered label; those calls are leaves. A node without content also lends it to who changes its attributes or its last name, see FILESYSTEM.md.</remarks>
internal sealed class Node
{
    private long _lookups;
    private int _pins;
    private bool _dropped;
    private volatile Place? _place;
    private KeyId _label;
    private ulong _labelEpoch;
    private bool _labelKnown;
    private long _reportedAt = long.MinValue;

    public Node(NodeId id, StoredIdentity stored, NodeKind kind)
    {
        Id = id;
        Stored = stored;
        Kind = kind;
        Folder = kind == NodeKind.Directory ? new Folder() : null;
        File = kind == NodeKind.File ? new SharedContent() : null;
    }

    public NodeId Id { get; }
    public StoredIdentity Stored { get; }
    public NodeKind Kind { get; }

    /// <summary>Present when Kind is Directory.</summary>
    public Folder? Folder { get; }

    /// <summary>Present when Kind is File.</summary>
    public SharedContent? File { get; }

    /// <summary>The names known; null for the root and for what was deleted.</summary>
    public Place? Place => _place;
    public bool IsRoot => Id == NodeId.Root;

    /// <summary>The last name was removed: only open handles still reach it.</summary>
    public bool Unlinked { get; private set; }

    /// <summary>False when the node is already given up and may not be revived.</summary>
    public bool TryAddLookup()
    {
        lock (this)
        {
            _lookups += _dropped ? 0 : 1;
            return !_dropped;
        }
    }

    /// <summary>False when the node is already given up and may not be revived.</summary>
    public bool TryPin()
    {
        lock (this)
        {
            _pins += _dropped ? 0 : 1;
            return !_dropped;
        }
    }

    /// <summary>Gives lookups back; true exactly once, when nobody holds the node any more.</summary>
    public bool Forget(ulong count)
    {
        lock (this)
        {
            _lookups -= (long)Math.Min(count, (ulong)_lookups);
            return DropWhenFree();
        }
    }

    /// <summary>Gives a pin back; true exactly once, when nobody holds the node any more.</summary>
    public bool Unpin()
    {
        lock (this)
        {
            _pins--;
            return DropWhenFree();
        }
    }

    public bool HasPlace(Node parent, ReadOnlySpan<byte> name) => PlaceOf(parent, name) is not null;

    /// <summary>The node's name in a folder as it is known, or null.</summary>
    public Place? PlaceOf(Node parent, ReadOnlySpan<byte> name)
    {
        Place? place = _place;
        while (place is not null && !place.Is(parent, name))
        {
            place = place.Next;
        }

        return place;
    }

    /// <summary>Sets the list of names. Under the node's monitor since the list was read that it was made from, and with the change lock of the folder whose name comes or goes.</summary>
    public void SetPlaces(Place? place, bool unlinked)
    {
        _place = place;
        Unlinked = unlinked;
    }

    public bool TryGetLabel(ulong epoch, out KeyId label)
    {
        lock (this)
        {
            label = _label;
            return _labelKnown && _labelEpoch == epoch;
        }
    }

    public void SetLabel(KeyId label, ulong epoch)
    {
        lock (this)
        {
            _label = label;
            _labelEpoch = epoch;
            _labelKnown = true;
        }
    }

    /// <summary>True when the last report of damage is more than a minute old (monotonic milliseconds).</summary>
    public bool MayReport(long nowMs)
    {
        lock (this)
        {
            if (_reportedAt != long.MinValue && nowMs - _reportedAt < 60_000)
            {
                return false;
            }

            _reportedAt = nowMs;
            return true;
        }
    }

    private bool DropWhenFree()
    {
        if (_dropped || _lookups > 0 || _pins > 0)
        {
            return false;
        }

        _dropped = true;
        return true;
    }
}
