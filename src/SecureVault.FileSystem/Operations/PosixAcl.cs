using System;
using System.Buffers.Binary;
using System.Linq;

namespace SecureVault.FileSystem.Operations;

/// <summary>An access control list of POSIX 1003.1e (draft 17) as Linux has it, and what it and a mode say of each other. Immutable.</summary>
/// <remarks>
/// Source: linux/posix_acl_xattr.h (the form), fs/posix_acl.c (what is valid, how a new object's follows from its folder's).
/// <code>
/// 0  4  version = 2           each entry, little-endian:  0  2  tag
/// 4  8  entry, 4 to 511 of them or 3                      2  2  permissions
///                                                         4  4  user or group, else 0xFFFFFFFF
/// </code>
/// </remarks>
internal sealed class PosixAcl
{
    /// <summary>Bytes of the longest list: what a Linux kernel takes from a file system.</summary>
    public const int LongestValue = 4096;

    private const uint Version = 2;
    private const int HeadSize = 4;
    private const int EntrySize = 8;
    private const uint NoId = uint.MaxValue;
    private const uint AllThree = 7;

    private readonly AclEntry[] _entries;

    private PosixAcl(AclEntry[] entries) => _entries = entries;

    /// <summary>Whether the list says no more than a mode does: owner, owning group and others.</summary>
    public bool IsMinimal => _entries.Length == 3;

    /// <summary>Permission bits of the object that has the list (0777): those of its group class are the mask's where there is one.</summary>
    public uint Mode => (Of(AclTag.Owner) << 6) | (GroupClass << 3) | Of(AclTag.Other);

    /// <summary>What the owning group may in truth: for objects that keep a mode and no list.</summary>
    public uint ModeWithoutList => (Mode & ~(AllThree << 3)) | ((Of(AclTag.OwningGroup) & GroupClass) << 3);

    public int Length => HeadSize + _entries.Length * EntrySize;

    private bool HasMask => _entries[^2].Tag == AclTag.Mask;

    private uint GroupClass => HasMask ? Of(AclTag.Mask) : Of(AclTag.OwningGroup);

    /// <summary>False for what is no list of version 2 with the entries that it needs, in their order, and no other bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out PosixAcl? acl)
    {
        acl = null;
        if (value.Length is < HeadSize or > LongestValue || (value.Length - HeadSize) % EntrySize != 0 || BinaryPrimitives.ReadUInt32LittleEndian(value) != Version)
        {
            return false;
        }

        var entries = new AclEntry[(value.Length - HeadSize) / EntrySize];
        for (int i = 0; i < entries.Length; i++)
        {
            ReadOnlySpan<byte> entry = value.Slice(HeadSize + i * EntrySize, EntrySize);
            var tag = (AclTag)BinaryPrimitives.ReadUInt16LittleEndian(entry);
            entries[i] = new AclEntry(tag, BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
        }

        acl = IsValid(entries) ? new PosixAcl(entries) : null;
        return acl is not null;
    }

    /// <summary>Writes the form that TryRead takes.</summary>
    /// <param name="value">Length bytes.</param>
    public void Write(Span<byte> value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(value, Version);
        for (int i = 0; i < _entries.Length; i++)
        {
            Span<byte> entry = value.Slice(HeadSize + i * EntrySize, EntrySize);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)_entries[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)_entries[i].Permissions);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], _entries[i].IsNamed ? _entries[i].Id : NoId);
        }
    }

    /// <summary>Writes the form that TryRead takes.</summary>
    public byte[] ToBytes()
    {
        byte[] value = new byte[Length];
        Write(value);
        return value;
    }

    /// <summary>The list after a chmod: owner, group class and others get the mode's bits.</summary>
    public PosixAcl WithMode(uint mode) => Change((entry, bits) => bits, mode);

    /// <summary>The list of a new object whose folder hands this one on: no more than the list says, and no more than the program that makes it asks for.</summary>
    public PosixAcl ForNew(uint asked) => Change((entry, bits) => entry & bits, asked);

    private PosixAcl Change(Func<uint, uint, uint> bitsOf, uint mode)
    {
        AclTag group = HasMask ? AclTag.Mask : AclTag.OwningGroup;
        return new PosixAcl([.. _entries.Select(entry => entry.Tag == AclTag.Owner ? To(entry, mode >> 6)
            : entry.Tag == group ? To(entry, mode >> 3)
            : entry.Tag == AclTag.Other ? To(entry, mode)
            : entry)]);

        AclEntry To(AclEntry entry, uint bits) => entry with { Permissions = bitsOf(entry.Permissions, bits & AllThree) };
    }

    // Owner, users, owning group, groups, mask, others: those without a name exactly once, the mask where a name is. No names are compared: the kernel looks no further than the first.
    private static bool IsValid(AclEntry[] entries)
    {
        AclTag last = 0;
        foreach (AclEntry entry in entries)
        {
            bool known = entry.Tag is AclTag.Owner or AclTag.User or AclTag.OwningGroup or AclTag.Group or AclTag.Mask or AclTag.Other;
            bool follows = entry.IsNamed ? entry.Tag >= last && entry.Id != NoId : entry.Tag > last;
            if (!known || !follows || entry.Permissions > AllThree)
            {
                return false;
            }

            last = entry.Tag;
        }

        bool needsMask = entries.Any(e => e.IsNamed);
        return Has(AclTag.Owner) && Has(AclTag.OwningGroup) && Has(AclTag.Other) && (!needsMask || Has(AclTag.Mask));

        bool Has(AclTag tag) => entries.Any(e => e.Tag == tag);
    }

    private uint Of(AclTag tag)
    {
        foreach (AclEntry entry in _entries)
        {
            if (entry.Tag == tag)
            {
                return entry.Permissions;
            }
        }

        throw new InvalidOperationException("A list without an entry that every list has.");
    }
}
