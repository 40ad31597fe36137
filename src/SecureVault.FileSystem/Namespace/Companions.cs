using System;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>The files that carry encrypted names too long for the backing store: written before the name is used, removed after.</summary>
internal sealed class Companions
{
    private const uint CompanionMode = 0x180; // 0600

    private readonly IBackingStore _store;

    public Companions(IBackingStore store) => _store = store;

    /// <summary>Writes the companion of a long name and makes it durable; nothing for a short one.</summary>
    public VaultStatus Write(StoreHandle folder, in EntryName entry)
    {
        if (!entry.IsLong)
        {
            return VaultStatus.Ok;
        }

        Span<byte> name = stackalloc byte[NameCodec.MaxStoredName];
        name = name[..NameCodec.CompanionName(entry.Stored, name)];
        VaultStatus status = _store.OpenFile(folder, name, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Truncate, CompanionMode, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = _store.WriteAt(file!, entry.Cipher, 0, out _);
            return status == VaultStatus.Ok ? _store.Sync(file!, false) : status;
        }
    }

    /// <summary>Removes the companion of a long name; nothing for a short one. A leftover does no harm, so failing is not reported.</summary>
    public void Remove(StoreHandle folder, ReadOnlySpan<byte> stored)
    {
        if (IsLong(stored))
        {
            Span<byte> name = stackalloc byte[NameCodec.MaxStoredName];
            _ = _store.Unlink(folder, name[..NameCodec.CompanionName(stored, name)]);
        }
    }

    /// <summary>Reads the cipher bytes of a long name. Corrupt when the companion is missing or another's.</summary>
    public VaultStatus Read(StoreHandle folder, ReadOnlySpan<byte> stored, Span<byte> cipher, out int length)
    {
        length = 0;
        Span<byte> name = stackalloc byte[NameCodec.MaxStoredName];
        name = name[..NameCodec.CompanionName(stored, name)];
        VaultStatus status = _store.OpenFile(folder, name, StoreOpen.Read, 0, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.NotFound ? VaultStatus.Corrupt : status;
        }

        using (file)
        {
            status = _store.ReadAt(file!, cipher, 0, out length);
            return status == VaultStatus.Ok && !NameCodec.CompanionMatches(stored, cipher[..length]) ? VaultStatus.Corrupt : status;
        }
    }

    private static bool IsLong(ReadOnlySpan<byte> stored) => stored.EndsWith(".long"u8);
}
