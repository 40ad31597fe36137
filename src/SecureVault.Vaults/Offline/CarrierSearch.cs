using System;
using System.Collections.Generic;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>Finds objects that carry certain labels.</summary>
/// <param name="carries">Asked of every label but none.</param>
/// <param name="most">How many are looked for.</param>
internal sealed class CarrierSearch(Vault vault, Func<Label, bool> carries, int most)
{
    private readonly VaultTree _tree = new(vault);
    private readonly List<string> _found = [];

    /// <summary>Paths of the first ones found. What is in a folder that carries one is not named besides.</summary>
    public VaultStatus Find(out IReadOnlyList<string> found)
    {
        found = _found;
        VaultStatus status = _tree.OpenRoot(out TreeFolder? root);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (root)
        {
            return Search(root!);
        }
    }

    private VaultStatus Search(TreeFolder folder)
    {
        if (Carries(folder.Record.LabelKey))
        {
            _found.Add(folder.Path);
            return VaultStatus.Ok;
        }

        var entries = new List<TreeEntry>();
        VaultStatus status = _tree.List(folder, entries, null);
        foreach (TreeEntry entry in entries)
        {
            if (status != VaultStatus.Ok || _found.Count >= most)
            {
                break;
            }

            if (entry.Kind == NodeKind.Directory)
            {
                status = _tree.OpenFolder(folder, entry, out TreeFolder? below);
                using (below)
                {
                    status = status == VaultStatus.Ok ? Search(below!) : status;
                }
            }
            else if (entry.Kind == NodeKind.File && StoredLabel.Read(vault, _tree, folder, entry, out KeyId key, out _) == VaultStatus.Ok && Carries(key))
            {
                _found.Add(folder.PathOf(entry.Name));
            }
        }

        return status == VaultStatus.NotFound ? VaultStatus.Ok : status;
    }

    private bool Carries(KeyId key) => vault.Keyring.LabelOf(key) is { IsNone: false } label && carries(label);
}
