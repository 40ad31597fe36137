using System.Text;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>The folder `adopt`: files of the new id, whole and durable, on their way into the places of the old ones. The config goes last.</summary>
/// <remarks>Each step is one rename and can be done again, so an adoption that was interrupted is finished by the next. The caller holds the vault's locks, or has found it interrupted.</remarks>
internal static class AdoptionFolder
{
    private static readonly string[] Documents = ["keyring", "labels", "policy", "sessions"];

    /// <summary>True when an adoption was interrupted: the vault is neither the old nor the new one then.</summary>
    public static bool IsLeft(IBackingStore store, StoreHandle folder) => store.Stat(folder, VaultNames.Adoption, out _) == VaultStatus.Ok;

    /// <summary>Makes the stage that Commit turns into the folder; what an earlier one left is removed.</summary>
    public static VaultStatus Stage(IBackingStore store, StoreHandle folder, out StoreHandle? stage)
    {
        Discard(store, folder);
        VaultStatus status = store.MakeDirectory(folder, VaultNames.AdoptionStage, VaultNames.FolderMode);
        stage = null;
        return status == VaultStatus.Ok ? store.OpenDirectory(folder, VaultNames.AdoptionStage, out stage) : status;
    }

    public static void Discard(IBackingStore store, StoreHandle folder)
    {
        if (store.OpenDirectory(folder, VaultNames.AdoptionStage, out StoreHandle? left) == VaultStatus.Ok)
        {
            using (left)
            {
                TemporarySweep.Empty(store, left!);
            }

            store.RemoveDirectory(folder, VaultNames.AdoptionStage);
        }
    }

    /// <summary>From here on the adoption is finished, now or by the next.</summary>
    public static VaultStatus Commit(IBackingStore store, StoreHandle folder, StoreHandle stage)
    {
        VaultStatus status = store.Sync(stage, false);
        status = status == VaultStatus.Ok ? store.Rename(folder, VaultNames.AdoptionStage, folder, VaultNames.Adoption, RenameKind.Replace) : status;
        return status == VaultStatus.Ok ? store.Sync(folder, false) : status;
    }

    /// <summary>Puts everything in its place and removes the folder.</summary>
    public static VaultStatus Finish(IBackingStore store, StoreHandle folder)
    {
        VaultStatus status = store.OpenDirectory(folder, VaultNames.Adoption, out StoreHandle? adoption);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (adoption)
        {
            status = MoveLog(store, folder, adoption!);
            foreach (string name in Documents)
            {
                status = status == VaultStatus.Ok ? Move(store, adoption!, Bytes(name), folder, Bytes(name)) : status;
            }

            status = status == VaultStatus.Ok ? MoveJob(store, folder, adoption!) : status;
            status = status == VaultStatus.Ok ? MoveHistory(store, folder, adoption!) : status;
            status = status == VaultStatus.Ok ? store.Sync(folder, false) : status;
            status = status == VaultStatus.Ok ? Move(store, adoption!, VaultNames.Config, folder, VaultNames.Config) : status;
        }

        status = status == VaultStatus.Ok ? store.Sync(folder, false) : status;
        status = status == VaultStatus.Ok ? store.RemoveDirectory(folder, VaultNames.Adoption) : status;
        return status == VaultStatus.Ok ? store.Sync(folder, false) : status;
    }

    /// <summary>The old log stays beside the new one under the old id.</summary>
    private static VaultStatus MoveLog(IBackingStore store, StoreHandle folder, StoreHandle adoption)
    {
        VaultStatus status = store.OpenDirectory(adoption, VaultNames.Audit, out StoreHandle? fresh);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.NotFound ? VaultStatus.Ok : status;
        }

        using (fresh)
        {
            status = store.OpenDirectory(folder, VaultNames.Audit, out StoreHandle? audit);
            if (status == VaultStatus.Ok)
            {
                using (audit)
                {
                    status = ReadOldId(store, folder, out Id128 old);
                    status = status == VaultStatus.Ok ? Succeed(store, fresh!, audit!, "log", old) : status;
                    status = status == VaultStatus.Ok ? Succeed(store, fresh!, audit!, "head", old) : status;
                    status = status == VaultStatus.Ok ? store.Sync(audit!, false) : status;
                }
            }
        }

        return status == VaultStatus.Ok ? store.RemoveDirectory(adoption, VaultNames.Audit) : status;
    }

    private static VaultStatus Succeed(IBackingStore store, StoreHandle fresh, StoreHandle audit, string name, Id128 old)
    {
        byte[] kept = Bytes($"{old}.{name}");
        bool pending = store.Stat(fresh, Bytes(name), out _) == VaultStatus.Ok;
        bool aside = !pending || store.Stat(audit, kept, out _) == VaultStatus.Ok;
        VaultStatus status = aside ? VaultStatus.Ok : Move(store, audit, Bytes(name), audit, kept);
        return status == VaultStatus.Ok ? Move(store, fresh, Bytes(name), audit, Bytes(name)) : status;
    }

    private static VaultStatus MoveJob(IBackingStore store, StoreHandle folder, StoreHandle adoption)
    {
        if (store.Stat(adoption, VaultNames.RelabelJob, out _) != VaultStatus.Ok)
        {
            return VaultStatus.Ok;
        }

        VaultStatus status = store.OpenDirectory(folder, VaultNames.Jobs, out StoreHandle? jobs);
        using (jobs)
        {
            return status == VaultStatus.Ok ? Move(store, adoption, VaultNames.RelabelJob, jobs!, VaultNames.RelabelJob) : status;
        }
    }

    private static VaultStatus MoveHistory(IBackingStore store, StoreHandle folder, StoreHandle adoption)
    {
        if (store.OpenDirectory(adoption, VaultNames.Policies, out StoreHandle? fresh) != VaultStatus.Ok)
        {
            return VaultStatus.Ok;
        }

        using (fresh)
        {
            VaultStatus status = store.OpenDirectory(folder, VaultNames.Policies, out StoreHandle? policies);
            using (policies)
            {
                var list = new EntryList();
                status = status == VaultStatus.Ok ? store.List(fresh!, 0, list) : status;
                foreach (StoredEntry entry in list.Entries)
                {
                    status = status == VaultStatus.Ok ? Move(store, fresh!, entry.Name, policies!, entry.Name) : status;
                }

                status = status == VaultStatus.Ok ? store.Sync(policies!, false) : status;
            }

            return status == VaultStatus.Ok ? store.RemoveDirectory(adoption, VaultNames.Policies) : status;
        }
    }

    /// <summary>One that is not there was moved already.</summary>
    private static VaultStatus Move(IBackingStore store, StoreHandle from, System.ReadOnlySpan<byte> name, StoreHandle to, System.ReadOnlySpan<byte> newName)
    {
        VaultStatus status = store.Rename(from, name, to, newName, RenameKind.Replace);
        return status == VaultStatus.NotFound ? VaultStatus.Ok : status;
    }

    private static VaultStatus ReadOldId(IBackingStore store, StoreHandle folder, out Id128 id)
    {
        VaultStatus status = StoredFile.Read(store, folder, VaultNames.Config, VaultConfig.MaxSize, out byte[] json, out _);
        VaultConfig? config = null;
        bool good = status == VaultStatus.Ok && VaultConfig.TryParse(json, out config, out _) == FormatStatus.Ok;
        id = good ? config!.VaultId : default;
        return good ? VaultStatus.Ok : status == VaultStatus.Ok ? VaultStatus.Corrupt : status;
    }

    private static byte[] Bytes(string name) => Encoding.ASCII.GetBytes(name);
}
