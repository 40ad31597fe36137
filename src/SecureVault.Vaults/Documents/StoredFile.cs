using System;
using System.Security.Cryptography;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Documents;

/// <summary>Whole small files of a vault: read at once, replaced atomically.</summary>
/// <remarks>
/// A replacement is staged as securevault.tmp.NAME (written, made durable), then published (renamed over, folder made durable).
/// The staging name is fixed, so the caller holds the lock under which that document is edited.
/// </remarks>
internal static class StoredFile
{
    private static ReadOnlySpan<byte> StagePrefix => "securevault.tmp."u8;

    /// <summary>Reads a file of at most limit bytes. TooLarge when it has more.</summary>
    public static VaultStatus Read(IBackingStore store, StoreHandle directory, ReadOnlySpan<byte> name, int limit, out byte[] bytes, out StoredVersion version)
    {
        bytes = [];
        version = default;
        VaultStatus status = store.OpenFile(directory, name, StoreOpen.Read, 0, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = store.Stat(file!, out StoreStat stat);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            version = StoredVersion.Of(stat);
            if (stat.Kind != NodeKind.File || stat.Size > limit)
            {
                return stat.Kind != NodeKind.File ? VaultStatus.Invalid : VaultStatus.TooLarge;
            }

            byte[] whole = new byte[stat.Size];
            status = store.ReadAt(file!, whole, 0, out int read);
            bytes = read == whole.Length ? whole : whole[..read];
            return status;
        }
    }

    /// <summary>Replaces a file durably: old or new, never a mixture, whenever the machine stops.</summary>
    public static VaultStatus Replace(IBackingStore store, StoreHandle directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        VaultStatus status = Stage(store, directory, name, bytes);
        return status == VaultStatus.Ok ? Publish(store, directory, name) : status;
    }

    /// <summary>Writes the replacement beside the file, durable; nothing of it is left when it fails. Keeps the owner of the file it replaces.</summary>
    public static VaultStatus Stage(IBackingStore store, StoreHandle directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        Discard(store, directory, name);
        Span<byte> stage = stackalloc byte[StagePrefix.Length + name.Length];
        StageName(name, stage);
        VaultStatus status = store.OpenFile(directory, stage, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, VaultNames.FileMode, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = store.WriteAt(file!, bytes, 0, out _);
            if (status == VaultStatus.Ok)
            {
                KeepOwner(store, directory, name, file!);
                status = store.Sync(file!, false);
            }
        }

        if (status != VaultStatus.Ok)
        {
            store.Unlink(directory, stage);
        }

        return status;
    }

    public static VaultStatus Publish(IBackingStore store, StoreHandle directory, ReadOnlySpan<byte> name)
    {
        Span<byte> stage = stackalloc byte[StagePrefix.Length + name.Length];
        StageName(name, stage);
        VaultStatus status = store.Rename(directory, stage, directory, name, RenameKind.Replace);
        return status == VaultStatus.Ok ? store.Sync(directory, false) : status;
    }

    /// <summary>Removes a staged replacement, if there is one.</summary>
    public static void Discard(IBackingStore store, StoreHandle directory, ReadOnlySpan<byte> name)
    {
        Span<byte> stage = stackalloc byte[StagePrefix.Length + name.Length];
        StageName(name, stage);
        store.Unlink(directory, stage);
    }

    /// <summary>Writes a new file durably; Exists when the name is taken.</summary>
    public static VaultStatus WriteNew(IBackingStore store, StoreHandle directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        VaultStatus status = store.OpenFile(directory, name, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, VaultNames.FileMode, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = store.WriteAt(file!, bytes, 0, out _);
            return status == VaultStatus.Ok ? store.Sync(file!, false) : status;
        }
    }

    /// <summary>Wipes bytes that held a secret.</summary>
    public static void Wipe(byte[]? bytes)
    {
        if (bytes is not null)
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static void StageName(ReadOnlySpan<byte> name, Span<byte> stage)
    {
        StagePrefix.CopyTo(stage);
        name.CopyTo(stage[StagePrefix.Length..]);
    }

    /// <summary>A vault of alice edited by root stays readable to alice. Where the system refuses, the editor owns the file.</summary>
    private static void KeepOwner(IBackingStore store, StoreHandle directory, ReadOnlySpan<byte> name, StoreHandle file)
    {
        if (store.Stat(directory, name, out StoreStat old) == VaultStatus.Ok
            && store.Stat(file, out StoreStat now) == VaultStatus.Ok
            && (old.Uid != now.Uid || old.Gid != now.Gid))
        {
            store.SetOwner(file, old.Uid, old.Gid);
        }
    }
}
