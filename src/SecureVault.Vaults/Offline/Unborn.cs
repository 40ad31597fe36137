using System;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>What a name leaves that reached the disk before what it names.</summary>
internal static class Unborn
{
    /// <summary>Whether an open file is what a name, or a size, leaves that reached the disk before the file's header. Without its header no content can be read.</summary>
    public static bool Is(IBackingStore store, StoreHandle file, in StoreStat stat)
    {
        if (stat.Size < FileLayout.HeaderSize)
        {
            return true;
        }

        Span<byte> header = stackalloc byte[FileLayout.HeaderSize];
        return store.ReadAt(file, header, 0, out int read) == VaultStatus.Ok && read == header.Length && !header.ContainsAnyExcept((byte)0);
    }

    /// <summary>Whether a folder is what a name leaves that reached the disk before the folder's record: nothing in it was written whole either.</summary>
    public static bool Is(IBackingStore store, StoreHandle folder)
    {
        var list = new EntryList();
        if (HasRecord(store, folder) || store.List(folder, 0, list) != VaultStatus.Ok)
        {
            return false;
        }

        foreach (StoredEntry entry in list.Entries)
        {
            if (entry.Kind == NodeKind.Directory ? !Is(store, folder, entry.Name) : entry.Kind == NodeKind.File && IsWhole(store, folder, entry.Name))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Is(IBackingStore store, StoreHandle parent, ReadOnlySpan<byte> name)
    {
        if (store.OpenDirectory(parent, name, out StoreHandle? below) != VaultStatus.Ok)
        {
            return false;
        }

        using (below)
        {
            return Is(store, below!);
        }
    }

    // A long name's companion is written before the name, and is shorter than any header.
    public static bool IsWhole(IBackingStore store, StoreHandle folder, ReadOnlySpan<byte> name)
    {
        if (store.Stat(folder, name, out StoreStat stat) != VaultStatus.Ok || store.OpenFile(folder, name, StoreOpen.Read, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return true;
        }

        using (file)
        {
            return !Is(store, file!, stat);
        }
    }

    public static bool HasRecord(IBackingStore store, StoreHandle folder) =>
        store.Stat(folder, NameCodec.DirectoryRecordName, out StoreStat stat) switch
        {
            VaultStatus.NotFound => false,
            VaultStatus.Ok => stat.Size >= DirectoryRecord.StoredSize,
            _ => !IsZero(store, folder),
        };

    private static bool IsZero(IBackingStore store, StoreHandle folder)
    {
        if (store.OpenFile(folder, NameCodec.DirectoryRecordName, StoreOpen.Read, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return false;
        }

        using (file)
        {
            Span<byte> record = stackalloc byte[DirectoryRecord.StoredSize];
            return store.ReadAt(file!, record, 0, out int read) == VaultStatus.Ok && !record[..read].ContainsAnyExcept((byte)0);
        }
    }
}
