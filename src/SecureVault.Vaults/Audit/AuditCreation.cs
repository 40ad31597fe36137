using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Audit;

/// <summary>Makes an empty log and its head, durably: in a folder `audit` of the folder given.</summary>
internal static class AuditCreation
{
    /// <param name="folder">Has no log yet; an empty one of a creation that was interrupted is taken.</param>
    /// <param name="bound">What the head binds from the start: policy version and session.</param>
    public static VaultStatus Run(IBackingStore store, StoreHandle folder, AuditKeys keys, in AuditHead bound)
    {
        VaultStatus status = store.MakeDirectory(folder, VaultNames.Audit, VaultNames.FolderMode);
        status = status is VaultStatus.Ok or VaultStatus.Exists ? store.OpenDirectory(folder, VaultNames.Audit, out StoreHandle? audit) : Fail(status, out audit);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (audit)
        {
            byte[] head = new byte[AuditHead.StoredSize];
            new AuditHead { PolicyVersion = bound.PolicyVersion, Session = bound.Session, LabelsVersion = bound.LabelsVersion }.Write(head, keys.Audit, keys.VaultId);
            status = StoredFile.WriteNew(store, audit!, VaultNames.AuditLog, default);
            if (status == VaultStatus.Exists && store.Stat(audit!, VaultNames.AuditLog, out StoreStat log) == VaultStatus.Ok && log.Size == 0)
            {
                status = VaultStatus.Ok;
            }

            status = status == VaultStatus.Ok ? StoredFile.WriteNew(store, audit!, VaultNames.AuditHead, head) : status;
            return status == VaultStatus.Ok ? store.Sync(audit!, false) : status;
        }
    }

    private static VaultStatus Fail(VaultStatus status, out StoreHandle? handle)
    {
        handle = null;
        return status;
    }
}
