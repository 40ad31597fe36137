using System;
using SecureVault.Format.V1;

namespace SecureVault.FileSystem.Namespace;

/// <summary>One name of an object: its folder, its plain and its stored name. Immutable; hard links make a list.</summary>
internal sealed class Place
{
    private readonly byte[] _name;
    private readonly byte[] _stored;

    public Place(Node parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> stored, NameTag tag, Place? next)
        : this(parent, name.ToArray(), stored.ToArray(), tag, next)
    {
    }

    private Place(Node parent, byte[] name, byte[] stored, NameTag tag, Place? next)
    {
        Parent = parent;
        _name = name;
        _stored = stored;
        Tag = tag;
        Next = next;
    }

    public Node Parent { get; }
    public NameTag Tag { get; }

    /// <summary>Another name of the same object, or null.</summary>
    public Place? Next { get; }
    public ReadOnlySpan<byte> Name => _name;
    public ReadOnlySpan<byte> Stored => _stored;

    public bool Is(Node parent, ReadOnlySpan<byte> name) => ReferenceEquals(Parent, parent) && name.SequenceEqual(_name);

    /// <summary>The same place before another list.</summary>
    public Place Before(Place? next) => new(Parent, _name, _stored, Tag, next);
}
