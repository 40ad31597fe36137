using System;
using System.Collections.Generic;
using System.Text;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Whether a listed folder holds nothing but leftovers, the engine's own and those of known other programs, which it collects.</summary>
internal sealed class EmptyCheck(List<byte[]> leftovers) : IStoreEntrySink
{
    public bool IsEmpty { get; private set; } = true;

    /// <summary>A stored name that no vault makes and no listing shows, in the way; empty when there is none.</summary>
    public string InTheWay { get; private set; } = "";

    public bool Add(ReadOnlySpan<byte> storedName, ulong inode, NodeKind kind, ulong nextCookie)
    {
        if (!DirectoryListing.IsNotShown(storedName))
        {
            IsEmpty = false;
            Span<byte> cipher = stackalloc byte[NameCodec.MaxCipherName];
            InTheWay = NameCodec.TryUnspell(storedName, cipher, out _, out _) ? "" : Encoding.UTF8.GetString(storedName);
        }
        else if (!storedName.SequenceEqual(NameCodec.DirectoryRecordName))
        {
            leftovers.Add(storedName.ToArray());
        }

        return IsEmpty;
    }
}
