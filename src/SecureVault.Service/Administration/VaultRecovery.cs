using System;
using System.Collections.Generic;
using SecureVault.Crypto;
using SecureVault.Service.Configuration;
using SecureVault.Service.State;
using SecureVault.Vaults;

namespace SecureVault.Service.Administration;

/// <summary>What a restore did to this machine's memory: the numbers before and now, and what was found amiss in the vault.</summary>
public sealed record RestoreRow(bool Changed, ulong PolicyBefore, ulong SequenceBefore, ulong Policy, ulong Sequence, IReadOnlyList<string> Found);

/// <summary>What an adoption made: the new id, the id of what it was a copy of (empty when an interrupted one was finished), and what was found amiss.</summary>
public sealed record AdoptionRow(string Id, string CopyOf, IReadOnlyList<string> Found);

/// <summary>Vaults that this machine would refuse as they are: backups put back, and copies.</summary>
public static class VaultRecovery
{
    /// <summary>Says that the folder holds a backup put back on purpose.</summary>
    public static Answer<RestoreRow> Restored(string folder, ReadOnlySpan<byte> passphrase)
    {
        VaultResult loaded = ServiceConfiguration.Load(null, [], out ServiceOptions options);
        return loaded.IsOk ? Restored(folder, passphrase, ScryptCost.Default, new TrustAnchor(options.StateFolder), TimeProvider.System) : new Answer<RestoreRow>(loaded, default!);
    }

    /// <summary>Makes a copy a vault of its own.</summary>
    public static Answer<AdoptionRow> Adopt(string folder, ReadOnlySpan<byte> passphrase)
    {
        VaultResult loaded = ServiceConfiguration.Load(null, [], out ServiceOptions options);
        return loaded.IsOk ? Adopt(folder, passphrase, ScryptCost.Default, new TrustAnchor(options.StateFolder), TimeProvider.System) : new Answer<AdoptionRow>(loaded, default!);
    }

    /// <summary>With another floor of the KDF's cost, state folder and clock.</summary>
    internal static Answer<RestoreRow> Restored(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, TrustAnchor anchor, TimeProvider clock)
    {
        VaultResult result = anchor.Prepare();
        VaultRestore? done = null;
        result = result.IsOk ? Vault.Restored(folder, passphrase, floor, anchor, clock, out done) : result;
        return result.IsOk
            ? new Answer<RestoreRow>(result, new RestoreRow(done!.Changed, done.Before.PolicyVersion, done.Before.AuditSequence, done.After.PolicyVersion, done.After.AuditSequence, done.Found))
            : new Answer<RestoreRow>(result, default!);
    }

    /// <summary>With another floor of the KDF's cost, state folder and clock.</summary>
    internal static Answer<AdoptionRow> Adopt(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, TrustAnchor anchor, TimeProvider clock)
    {
        VaultResult result = anchor.Prepare();
        VaultAdopted? done = null;
        result = result.IsOk ? Vault.Adopt(folder, passphrase, floor, anchor, clock, out done) : result;
        return result.IsOk ? new Answer<AdoptionRow>(result, new AdoptionRow(done!.NewId, done.OldId, done.Found)) : new Answer<AdoptionRow>(result, default!);
    }
}
