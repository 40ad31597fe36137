using System;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Audit;

/// <summary>Where a vault's audit log lies and what it is read with. Owns its handles, borrows the keys.</summary>
internal sealed class AuditPlace : IDisposable
{
    private AuditPlace(IBackingStore store, StoreHandle folder, StoreHandle log, StoreHandle head, bool writable, AuditKeys keys)
    {
        Store = store;
        Folder = folder;
        Log = log;
        Head = head;
        Writable = writable;
        Keys = keys;
    }

    public IBackingStore Store { get; }
    public StoreHandle Folder { get; }
    public StoreHandle Log { get; }
    public StoreHandle Head { get; }

    /// <summary>False on a read-only store: nothing can be recorded.</summary>
    public bool Writable { get; }
    public AuditKeys Keys { get; }

    /// <summary>Opens audit/log and audit/head; missing says which one could not be opened.</summary>
    public static VaultStatus Open(IBackingStore store, StoreHandle vaultFolder, AuditKeys keys, out AuditPlace? place, out string missing)
    {
        place = null;
        missing = "audit";
        VaultStatus status = store.OpenDirectory(vaultFolder, VaultNames.Audit, out StoreHandle? folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        bool writable = true;
        missing = "audit/log";
        status = store.OpenFile(folder!, VaultNames.AuditLog, StoreOpen.ReadWrite, 0, out StoreHandle? log);
        if (status is VaultStatus.ReadOnly or VaultStatus.Denied or VaultStatus.NotPermitted)
        {
            writable = false;
            status = store.OpenFile(folder!, VaultNames.AuditLog, StoreOpen.Read, 0, out log);
        }

        StoreHandle? head = null;
        if (status == VaultStatus.Ok)
        {
            missing = "audit/head";
            status = store.OpenFile(folder!, VaultNames.AuditHead, writable ? StoreOpen.ReadWrite : StoreOpen.Read, 0, out head);
        }

        if (status != VaultStatus.Ok)
        {
            log?.Dispose();
            folder!.Dispose();
            return status;
        }

        place = new AuditPlace(store, folder!, log!, head!, writable, keys);
        return VaultStatus.Ok;
    }

    /// <summary>Reads and authenticates the head; problem stands after the file's name.</summary>
    public VaultStatus ReadHead(out AuditHead head, out string problem)
    {
        head = default;
        problem = "cannot be read";
        Span<byte> stored = stackalloc byte[AuditHead.StoredSize + 1];
        VaultStatus status = Store.ReadAt(Head, stored, 0, out int read);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        problem = "";
        if (read != AuditHead.StoredSize || AuditHead.TryOpen(stored[..read], Keys.Audit, Keys.VaultId, out head) != FormatStatus.Ok)
        {
            problem = read switch
            {
                0 => "is empty",
                < AuditHead.StoredSize => "is cut",
                _ => "is damaged: it is garbled or of another vault",
            };
            return VaultStatus.Corrupt;
        }

        return VaultStatus.Ok;
    }

    public VaultStatus WriteHead(in AuditHead head)
    {
        Span<byte> stored = stackalloc byte[AuditHead.StoredSize];
        head.Write(stored, Keys.Audit, Keys.VaultId);
        return Store.WriteAt(Head, stored, 0, out _);
    }

    public void Dispose()
    {
        Log.Dispose();
        Head.Dispose();
        Folder.Dispose();
    }
}

/// <summary>What audit frames are sealed, bound and verified with; borrowed.</summary>
internal sealed record AuditKeys(AeadKey Audit, Id128 VaultId, ReadOnlyMemory<byte> SigningPoint);
