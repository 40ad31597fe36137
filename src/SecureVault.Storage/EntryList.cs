using System;
using System.Collections.Generic;
using SecureVault.Terms;

namespace SecureVault.Storage;

/// <summary>One stored entry of a listing.</summary>
public readonly record struct StoredEntry(byte[] Name, ulong Inode, NodeKind Kind);

/// <summary>Collects a whole listing.</summary>
public sealed class EntryList : IStoreEntrySink
{
    public List<StoredEntry> Entries { get; } = [];

    public bool Add(ReadOnlySpan<byte> storedName, ulong inode, NodeKind kind, ulong nextCookie)
    {
        Entries.Add(new StoredEntry(storedName.ToArray(), inode, kind));
        return true;
    }
}
