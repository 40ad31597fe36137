using System;
using System.Collections.Generic;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Offline;

/// <summary>The label of one object; Kind is File or Directory, NewFiles says how a folder's new unlabelled files are stored.</summary>
public sealed record LabelledObject(string Path, NodeKind Kind, Label Label, Protection NewFiles)
{
    /// <summary>NewFiles in the policy's words.</summary>
    public EncryptionMode Encryption => NewFiles == Protection.Clear ? EncryptionMode.Optional : EncryptionMode.Mandatory;
}

/// <summary>Sets and shows labels by plain path, with or without a drive running. A running drive follows at the next open.</summary>
/// <remarks>One thread at a time; a second process that sets labels is refused until the first is done.</remarks>
public sealed class VaultLabels
{
    private const int MaxPasses = 5;
    private readonly Vault _vault;
    private readonly VaultTree _tree;

    public VaultLabels(Vault vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        _vault = vault;
        _tree = new VaultTree(vault);
    }

    /// <summary>Path and label of a relabel that was interrupted, as a person reads it; null when there is none (or it cannot be read).</summary>
    public string? PendingJob
    {
        get
        {
            if (_vault.Store.OpenDirectory(_vault.FolderHandle, VaultNames.Jobs, out StoreHandle? jobs) != VaultStatus.Ok)
            {
                return null;
            }

            using (jobs)
            {
                return RelabelJob.Read(_vault.Parts, jobs!, out RelabelJob? job, out _) == VaultStatus.Ok && job is not null ? $"{job.Path} to {job.Label}" : null;
            }
        }
    }

    /// <summary>Labels a file, or a folder with all that is in it. Goes on with an interrupted relabel first.</summary>
    /// <param name="path">Inside the vault, beginning with a slash.</param>
    /// <param name="label">As a person types it; "none" removes the label.</param>
    /// <param name="encryption">For a folder: whether new unlabelled files are encrypted; null leaves it.</param>
    /// <param name="progress">Files done and found; on the calling thread.</param>
    public VaultResult Set(string path, string label, EncryptionMode? encryption, Action<VaultProgress>? progress)
    {
        ArgumentNullException.ThrowIfNull(path);
        VaultResult result = Resolve(label, out Label? target);
        if (!result.IsOk || encryption == EncryptionMode.ReadOnly)
        {
            return result.IsOk ? new VaultResult(VaultError.Usage, "A folder's encryption is mandatory or optional; read-only is a user's.") : result;
        }

        return WithJobs(jobs =>
        {
            VaultResult resumed = Resume(jobs, progress);
            return resumed.IsOk ? Set(jobs, path, target!, encryption, progress) : resumed;
        });
    }

    /// <summary>Goes on with an interrupted relabel; Ok when there is none.</summary>
    public VaultResult Resume(Action<VaultProgress>? progress) => WithJobs(jobs => Resume(jobs, progress));

    /// <summary>Label of a file or folder.</summary>
    public VaultResult Show(string path, out LabelledObject? found)
    {
        ArgumentNullException.ThrowIfNull(path);
        found = null;
        VaultResult result = Find(path, out TreeFolder? parent, out TreeEntry? entry);
        if (!result.IsOk)
        {
            return result;
        }

        using (parent)
        {
            VaultStatus status = StoredLabel.Read(_vault, _tree, parent!, entry, out KeyId key, out Protection newFiles);
            if (status != VaultStatus.Ok)
            {
                return VaultMessages.Store(path, "Reading", status);
            }

            Label? label = _vault.Keyring.LabelOf(key);
            found = label is null ? null : new LabelledObject(RawText.Shown(path), entry?.Kind ?? NodeKind.Directory, label, newFiles);
            return label is null ? new VaultResult(VaultError.Damaged, $"{path} has a key that the keyring does not know: {_vault.Folder}/keyring is not the one it was written with.") : VaultResult.Ok;
        }
    }

    /// <summary>Paths of objects that carry such labels, the first few; none when none does. Reads every header, unless no such label ever had a key.</summary>
    public VaultResult FindCarriers(Func<Label, bool> carries, int most, out IReadOnlyList<string> found)
    {
        found = [];
        VaultStatus status = _vault.Keyring.Knows(carries) ? new CarrierSearch(_vault, carries, most).Find(out found) : VaultStatus.Ok;
        return status == VaultStatus.Ok ? VaultResult.Ok : VaultMessages.Store($"{_vault.Folder}/root", "Searching", status);
    }

    /// <summary>Calls labels otherwise: those of the keyring's keys and, in the same step, what the policy calls them. No file is touched.</summary>
    /// <param name="edit">The policy's part.</param>
    /// <param name="renamed">The label that a label is called from then on.</param>
    public VaultResult Rename(Func<PolicyDocument, PolicyEdit> edit, Func<Label, Label> renamed, string description) => WithJobs(jobs =>
    {
        VaultResult resumed = Resume(jobs, null); // an interrupted relabel has the old words
        return resumed.IsOk ? new VaultEdit(_vault.Parts).Rename(edit, renamed, description) : resumed;
    });

    private VaultResult WithJobs(Func<StoreHandle, VaultResult> work)
    {
        VaultResult result = FolderLock.Take(_vault.Parts, VaultNames.RelabelLock, wait: false, out FolderLock? held);
        if (!result.IsOk)
        {
            return result;
        }

        using (held)
        {
            VaultStatus status = _vault.Store.OpenDirectory(_vault.FolderHandle, VaultNames.Jobs, out StoreHandle? jobs);
            if (status != VaultStatus.Ok)
            {
                return VaultMessages.Store($"{_vault.Folder}/jobs", "Opening", status);
            }

            using (jobs)
            {
                result = work(jobs!);
            }
        }

        _vault.TellAnchor();
        return result;
    }

    private VaultResult Resolve(string text, out Label? label)
    {
        label = Label.None;
        if (text is "none" or "unlabelled")
        {
            return VaultResult.Ok;
        }

        return _vault.Policy.Current.TryResolve(text, out label, out string? error) ? VaultResult.Ok : VaultMessages.Failed(error ?? $"{text} is no label.");
    }

    private VaultResult Find(string path, out TreeFolder? parent, out TreeEntry? entry)
    {
        parent = null;
        entry = null;
        if (!path.StartsWith('/'))
        {
            return new VaultResult(VaultError.Usage, $"{path} is no path inside the vault: such a path begins with /.");
        }

        VaultStatus status = _tree.Resolve(path, out parent, out entry);
        return status switch
        {
            VaultStatus.Ok when entry is not null && entry.Kind is not (NodeKind.File or NodeKind.Directory) => Drop(ref parent, $"{path} is neither file nor folder: it takes no label."),
            VaultStatus.Ok => VaultResult.Ok,
            VaultStatus.NotFound => VaultMessages.Failed($"{path} does not exist in {_vault.Folder}."),
            VaultStatus.NotDirectory => VaultMessages.Failed($"{path} does not exist in {_vault.Folder}: a part of it is no folder."),
            VaultStatus.Invalid or VaultStatus.NameTooLong => new VaultResult(VaultError.Usage, $"{path} is no path inside the vault: a part of it is '.', '..' or longer than 255 bytes."),
            _ => VaultMessages.Store(path, "Opening", status),
        };
    }

    private static VaultResult Drop(ref TreeFolder? parent, string message)
    {
        parent!.Dispose();
        parent = null;
        return VaultMessages.Failed(message);
    }

    private VaultResult Set(StoreHandle jobs, string path, Label label, EncryptionMode? encryption, Action<VaultProgress>? progress)
    {
        VaultResult result = Find(path, out TreeFolder? parent, out TreeEntry? entry);
        if (!result.IsOk)
        {
            return result;
        }

        using (parent)
        {
            return entry is { Kind: NodeKind.File }
                ? new FileRelabel(_vault, _tree).Run(parent!, entry, label, encryption, progress)
                : StartFolder(jobs, parent!, entry, label, encryption, progress);
        }
    }

    private VaultResult StartFolder(StoreHandle jobs, TreeFolder parent, TreeEntry? entry, Label label, EncryptionMode? encryption, Action<VaultProgress>? progress)
    {
        VaultStatus status = entry is null ? _tree.OpenRoot(out TreeFolder? folder) : _tree.OpenFolder(parent, entry, out folder);
        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store(entry is null ? "/" : parent.PathOf(entry.Name), "Opening", status);
        }

        using (folder)
        {
            var job = new RelabelJob(folder!.Path, folder.Record.Id, label, encryption is { } mode ? Spelling.Of(mode) : "");
            return new FolderRelabel(_vault, _tree, MaxPasses).Run(jobs, folder, job, isNew: true, progress);
        }
    }

    private VaultResult Resume(StoreHandle jobs, Action<VaultProgress>? progress)
    {
        VaultStatus status = RelabelJob.Read(_vault.Parts, jobs, out RelabelJob? job, out string problem);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.Corrupt
                ? VaultMessages.Damaged($"{_vault.Folder}/jobs/relabel", problem)
                : VaultMessages.Store($"{_vault.Folder}/jobs/relabel", "Reading", status);
        }

        if (job is null)
        {
            return VaultResult.Ok;
        }

        status = new FolderSearch(_tree).Find(job, out TreeFolder? folder);
        if (status == VaultStatus.NotFound)
        {
            RelabelJob.Remove(_vault.Parts, jobs); // the folder was deleted since
            return VaultResult.Ok;
        }

        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store(job.Path, "Opening", status);
        }

        using (folder)
        {
            return new FolderRelabel(_vault, _tree, MaxPasses).Run(jobs, folder!, job, isNew: false, progress);
        }
    }
}
