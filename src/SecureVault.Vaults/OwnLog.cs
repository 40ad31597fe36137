using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;

namespace SecureVault.Vaults;

/// <summary>The log that this machine keeps of what read-only drives of a vault were asked for: sealed, chained and signed as the vault's own, beside the machine's memory.</summary>
/// <remarks>All copies of one vault share it; each mount's record says which folder it was.</remarks>
internal static class OwnLog
{
    /// <summary>Opens it, making it the first time; the parts own it then.</summary>
    public static VaultResult Open(VaultParts parts)
    {
        if (parts.OwnLog is not null)
        {
            return VaultResult.Ok;
        }

        string? place = parts.Anchor.FolderFor(parts.Id);
        if (place is null)
        {
            return VaultMessages.Failed($"{parts.Anchor.Describe(parts.Id)}: nothing can be kept beside it, so what a read-only drive gives out could not go on record. Check its folder's permissions and space.");
        }

        IBackingStore store = parts.Store.Inner;
        VaultStatus status = store.OpenRoot(place, out StoreHandle? folder);
        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store(place, "Opening", status);
        }

        using (folder)
        {
            return Open(parts, store, folder!, place);
        }
    }

    private static VaultResult Open(VaultParts parts, IBackingStore store, StoreHandle folder, string path)
    {
        var keys = new AuditKeys(parts.Keys.Audit, parts.Config.VaultId, parts.Config.SigningPoint);
        VaultStatus status = AuditPlace.Open(store, folder, keys, out AuditPlace? place, out string missing);
        if (status == VaultStatus.NotFound)
        {
            status = AuditCreation.Run(store, folder, keys, default);
            status = status == VaultStatus.Ok ? AuditPlace.Open(store, folder, keys, out place, out missing) : status;
        }

        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store($"{path}/{missing}", "Opening", status);
        }

        status = AuditOpening.Open(place!, parts.Keyring.Signer, parts.Clock, powerCut: true, tolerant: false, out AuditLog? log, out AuditOpening.Finding finding);
        parts.OwnLog = log;
        if (log is not null)
        {
            return VaultResult.Ok;
        }

        place!.Dispose();
        return status == VaultStatus.Corrupt
            ? new VaultResult(VaultError.Damaged, $"{path}/{finding.File} {finding.Problem}: it is this machine's record of read-only drives of the vault. Keep {path} elsewhere as evidence, and try again.")
            : VaultMessages.Store($"{path}/{finding.File}", "Reading", status);
    }
}
