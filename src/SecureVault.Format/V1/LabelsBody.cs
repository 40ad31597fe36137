using System;
using System.Collections.Generic;
using System.Linq;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>Body of the document `labels`: which key the objects were given that had another before.</summary>
/// <remarks>
/// <code>
///  0  1  version, 1
///  1  4  number of entries
///  5     entries, ids strictly ascending: id of the file or folder (16), key id (16); nothing after the last
/// </code>
/// A key id of zero stands for unlabelled, as in a folder's record. Any thread.
/// </remarks>
public static class LabelsBody
{
    private const byte Version = 1;
    private const int Start = 5;
    private const int EntrySize = 2 * Id128.Size;

    public static byte[] Write(IReadOnlyDictionary<Id128, KeyId> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        byte[] body = new byte[Start + (keys.Count * EntrySize)];
        body[0] = Version;
        WriteInt32LittleEndian(body.AsSpan(1), keys.Count);
        Span<byte> rest = body.AsSpan(Start);
        foreach (Id128 owner in keys.Keys.Order())
        {
            owner.Write(rest);
            keys[owner].Value.Write(rest[Id128.Size..]);
            rest = rest[EntrySize..];
        }

        return body;
    }

    /// <summary>False for any bytes that Write does not make.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out Dictionary<Id128, KeyId> keys)
    {
        keys = [];
        if (body.Length < Start || body[0] != Version || (body.Length - Start) % EntrySize != 0 || ReadInt32LittleEndian(body[1..]) != (body.Length - Start) / EntrySize)
        {
            return false;
        }

        Id128 last = default;
        for (ReadOnlySpan<byte> rest = body[Start..]; !rest.IsEmpty; rest = rest[EntrySize..])
        {
            Id128 owner = Id128.Read(rest);
            if (owner <= last)
            {
                return false;
            }

            keys[owner] = new KeyId(Id128.Read(rest[Id128.Size..]));
            last = owner;
        }

        return true;
    }
}
