using System;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>Makes a vault folder: everything durable, the config last, so that a folder is a vault only when it is a whole one.</summary>
/// <param name="probes">Whether the file system is tried first.</param>
internal sealed class VaultCreation(IBackingStore store, string path, TimeProvider clock, bool probes)
{
    private readonly NewFolder _newFolder = new(path);

    public VaultResult Run(CipherSuite suite, ReadOnlySpan<byte> passphrase, ScryptCost cost)
    {
        VaultResult ready = _newFolder.Prepare();
        if (!ready.IsOk)
        {
            return ready;
        }

        VaultStatus status = store.OpenRoot(path, out StoreHandle? folder);
        if (status != VaultStatus.Ok)
        {
            _newFolder.Remove();
            return VaultMessages.Store(path, "Opening", status);
        }

        using (folder)
        {
            VaultResult fit = probes ? StoreCheck.Run(store, folder!, path, out _) : VaultResult.Ok;
            if (!fit.IsOk)
            {
                _newFolder.Remove();
                return fit;
            }

            status = Fill(folder!, suite, passphrase, cost, out string failed);
            if (status == VaultStatus.Ok)
            {
                _newFolder.SyncParent(store);
                return VaultResult.Ok;
            }

            Undo(folder!);
            _newFolder.Remove();
            return VaultMessages.Store($"{path}/{failed}", "Writing", status);
        }
    }

    private VaultStatus Fill(StoreHandle folder, CipherSuite suite, ReadOnlySpan<byte> passphrase, ScryptCost cost, out string failed)
    {
        using SecretKey vaultKey = SecretKey.Generate(32);
        using SigningKey signer = SigningKey.Generate();
        VaultConfig config = VaultConfig.Create(suite, FileLayout.DefaultBlockShift, signer.PublicPoint(), passphrase, vaultKey, cost);
        using var keys = new VaultKeys(suite, vaultKey);
        VaultStatus status = MakeFolders(folder, out failed);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = WriteDocuments(folder, new VaultDocuments(store, config, keys.Document), signer, out failed);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        failed = "root";
        status = WriteRoot(folder, keys, suite);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        failed = "audit";
        status = WriteAudit(folder, keys, config, signer);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        failed = "securevault.json";
        return StoredFile.Replace(store, folder, VaultNames.Config, config.ToJson());
    }

    private VaultStatus MakeFolders(StoreHandle folder, out string failed)
    {
        failed = "";
        foreach (string name in new[] { "audit", "journal", "jobs", "root" })
        {
            failed = name;
            VaultStatus status = store.MakeDirectory(folder, System.Text.Encoding.UTF8.GetBytes(name), VaultNames.FolderMode);
            if (status != VaultStatus.Ok)
            {
                return status;
            }
        }

        failed = "lock";
        return StoredFile.WriteNew(store, folder, VaultNames.Lock, default);
    }

    private VaultStatus WriteDocuments(StoreHandle folder, VaultDocuments documents, SigningKey signer, out string failed)
    {
        failed = "keyring";
        VaultStatus status = WriteKeyring(folder, documents, signer);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        failed = "policy";
        PolicyDocument policy = PolicyDocument.Initial();
        status = StoredFile.WriteNew(store, folder, VaultNames.Policy, documents.Seal(DocumentKind.Policy, policy.Version, policy.ToJson(), signer));
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        failed = "sessions";
        return StoredFile.WriteNew(store, folder, VaultNames.Sessions, documents.Seal(DocumentKind.Sessions, 1, SessionsDocument.Initial.ToJson(), signer));
    }

    private VaultStatus WriteKeyring(StoreHandle folder, VaultDocuments documents, SigningKey signer)
    {
        Span<byte> scalar = stackalloc byte[32];
        signer.ExportPrivate(scalar);
        SigningKey.TryImport(scalar, out SigningKey? owned);
        scalar.Clear();
        using SecretKey unlabelled = SecretKey.Generate(KeyringDocument.KeySize);
        using var keyring = new KeyringDocument([new KeyringEntry(new KeyId(Id128.Random()), "", "", "", 1, unlabelled)], owned!);
        byte[] body = keyring.Write();
        byte[] stored = documents.Seal(DocumentKind.Keyring, 1, body, signer);
        StoredFile.Wipe(body);
        return StoredFile.WriteNew(store, folder, VaultNames.Keyring, stored);
    }

    private VaultStatus WriteRoot(StoreHandle folder, VaultKeys keys, CipherSuite suite)
    {
        VaultStatus status = store.SetMode(folder, VaultNames.Root, VaultNames.RootMode);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = store.OpenDirectory(folder, VaultNames.Root, out StoreHandle? root);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (root)
        {
            byte[] stored = new byte[DirectoryRecord.StoredSize];
            new DirectoryRecord { Id = new DirectoryId(Id128.Random()) }.Write(stored, keys.Directory, suite);
            status = StoredFile.WriteNew(store, root!, NameCodec.DirectoryRecordName, stored);
            return status == VaultStatus.Ok ? store.Sync(root!, false) : status;
        }
    }

    private VaultStatus WriteAudit(StoreHandle folder, VaultKeys keys, VaultConfig config, SigningKey signer)
    {
        VaultStatus status = AuditCreation.Run(store, folder, new AuditKeys(keys.Audit, config.VaultId, config.SigningPoint), new AuditHead { PolicyVersion = 1 });
        return status == VaultStatus.Ok ? RecordBirth(folder, keys, config, signer) : status;
    }

    private VaultStatus RecordBirth(StoreHandle folder, VaultKeys keys, VaultConfig config, SigningKey signer)
    {
        VaultStatus status = AuditPlace.Open(store, folder, new AuditKeys(keys.Audit, config.VaultId, config.SigningPoint), out AuditPlace? place, out _);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = AuditOpening.Open(place!, signer, clock, powerCut: false, tolerant: false, out AuditLog? log, out _);
        if (status != VaultStatus.Ok)
        {
            place!.Dispose();
            return status;
        }

        using (log)
        {
            AuditRecord record = ThisProcess.Record(clock, AuditEvent.PolicyChange, "", "", 1, "vault made");
            return log!.TryRecord(record) && log.TryCheckpoint() && log.TrySync(out _) ? VaultStatus.Ok : VaultStatus.InputOutput;
        }
    }

    /// <summary>Removes what this made: the folder was empty, so everything of these names is ours.</summary>
    private void Undo(StoreHandle folder)
    {
        StoredFile.Discard(store, folder, VaultNames.Config);
        Clear(folder, "audit", "log", "head");
        Clear(folder, "journal");
        Clear(folder, "jobs");
        Clear(folder, "root", "securevault.dir");
        foreach (string name in new[] { "keyring", "policy", "sessions", "lock", "securevault.json" })
        {
            store.Unlink(folder, System.Text.Encoding.UTF8.GetBytes(name));
        }
    }

    private void Clear(StoreHandle folder, string child, params string[] names)
    {
        byte[] childName = System.Text.Encoding.UTF8.GetBytes(child);
        if (store.OpenDirectory(folder, childName, out StoreHandle? handle) == VaultStatus.Ok)
        {
            using (handle)
            {
                foreach (string name in names)
                {
                    store.Unlink(handle!, System.Text.Encoding.UTF8.GetBytes(name));
                }
            }
        }

        store.RemoveDirectory(folder, childName);
    }
}
