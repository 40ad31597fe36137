using System;
using System.Collections.Generic;
using SecureVault.Format.V1;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Offline;

/// <summary>Finds an object that carries a label of a department.</summary>
/// <param name="labelOf">Label of a file in a folder; null when it is no file or its header cannot be read.</param>
internal sealed class CarrierSearch(VaultTree tree, Keyring keyring, string department, Func<TreeFolder, TreeEntry, KeyId?> labelOf)
{
    /// <summary>Path of the first one found, or null.</summary>
    public VaultStatus Find(out string? path)
    {
        VaultStatus status = tree.OpenRoot(out TreeFolder? root);
        path = null;
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (root)
        {
            return Search(root!, out path);
        }
    }

    private VaultStatus Search(TreeFolder folder, out string? path)
    {
        path = Carries(folder.Record.LabelKey) ? folder.Path : null;
        var entries = new List<TreeEntry>();
        VaultStatus status = path is null ? tree.List(folder, entries, null) : VaultStatus.Ok;
        foreach (TreeEntry entry in entries)
        {
            if (status != VaultStatus.Ok || path is not null)
            {
                break;
            }

            if (entry.Kind == NodeKind.Directory)
            {
                status = tree.OpenFolder(folder, entry, out TreeFolder? below);
                using (below)
                {
                    status = status == VaultStatus.Ok ? Search(below!, out path) : status;
                }
            }
            else if (labelOf(folder, entry) is { } key && Carries(key))
            {
                path = folder.PathOf(entry.Name);
            }
        }

        return status == VaultStatus.NotFound ? VaultStatus.Ok : status;
    }

    private bool Carries(KeyId key) => keyring.LabelOf(key) is { IsNone: false } label && string.Equals(label.Department, department, StringComparison.OrdinalIgnoreCase);
}
