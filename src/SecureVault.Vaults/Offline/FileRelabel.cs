using System;
using System.Collections.Generic;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>The relabel of one file: one write of its key record, so it needs no job.</summary>
internal sealed class FileRelabel(Vault vault, VaultTree tree)
{
    public VaultResult Run(TreeFolder parent, TreeEntry entry, Label label, EncryptionMode? encryption, Action<VaultProgress>? progress)
    {
        string path = parent.PathOf(entry.Name);
        if (encryption is not null)
        {
            return new VaultResult(VaultError.Usage, $"{path} is a file: --encryption is set on a folder, for its new files.");
        }

        VaultResult result = vault.EnsureKey(label, out KeyId key);
        if (!result.IsOk)
        {
            return result;
        }

        VaultParts parts = vault.Parts;
        if (!parts.Audit.TryRecord(parts.Told(AuditEvent.Relabel, path, label.ToString(), $"was {LabelNow(parent, entry)}")))
        {
            return VaultMessages.Failed($"Nothing was changed: the relabel could not be recorded ({parts.Audit.Problem}).");
        }

        var work = new Relabelling(vault, tree, key, null, null);
        var others = new List<Id128>();
        work.Others(parent.Handle, entry.Stored, others);
        result = new VaultEdit(parts).Labels(others, new Dictionary<Id128, KeyId>());
        if (!result.IsOk)
        {
            return result;
        }

        VaultStatus status = work.File(parent.Handle, entry.Stored);
        status = status == VaultStatus.Ok ? vault.Store.SyncAll(vault.FolderHandle) : status;
        progress?.Invoke(new VaultProgress(1, 1, path));
        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store(path, "Relabelling", status);
        }

        result = new VaultEdit(parts).Labels([], work.Given);
        return result.IsOk
            ? new VaultEdit(parts).Policy(policy => new PolicyEdit(policy.WithLabelsChanged(parts.Keyring.Version, parts.Labels.Version), null), path, label.ToString(), "labels changed")
            : result;
    }

    private string LabelNow(TreeFolder parent, TreeEntry entry)
    {
        if (vault.Store.OpenFile(parent.Handle, entry.Stored, StoreOpen.Read, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return "unknown";
        }

        using (file)
        {
            Span<byte> record = stackalloc byte[FileHeader.KeyRecordSize];
            return vault.Store.ReadAt(file!, record, 0, out int read) == VaultStatus.Ok && read == record.Length
                && FileHeader.TryReadKeyId(record, vault.Keys.Header, out _, out KeyId key) == FormatStatus.Ok
                ? vault.Keyring.LabelOf(key)?.ToString() ?? "unknown"
                : "unknown";
        }
    }
}
