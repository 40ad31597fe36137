using System;
using System.Collections.Generic;
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
    public required FencedStore Store { get; init; }
    public required string Path { get; init; }
    public required ITrustAnchor Anchor { get; init; }
    public required TimeProvider Clock { get; init; }
    public required string BootId { get; init; }

    /// <summary>Name of this machine, for whoever finds the vault held by it.</summary>
    public string Machine { get; init; } = ThisMachine.Name;
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

    /// <summary>The machine's own log of a vault that is open read-only: nothing can be recorded in the vault then.</summary>
    public AuditLog? OwnLog { get; set; }

    /// <summary>Why nothing may be changed; null when it may.</summary>
    public string? Refusal { get; set; }

    /// <summary>Whether this machine's memory goes by this folder.</summary>
    public bool IsRemembered { get; set; }

    /// <summary>What was found amiss and did not stop the opening, one clause each.</summary>
    public List<string> Found { get; } = [];

    /// <summary>The vault's id as the machine's memory has it.</summary>
    public string Id => Config.VaultId.ToString();

    /// <summary>Records that the policy file is not what it must be.</summary>
    public void ReportPolicy(string problem) =>
        Audit?.TryRecord(Told(AuditEvent.IntegrityFailure, "", "", $"the policy file {problem}"));

    /// <summary>A record of something this command does, under the policy in force.</summary>
    public AuditRecord Told(AuditEvent what, string path, string label, string detail) =>
        ThisProcess.Record(Clock, what, path, label, Policy.InForceVersion, detail, Policy.InForce);

    /// <summary>Opens the vault's journal or jobs folder, making it when it is missing: backups and version control drop empty folders.</summary>
    /// <remarks>
    /// What a missing journal would have held is not guessed: a block it alone had is Corrupt. Where nothing may be made, the folder
    /// `audit` stands for a missing one: it has none of the names that are looked for.
    /// </remarks>
    public VaultStatus OpenWorkFolder(ReadOnlySpan<byte> name, out StoreHandle? folder)
    {
        VaultStatus status = Store.OpenDirectory(Folder!, name, out folder);
        if (status == VaultStatus.NotFound)
        {
            status = Store.MakeDirectory(Folder!, name, VaultNames.FolderMode);
            status = status switch
            {
                VaultStatus.Ok or VaultStatus.Exists => Store.OpenDirectory(Folder!, name, out folder),
                VaultStatus.ReadOnly when Store.IsShut => Store.OpenDirectory(Folder!, VaultNames.Audit, out folder),
                _ => status,
            };
        }

        return status;
    }

    public void Dispose()
    {
        OwnLog?.Dispose();
        Audit?.Dispose();
        Keyring?.Dispose();
        Keys?.Dispose();
        Folder?.Dispose();
    }
}
