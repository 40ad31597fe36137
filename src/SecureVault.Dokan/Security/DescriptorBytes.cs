using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using SecureVault.Dokan.Values;

namespace SecureVault.Dokan.Security;

/// <summary>One allowing entry of an access list.</summary>
internal readonly record struct Allowed(byte[] Sid, NtAccess Access);

/// <summary>
/// A self-relative security descriptor, all little-endian (MS-DTYP 2.4.6, 2.4.5, 2.4.4.2):
/// revision 1 | 0 | control (2) | offsets of owner, group, SACL, DACL (4 each, 0 = absent) | owner | group | DACL.
/// DACL: revision 2 | 0 | size (2) | count (2) | 0 (2) | entries. Entry: type 0 | flags | size (2) | access (4) | SID.
/// </summary>
internal static class DescriptorBytes
{
    private const int HeadSize = 20;
    private const int ListHeadSize = 8;
    private const int EntryHeadSize = 8;
    private const ushort SelfRelative = 0x8000;
    private const ushort DaclPresent = 0x0004;
    private const ushort DaclProtected = 0x1000;

    /// <summary>OBJECT_INHERIT_ACE and CONTAINER_INHERIT_ACE: what lies in a folder gets the same.</summary>
    private const byte Inherits = 0x03;

    /// <summary>Parts that are not asked for are left out. Not more than about 1,300 entries fit a list; the rest are left out.</summary>
    public static byte[] Make(NtSecurityParts parts, byte[] owner, byte[] group, IReadOnlyList<Allowed> dacl, bool folder)
    {
        owner = (parts & NtSecurityParts.Owner) != 0 ? owner : [];
        group = (parts & NtSecurityParts.Group) != 0 ? group : [];
        bool hasDacl = (parts & NtSecurityParts.Dacl) != 0;
        int count = 0;
        int listSize = hasDacl ? ListSize(dacl, out count) : 0;
        byte[] bytes = new byte[HeadSize + owner.Length + group.Length + listSize];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)(SelfRelative | (hasDacl ? DaclPresent | DaclProtected : 0)));
        int at = HeadSize;
        at = Place(bytes, 4, owner, at);
        at = Place(bytes, 8, group, at);
        if (hasDacl)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), at);
            WriteList(bytes.AsSpan(at), dacl, count, folder ? Inherits : (byte)0);
        }

        return bytes;
    }

    private static int Place(Span<byte> bytes, int field, byte[] sid, int at)
    {
        if (sid.Length > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[field..], at);
            sid.CopyTo(bytes[at..]);
        }

        return at + sid.Length;
    }

    private static int ListSize(IReadOnlyList<Allowed> dacl, out int count)
    {
        int size = ListHeadSize;
        for (count = 0; count < dacl.Count && size + EntryHeadSize + dacl[count].Sid.Length <= ushort.MaxValue; count++)
        {
            size += EntryHeadSize + dacl[count].Sid.Length;
        }

        return size;
    }

    private static void WriteList(Span<byte> list, IReadOnlyList<Allowed> dacl, int count, byte flags)
    {
        list[0] = 2;
        BinaryPrimitives.WriteUInt16LittleEndian(list[2..], (ushort)list.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(list[4..], (ushort)count);
        int at = ListHeadSize;
        for (int i = 0; i < count; i++)
        {
            Allowed entry = dacl[i];
            int size = EntryHeadSize + entry.Sid.Length;
            list[at + 1] = flags;
            BinaryPrimitives.WriteUInt16LittleEndian(list[(at + 2)..], (ushort)size);
            BinaryPrimitives.WriteUInt32LittleEndian(list[(at + 4)..], (uint)entry.Access);
            entry.Sid.CopyTo(list[(at + EntryHeadSize)..]);
            at += size;
        }
    }
}
