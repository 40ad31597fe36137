using System;
using System.Collections.Generic;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>The relabel of one folder, from the job's record to its removal.</summary>
/// <remarks>
/// Order: key, job, record, folders, policy (drives look at labels anew), files, passes until nothing changes, all durable,
/// policy again, record, job removed. Killed anywhere, the job is still there and goes on.
/// </remarks>
internal sealed class FolderRelabel(Vault vault, VaultTree tree, int maxPasses)
{
    private VaultParts Parts => vault.Parts;

    public VaultResult Run(StoreHandle jobs, TreeFolder folder, RelabelJob job, bool isNew, Action<VaultProgress>? progress)
    {
        VaultResult result = isNew && !job.Label.IsNone ? CheckKinds(folder) : VaultResult.Ok;
        result = result.IsOk ? vault.EnsureKey(job.Label, out KeyId key) : Without(result, out key);
        if (!result.IsOk)
        {
            return result;
        }

        Label before = vault.Keyring.LabelOf(folder.Record.LabelKey) ?? Label.None;
        VaultStatus status = isNew ? job.Write(Parts, jobs) : VaultStatus.Ok;
        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store($"{vault.Folder}/jobs/relabel", "Writing", status);
        }

        if (!Record(folder.Path, job.Label, isNew ? $"begun, was {before}" : "continued after an interruption"))
        {
            RemoveUnstarted(jobs, isNew);
            return VaultMessages.Failed($"Nothing was changed: the relabel could not be recorded ({Parts.Audit.Problem}).");
        }

        Protection? newFiles = job.Encryption.Length == 0 ? null : job.Encryption == Spelling.Of(EncryptionMode.Optional) ? Protection.Clear : Protection.Encrypted;
        var work = new Relabelling(vault, tree, job.Label.IsNone ? default : key, newFiles, progress) { NotesAll = !isNew };
        result = Passes(folder, job, work);
        return result.IsOk ? Finish(jobs, folder.Path, job, work) : result;
    }

    /// <summary>What goes through pipes, sockets and devices never comes to the drive: a labelled folder holds none.</summary>
    private VaultResult CheckKinds(TreeFolder folder)
    {
        VaultStatus status = UnseenObjects.Find(tree, folder, out string? unseen);
        return status != VaultStatus.Ok ? VaultMessages.Store(folder.Path, "Listing", status)
            : unseen is null ? VaultResult.Ok
            : VaultMessages.Failed($"{unseen} is a pipe, a socket or a device: what goes through it could be neither decided nor recorded, so a labelled folder holds none. Remove it or move it elsewhere, then set the label.");
    }

    private static VaultResult Without(VaultResult result, out KeyId key)
    {
        key = default;
        return result;
    }

    private VaultResult Passes(TreeFolder folder, RelabelJob job, Relabelling work)
    {
        VaultResult forgot = Forget(folder, work);
        if (!forgot.IsOk)
        {
            return forgot;
        }

        for (int pass = 0; pass < maxPasses; pass++)
        {
            long changed = work.FilesChanged + work.FoldersChanged;
            VaultStatus status = work.Folders(folder);
            if (status != VaultStatus.Ok)
            {
                return Stopped(folder.Path, status);
            }

            VaultResult told = pass == 0 ? TellDrives(folder.Path, job) : VaultResult.Ok;
            if (!told.IsOk)
            {
                return told;
            }

            status = work.Files(folder);
            if (status != VaultStatus.Ok)
            {
                return Stopped(folder.Path, status);
            }

            if (pass > 0 && work.FilesChanged + work.FoldersChanged == changed)
            {
                break;
            }
        }

        VaultStatus durable = vault.Store.SyncAll(vault.FolderHandle);
        if (durable != VaultStatus.Ok)
        {
            return Stopped(folder.Path, durable);
        }

        VaultResult noted = new VaultEdit(Parts).Labels([], work.Given);
        return noted.IsOk ? TellDrives(folder.Path, job) : noted;
    }

    /// <summary>What the objects were given before counts no more once they are given something else: else a drive would take the new label for an old one.</summary>
    private VaultResult Forget(TreeFolder folder, Relabelling work)
    {
        var others = new List<Id128>();
        VaultStatus status = Parts.Labels.IsEmpty ? VaultStatus.Ok : work.Others(folder, others);
        return status == VaultStatus.Ok ? new VaultEdit(Parts).Labels(others, new Dictionary<Id128, KeyId>()) : Stopped(folder.Path, status);
    }

    private VaultResult Finish(StoreHandle jobs, string path, RelabelJob job, Relabelling work)
    {
        string detail = $"done: {work.FoldersChanged} folders, {work.FilesChanged} files";
        if (work.Damaged.Count > 0)
        {
            detail += $"; {work.Damaged.Count} damaged and left, first {work.Damaged[0]}";
        }

        if (!Record(path, job.Label, detail))
        {
            return VaultMessages.Failed($"{path} is relabelled, but that could not be recorded ({Parts.Audit.Problem}). Set the label again when it can.");
        }

        VaultStatus status = RelabelJob.Remove(Parts, jobs);
        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store($"{vault.Folder}/jobs/relabel", "Removing", status);
        }

        return work.Damaged.Count == 0
            ? VaultResult.Ok
            : new VaultResult(VaultError.Damaged, $"{path} is relabelled except for {work.Damaged.Count} damaged objects (first: {work.Damaged[0]}), which nobody can open. Run: securevault verify {ShellWord.Of(vault.Folder)}");
    }

    private VaultResult TellDrives(string path, RelabelJob job) => new VaultEdit(Parts).Policy(
        policy => new PolicyEdit(policy.WithLabelsChanged(Parts.Keyring.Version, Parts.Labels.Version), null), path, job.Label.ToString(), "labels changed");

    private bool Record(string path, Label label, string detail) =>
        Parts.Audit.TryRecord(Parts.Told(AuditEvent.Relabel, path, label.ToString(), detail));

    private void RemoveUnstarted(StoreHandle jobs, bool isNew)
    {
        if (isNew)
        {
            RelabelJob.Remove(Parts, jobs);
        }
    }

    private static VaultResult Stopped(string path, VaultStatus status)
    {
        VaultResult why = VaultMessages.Store(path, "Relabelling", status);
        return why with { Message = why.Message + " It goes on with the next label set." };
    }
}
