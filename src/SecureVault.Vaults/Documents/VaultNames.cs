using System;

namespace SecureVault.Vaults.Documents;

/// <summary>Names of what stands in a vault folder. FORMAT.md says what each holds.</summary>
internal static class VaultNames
{
    public static ReadOnlySpan<byte> Config => "securevault.json"u8;
    public static ReadOnlySpan<byte> Keyring => "keyring"u8;
    public static ReadOnlySpan<byte> Policy => "policy"u8;
    public static ReadOnlySpan<byte> Labels => "labels"u8;
    public static ReadOnlySpan<byte> Sessions => "sessions"u8;

    /// <summary>Locked (flock) by the process that serves the drive; holds a sealed note of who it is.</summary>
    public static ReadOnlySpan<byte> Lock => "lock"u8;
    public static ReadOnlySpan<byte> Audit => "audit"u8;
    public static ReadOnlySpan<byte> AuditLog => "log"u8;
    public static ReadOnlySpan<byte> AuditHead => "head"u8;
    public static ReadOnlySpan<byte> Journal => "journal"u8;
    public static ReadOnlySpan<byte> Jobs => "jobs"u8;

    /// <summary>In jobs: locked while policy or keyring are being replaced; always empty.</summary>
    public static ReadOnlySpan<byte> EditLock => "edit.lock"u8;

    /// <summary>In jobs: locked while labels are being changed; always empty.</summary>
    public static ReadOnlySpan<byte> RelabelLock => "relabel.lock"u8;

    /// <summary>In jobs: the relabel under way, a sealed document.</summary>
    public static ReadOnlySpan<byte> RelabelJob => "relabel"u8;

    /// <summary>An adoption under way: files on their way into the places of those of the old id.</summary>
    public static ReadOnlySpan<byte> Adoption => "adopt"u8;

    /// <summary>What becomes Adoption once it is whole.</summary>
    public static ReadOnlySpan<byte> AdoptionStage => "securevault.tmp.adopt"u8;

    /// <summary>Versions of the policy before the one in force, each under its number.</summary>
    public static ReadOnlySpan<byte> Policies => "policies"u8;
    public static ReadOnlySpan<byte> Root => "root"u8;

    public const uint FileMode = 0x180;      // 0600
    public const uint FolderMode = 0x1C0;    // 0700
    public const uint RootMode = 0x1ED;      // 0755: the drive's own root, so that its users can enter it
}
