using System;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults;

/// <summary>Removes what a crashed session left half-made or half-removed: entries named securevault.tmp.*.</summary>
/// <remarks>Before a drive serves. Looks at every folder, opens no file. A temporary folder holds nothing but what was in it when it was given up.</remarks>
internal static class TemporarySweep
{
    public static void Run(IBackingStore store, StoreHandle folder) => Visit(store, folder, inTemporary: false);

    /// <summary>Removes all that is in a folder.</summary>
    public static void Empty(IBackingStore store, StoreHandle folder) => Visit(store, folder, inTemporary: true);

    private static void Visit(IBackingStore store, StoreHandle folder, bool inTemporary)
    {
        var list = new EntryList();
        if (store.List(folder, 0, list) != VaultStatus.Ok)
        {
            return;
        }

        foreach (StoredEntry entry in list.Entries)
        {
            bool temporary = inTemporary || entry.Name.AsSpan().StartsWith(NameCodec.TemporaryPrefix);
            if (entry.Kind == NodeKind.Directory && store.OpenDirectory(folder, entry.Name, out StoreHandle? below) == VaultStatus.Ok)
            {
                using (below)
                {
                    Visit(store, below!, temporary);
                }
            }

            if (!temporary)
            {
                continue;
            }

            if (entry.Kind == NodeKind.Directory)
            {
                store.RemoveDirectory(folder, entry.Name);
            }
            else
            {
                store.Unlink(folder, entry.Name);
            }
        }
    }
}
