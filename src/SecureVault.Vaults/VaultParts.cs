using System;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>What an unlocked vault consists of, in the order it is opened. Owns all but the anchor, the store and the clock.</summary>
internal sealed class VaultParts : IDisposable
{
    public required IBackingStore Store { get; init; }
    public required string Path { get; init; }
    public required ITrustAnchor Anchor { get; init; }
    public required TimeProvider Clock { get; init; }
    public required string BootId { get; init; }
    public StoreHandle? Folder { get; set; }
    public VaultConfig Config { get; set; } = null!;
    public VaultKeys Keys { get; set; } = null!;
    public VaultDocuments Documents { get; set; } = null!;
    public Keyring Keyring { get; set; } = null!;
    public GivenLabels Labels { get; set; } = null!;
    public PolicyStore Policy { get; set; } = null!;

    /// <summary>As read when the vault was opened.</summary>
    public SessionsDocument Sessions { get; set; } = null!;
    public AuditLog Audit { get; set; } = null!;

    /// <summary>Records that the policy file is not what it must be.</summary>
    public void ReportPolicy(string problem) =>
        Audit?.TryRecord(ThisProcess.Record(Clock, AuditEvent.IntegrityFailure, "", "", Policy.InForceVersion, $"the policy file {problem}"));

    /// <summary>Opens the vault's journal or jobs folder, making it when it is missing: backups and version control drop empty folders.</summary>
    /// <remarks>What a missing journal would have held is not guessed: a block it alone had is Corrupt.</remarks>
    public VaultStatus OpenWorkFolder(ReadOnlySpan<byte> name, out StoreHandle? folder)
    {
        VaultStatus status = Store.OpenDirectory(Folder!, name, out folder);
        if (status == VaultStatus.NotFound)
        {
            status = Store.MakeDirectory(Folder!, name, VaultNames.FolderMode);
            status = status is VaultStatus.Ok or VaultStatus.Exists ? Store.OpenDirectory(Folder!, name, out folder) : status;
        }

        return status;
    }

    public void Dispose()
    {
        Audit?.Dispose();
        Keyring?.Dispose();
        Keys?.Dispose();
        Folder?.Dispose();
    }
}
