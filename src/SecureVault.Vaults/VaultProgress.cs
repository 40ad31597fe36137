namespace SecureVault.Vaults;

/// <summary>Progress of long work, in the unit of the work (files for labels, stored bytes for verify). Current is a path inside the vault.</summary>
public readonly record struct VaultProgress(long Done, long Total, string Current);
