using System;
using SecureVault.Crypto;
using SecureVault.Vaults;

namespace SecureVault.Service.State;

/// <summary>Unlocks a vault against what this machine remembers of it.</summary>
internal static class VaultOpening
{
    /// <summary>Runs the KDF. When the anchor could not be read the vault is refused with the anchor's own message.</summary>
    public static VaultResult Open(string folder, ReadOnlySpan<byte> passphrase, TrustAnchor anchor, TimeProvider clock, out Vault? vault) =>
        Open(folder, passphrase, ScryptCost.Default, anchor, clock, out vault);

    /// <summary>With another floor of the KDF's cost than the product's.</summary>
    internal static VaultResult Open(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, TrustAnchor anchor, TimeProvider clock, out Vault? vault)
    {
        VaultResult result = Vault.Open(folder, passphrase, floor, anchor, clock, out vault);
        return OwnReason(result, anchor, ref vault);
    }

    /// <summary>For looking at a log that may be damaged.</summary>
    internal static VaultResult OpenForAudit(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, TrustAnchor anchor, TimeProvider clock, out Vault? vault)
    {
        VaultResult result = Vault.OpenForAudit(folder, passphrase, floor, anchor, clock, out vault);
        return OwnReason(result, anchor, ref vault);
    }

    /// <summary>For looking into it, an old copy as well: the anchor is not asked.</summary>
    public static VaultResult OpenReadOnly(string folder, ReadOnlySpan<byte> passphrase, TrustAnchor anchor, TimeProvider clock, out Vault? vault) =>
        Vault.OpenReadOnly(folder, passphrase, ScryptCost.Default, anchor, clock, out vault);

    private static VaultResult OwnReason(VaultResult result, TrustAnchor anchor, ref Vault? vault)
    {
        if (result.IsOk || anchor.Problem.Length == 0)
        {
            return result;
        }

        vault?.Dispose();
        vault = null;
        return new VaultResult(VaultError.Failed, anchor.Problem);
    }
}
