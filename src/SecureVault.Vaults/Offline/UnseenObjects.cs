using System.Collections.Generic;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>Looks for what a labelled folder may not hold.</summary>
internal static class UnseenObjects
{
    /// <summary>Path of the first object of a tree whose content never comes to a drive (a pipe, a socket, a device), or null.</summary>
    public static VaultStatus Find(VaultTree tree, TreeFolder folder, out string? path)
    {
        path = null;
        var entries = new List<TreeEntry>();
        VaultStatus status = tree.List(folder, entries, null);
        foreach (TreeEntry entry in entries)
        {
            if (entry.Kind is not (NodeKind.File or NodeKind.Directory or NodeKind.Symlink))
            {
                path = folder.PathOf(entry.Name);
            }
            else if (entry.Kind == NodeKind.Directory && tree.OpenFolder(folder, entry, out TreeFolder? below) == VaultStatus.Ok)
            {
                using (below)
                {
                    status = Find(tree, below!, out path);
                }
            }

            if (status != VaultStatus.Ok || path is not null)
            {
                return status;
            }
        }

        return status;
    }
}
