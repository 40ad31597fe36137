using System;
using System.Collections.Generic;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Whether a listed folder holds nothing but the engine's own leftovers, which it collects.</summary>
internal sealed class EmptyCheck(List<byte[]> leftovers) : IStoreEntrySink
{
    public bool IsEmpty { get; private set; } = true;

    public bool Add(ReadOnlySpan<byte> storedName, ulong inode, NodeKind kind, ulong nextCookie)
    {
        if (!DirectoryListing.IsOwn(storedName))
        {
            IsEmpty = false;
        }
        else if (!storedName.SequenceEqual(NameCodec.DirectoryRecordName))
        {
            leftovers.Add(storedName.ToArray());
        }

        return IsEmpty;
    }
}
