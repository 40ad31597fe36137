using SecureVault.Vaults;

namespace SecureVault.Cli.Output;

/// <summary>How every command ends. A promise: a number is never given another meaning.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense, or no passphrase was given.</summary>
    public const int Usage = 2;

    /// <summary>The passphrase is not the vault's.</summary>
    public const int WrongPassphrase = 3;

    /// <summary>Stored bytes are damaged, forged or older than what was seen before.</summary>
    public const int Damaged = 4;

    /// <summary>Whoever asked may not.</summary>
    public const int NotPermitted = 5;

    public static int Of(VaultError error) => error switch
    {
        VaultError.None => Done,
        VaultError.Usage => Usage,
        VaultError.WrongPassphrase => WrongPassphrase,
        VaultError.Damaged => Damaged,
        VaultError.NotPermitted => NotPermitted,
        _ => Failed,
    };
}
