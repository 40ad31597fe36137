using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults;

/// <summary>Whether the file system under a vault's folder can hold one.</summary>
internal static class StoreCheck
{
    /// <summary>Tries what it can do; refuses in one sentence that names what is missing.</summary>
    public static VaultResult Run(IBackingStore store, StoreHandle folder, string path, out StoreAbilities? abilities)
    {
        VaultStatus status = StoreProbe.Run(store, folder, out abilities);
        return status != VaultStatus.Ok ? VaultMessages.Store(path, "Writing into", status)
            : abilities!.Missing.Count > 0 ? VaultMessages.Unfit(path, abilities.Missing)
            : VaultResult.Ok;
    }
}
