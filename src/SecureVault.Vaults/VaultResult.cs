namespace SecureVault.Vaults;

/// <summary>Why a vault could not be opened or a command not done. Each maps to one exit code.</summary>
public enum VaultError : byte
{
    None = 0,
    Failed,
    WrongPassphrase,
    Damaged,
    NotPermitted,
    NewerFormat,
    AlreadyMounted,
    NotAVault,
    Usage,
}

/// <summary>An answer for a person: what happened, which thing, what to do; Message empty when None.</summary>
public readonly record struct VaultResult(VaultError Error, string Message)
{
    public static VaultResult Ok => new(VaultError.None, "");
    public bool IsOk => Error == VaultError.None;
}
