using System;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>The label of a file or folder of the encrypted tree, as its header or record says.</summary>
internal static class StoredLabel
{
    /// <param name="entry">Null for the folder itself.</param>
    /// <param name="key">Key of the label; zero or the unlabelled key when it has none.</param>
    /// <param name="newFiles">How a folder's new unlabelled files are stored; of a file, how it is.</param>
    public static VaultStatus Read(Vault vault, VaultTree tree, TreeFolder parent, TreeEntry? entry, out KeyId key, out Protection newFiles)
    {
        key = parent.Record.LabelKey;
        newFiles = parent.Record.NewFiles;
        if (entry is null)
        {
            return VaultStatus.Ok;
        }

        if (entry.Kind != NodeKind.Directory)
        {
            return OfFile(vault, parent, entry, out key, out newFiles);
        }

        VaultStatus opened = tree.OpenFolder(parent, entry, out TreeFolder? folder);
        using (folder)
        {
            key = folder?.Record.LabelKey ?? default;
            newFiles = folder?.Record.NewFiles ?? default;
            return opened;
        }
    }

    private static VaultStatus OfFile(Vault vault, TreeFolder parent, TreeEntry entry, out KeyId key, out Protection newFiles)
    {
        key = default;
        newFiles = default;
        VaultStatus status = vault.Store.OpenFile(parent.Handle, entry.Stored, StoreOpen.Read, 0, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            Span<byte> record = stackalloc byte[FileHeader.KeyRecordSize];
            status = vault.Store.ReadAt(file!, record, 0, out int read);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            bool known = read == record.Length && FileHeader.TryReadKeyId(record, vault.Keys.Header, out FileIdentity identity, out key) == FormatStatus.Ok && Take(identity, out newFiles);
            return known ? VaultStatus.Ok : VaultStatus.Corrupt;
        }
    }

    private static bool Take(in FileIdentity identity, out Protection newFiles)
    {
        newFiles = identity.Protection;
        return true;
    }
}
