using System;

namespace SecureVault.Vaults.Audit;

/// <summary>What this machine remembers of a vault outside it, to notice an older copy put back. Implemented by the service.</summary>
/// <remarks>A vault goes by its id, 32 hexadecimal digits. Any thread. No call throws: an anchor that cannot be read is zeros, one that cannot be written is left.</remarks>
public interface ITrustAnchor
{
    /// <summary>The highest seen, or zeros when the vault is new here.</summary>
    TrustedState Read(string vaultId);

    /// <summary>Remembers a state where it is higher, and its place. The vault calls it only with what is durable in the vault already.</summary>
    void Write(string vaultId, TrustedState state);

    /// <summary>Remembers this state and no other, higher or not: a person said that the vault was restored. False when it could not.</summary>
    bool Replace(string vaultId, TrustedState state);

    /// <summary>Path of what Read reads.</summary>
    string Describe(string vaultId);

    /// <summary>Says to this machine's other processes that a drive of the vault is live here, until disposed; null when one of them says so.</summary>
    IDisposable? TryHold(string vaultId);

    /// <summary>A folder of this machine's own for a vault, there after the call; null when it cannot be made.</summary>
    string? FolderFor(string vaultId);
}

/// <summary>Policy version, audit sequence and its chain value (lower-case hex) last seen.</summary>
public readonly record struct TrustedState(ulong PolicyVersion, ulong AuditSequence, string AuditChain)
{
    /// <summary>The folder the vault was last opened in; null when that is not known.</summary>
    public VaultPlace? Place { get; init; }
}

/// <summary>A vault's folder on this machine: its full path, and which object of which file system it is.</summary>
public sealed record VaultPlace(string Path, ulong Device, ulong Inode);
