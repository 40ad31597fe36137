namespace SecureVault.Vaults.Audit;

/// <summary>What this machine remembers of a vault outside it, to notice an older copy put back. Implemented by the service.</summary>
/// <remarks>A vault goes by its id, 32 hexadecimal digits. Any thread. Neither call throws: an anchor that cannot be read is zeros, one that cannot be written is left.</remarks>
public interface ITrustAnchor
{
    /// <summary>The highest seen, or zeros when the vault is new here.</summary>
    TrustedState Read(string vaultId);

    /// <summary>Remembers a state. The vault calls it only with what is durable in the vault already.</summary>
    void Write(string vaultId, TrustedState state);

    /// <summary>Path of what Read reads, for a person who restored a backup on purpose and removes it.</summary>
    string Describe(string vaultId);
}

/// <summary>Policy version, audit sequence and its chain value (lower-case hex) last seen.</summary>
public readonly record struct TrustedState(ulong PolicyVersion, ulong AuditSequence, string AuditChain);
