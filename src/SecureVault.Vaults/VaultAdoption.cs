using System;
using System.Collections.Generic;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>What an adoption made of a copy.</summary>
/// <param name="OldId">Id that it shared with its original; empty when an interrupted adoption was finished.</param>
/// <param name="NewId">Its own.</param>
/// <param name="Found">What did not fit together in the copy, one clause each.</param>
public sealed record VaultAdopted(string OldId, string NewId, IReadOnlyList<string> Found);

/// <summary>Gives a copy of a vault an id of its own: everything that is bound to the id is sealed anew, and a new log begins where the old one ends. Keys and tree stay.</summary>
internal sealed class VaultAdoption(VaultParts parts, VaultConfig config)
{
    private readonly VaultDocuments _documents = new(parts.Store, config, parts.Keys.Document);

    public static VaultResult Run(IBackingStore store, string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out VaultAdopted? done)
    {
        done = null;
        VaultResult result = FinishLeft(store, folder, out bool finished);
        if (result.IsOk && !finished)
        {
            result = Make(store, folder, passphrase, floor, anchor, clock, out done);
        }

        if (!result.IsOk)
        {
            return result;
        }

        result = Vault.Open(store, folder, VaultUse.Work, passphrase, floor, anchor, clock, ThisProcess.BootId(), out Vault? vault);
        using (vault)
        {
            done ??= result.IsOk ? new VaultAdopted("", vault!.Parts.Id, []) : null;
            return result;
        }
    }

    private static VaultResult FinishLeft(IBackingStore store, string path, out bool finished)
    {
        finished = false;
        if (store.OpenRoot(path, out StoreHandle? folder) != VaultStatus.Ok)
        {
            return VaultResult.Ok; // opening says what is wrong
        }

        using (folder)
        {
            finished = AdoptionFolder.IsLeft(store, folder!);
            VaultStatus status = finished ? AdoptionFolder.Finish(store, folder!) : VaultStatus.Ok;
            return status == VaultStatus.Ok ? VaultResult.Ok : VaultMessages.Store($"{path}/adopt", "Finishing the adoption in", status);
        }
    }

    private static VaultResult Make(IBackingStore store, string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out VaultAdopted? done)
    {
        done = null;
        VaultResult result = Vault.Open(store, folder, VaultUse.Adopt, passphrase, floor, anchor, clock, ThisProcess.BootId(), out Vault? vault);
        if (!result.IsOk)
        {
            return result;
        }

        using (vault)
        {
            VaultParts parts = vault!.Parts;
            if (parts.Config.TryUnlock(passphrase, floor, out SecretKey? vaultKey) != FormatStatus.Ok)
            {
                return VaultMessages.Damaged($"{folder}/securevault.json", "was changed while it was read");
            }

            using (vaultKey)
            {
                var adoption = new VaultAdoption(parts, parts.Config.WithId(Id128.Random(), passphrase, vaultKey!));
                return adoption.RunAlone(out done);
            }
        }
    }

    private VaultResult RunAlone(out VaultAdopted? done)
    {
        done = null;
        VaultResult result = MountLock.Take(parts, "", takeOver: true, out MountLock? mount);
        using (mount)
        {
            result = result.IsOk ? FolderLock.Take(parts, VaultNames.RelabelLock, wait: false, out FolderLock? labels) : Skip(result, out labels);
            using (labels)
            {
                result = result.IsOk ? FolderLock.Take(parts, VaultNames.EditLock, wait: true, out FolderLock? edits) : Skip(result, out edits);
                using (edits)
                {
                    return result.IsOk ? Replace(out done) : result;
                }
            }
        }
    }

    private VaultResult Replace(out VaultAdopted? done)
    {
        done = null;
        StoreHandle folder = parts.Folder!;
        if (parts.Audit.Lost > 0)
        {
            parts.Found.Add($"audit/log ends {parts.Audit.Lost} records before what audit/head says");
        }

        VaultStatus status = AdoptionFolder.Stage(parts.Store, folder, out StoreHandle? stage);
        using (stage)
        {
            status = status == VaultStatus.Ok ? Fill(stage!) : status;
            status = status == VaultStatus.Ok ? AdoptionFolder.Commit(parts.Store, folder, stage!) : status;
        }

        if (status != VaultStatus.Ok)
        {
            AdoptionFolder.Discard(parts.Store, folder);
            return VaultMessages.Store(parts.Path, "Writing what is bound to the new id in", status);
        }

        status = AdoptionFolder.Finish(parts.Store, folder);
        done = new VaultAdopted(parts.Id, config.VaultId.ToString(), parts.Found);
        return status == VaultStatus.Ok ? VaultResult.Ok : VaultMessages.Store($"{parts.Path}/adopt", "Finishing the adoption in", status);
    }

    private VaultStatus Fill(StoreHandle stage)
    {
        SessionsDocument sessions = parts.Sessions.Session < parts.Audit.Head.Session ? parts.Sessions.Reach(parts.Audit.Head.Session) : parts.Sessions;
        VaultStatus status = Reseal(parts.Folder!, VaultNames.Keyring, DocumentKind.Keyring, stage);
        status = status == VaultStatus.Ok ? Reseal(parts.Folder!, VaultNames.Policy, DocumentKind.Policy, stage) : status;
        bool labels = parts.Store.Stat(parts.Folder!, VaultNames.Labels, out _) == VaultStatus.Ok;
        status = status == VaultStatus.Ok && labels ? Reseal(parts.Folder!, VaultNames.Labels, DocumentKind.Labels, stage) : status;
        status = status == VaultStatus.Ok ? Write(stage, VaultNames.Sessions, DocumentKind.Sessions, 1, sessions.ToJson()) : status;
        status = status == VaultStatus.Ok ? ResealJob(stage) : status;
        status = status == VaultStatus.Ok ? new PolicyHistory(parts).Reseal(stage, p => _documents.Seal(DocumentKind.Policy, p.Version, p.ToJson(), parts.Keyring.Signer)) : status;
        status = status == VaultStatus.Ok ? BeginLog(stage, sessions.Session) : status;
        return status == VaultStatus.Ok ? StoredFile.WriteNew(parts.Store, stage, VaultNames.Config, config.ToJson()) : status;
    }

    private VaultStatus ResealJob(StoreHandle stage)
    {
        VaultStatus status = parts.OpenWorkFolder(VaultNames.Jobs, out StoreHandle? jobs);
        using (jobs)
        {
            bool pending = status == VaultStatus.Ok && parts.Store.Stat(jobs!, VaultNames.RelabelJob, out _) == VaultStatus.Ok;
            return pending ? Reseal(jobs!, VaultNames.RelabelJob, DocumentKind.Job, stage) : status;
        }
    }

    private VaultStatus Reseal(StoreHandle from, ReadOnlySpan<byte> name, DocumentKind kind, StoreHandle stage)
    {
        VaultStatus status = parts.Documents.Read(from, name, kind, out ulong version, out byte[]? body, out _, out _);
        status = status == VaultStatus.Ok ? Write(stage, name, kind, version, body!) : status;
        StoredFile.Wipe(body);
        return status;
    }

    private VaultStatus Write(StoreHandle stage, ReadOnlySpan<byte> name, DocumentKind kind, ulong version, byte[] body) =>
        StoredFile.WriteNew(parts.Store, stage, name, _documents.Seal(kind, version, body, parts.Keyring.Signer));

    /// <summary>A log whose first record says what the copy was a copy of, and how far that one's log went.</summary>
    private VaultStatus BeginLog(StoreHandle stage, ulong session)
    {
        var keys = new AuditKeys(parts.Keys.Audit, config.VaultId, config.SigningPoint);
        ulong policy = parts.Policy.Current.Version;
        VaultStatus status = AuditCreation.Run(parts.Store, stage, keys, new AuditHead { PolicyVersion = policy, Session = session, LabelsVersion = parts.Labels.Version });
        status = status == VaultStatus.Ok ? AuditPlace.Open(parts.Store, stage, keys, out AuditPlace? place, out _) : Skip(status, out place);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = AuditOpening.Open(place!, parts.Keyring.Signer, parts.Clock, powerCut: false, tolerant: false, out AuditLog? log, out _);
        if (log is null)
        {
            place!.Dispose();
            return status;
        }

        using (log)
        {
            AuditHead old = parts.Audit.Head;
            string found = parts.Found.Count == 0 ? "" : $"; found: {string.Join("; ", parts.Found)}";
            string detail = $"a copy of vault {parts.Id} at record {old.Sequence} (chain {AuditChain.Spell(old.Chain)}) is vault {config.VaultId} from here on{found}";
            bool done = log.TryRecord(ThisProcess.Record(parts.Clock, AuditEvent.Adopt, "", "", policy, detail, parts.Policy.InForce)) && log.TryCheckpoint() && log.TrySync(out _);
            return done ? VaultStatus.Ok : VaultStatus.InputOutput;
        }
    }

    private static T Skip<T, THandle>(T result, out THandle? handle)
        where THandle : class
    {
        handle = null;
        return result;
    }
}
