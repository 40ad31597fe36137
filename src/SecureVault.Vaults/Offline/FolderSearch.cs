using System.Collections.Generic;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>Finds the folder of an interrupted job, also after it was moved or renamed.</summary>
internal sealed class FolderSearch(VaultTree tree)
{
    /// <summary>NotFound when no folder has the job's identity any more.</summary>
    public VaultStatus Find(RelabelJob job, out TreeFolder? folder)
    {
        VaultStatus status = AtItsPath(job, out folder);
        if (status is not (VaultStatus.NotFound or VaultStatus.NotDirectory))
        {
            return status;
        }

        status = tree.OpenRoot(out TreeFolder? root);
        return status == VaultStatus.Ok ? Below(root!, job, out folder) : status;
    }

    private VaultStatus AtItsPath(RelabelJob job, out TreeFolder? folder)
    {
        folder = null;
        VaultStatus status = tree.Resolve(job.Path, out TreeFolder? parent, out TreeEntry? entry);
        if (status == VaultStatus.Ok)
        {
            using (parent)
            {
                status = entry is null ? tree.OpenRoot(out folder) : tree.OpenFolder(parent!, entry, out folder);
            }
        }

        if (status == VaultStatus.Ok && folder!.Record.Id != job.Folder)
        {
            folder.Dispose();
            folder = null;
            return VaultStatus.NotFound;
        }

        return status;
    }

    /// <summary>Takes the folder it is given: it is disposed unless it is the one.</summary>
    private VaultStatus Below(TreeFolder here, RelabelJob job, out TreeFolder? folder)
    {
        folder = here.Record.Id == job.Folder ? here : null;
        if (folder is not null)
        {
            return VaultStatus.Ok;
        }

        using (here)
        {
            var entries = new List<TreeEntry>();
            VaultStatus status = tree.List(here, entries, null);
            foreach (TreeEntry entry in entries)
            {
                if (status != VaultStatus.Ok || folder is not null)
                {
                    break;
                }

                if (entry.Kind == NodeKind.Directory && tree.OpenFolder(here, entry, out TreeFolder? next) == VaultStatus.Ok)
                {
                    VaultStatus found = Below(next!, job, out folder);
                    status = found == VaultStatus.NotFound ? VaultStatus.Ok : found;
                }
            }

            return status == VaultStatus.Ok && folder is null ? VaultStatus.NotFound : status;
        }
    }
}
