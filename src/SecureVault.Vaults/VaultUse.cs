namespace SecureVault.Vaults;

/// <summary>What a vault is opened for: what is compared, what may be written, what does not stop it.</summary>
internal enum VaultUse : byte
{
    /// <summary>Compared with this machine's memory, and told to it. A copy beside its original can be looked at.</summary>
    Work,

    /// <summary>As Work, but what is wrong with the audit log alone does not stop it; then nothing can be recorded.</summary>
    Audit,

    /// <summary>Nothing is written, and this machine's memory is left out of it: for old copies.</summary>
    ReadOnly,

    /// <summary>A backup put back: neither the memory nor documents of different times stop it.</summary>
    Restore,

    /// <summary>A copy to get an id of its own: as Restore, and a broken audit log does not stop it.</summary>
    Adopt,
}
