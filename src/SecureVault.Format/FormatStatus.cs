namespace SecureVault.Format;

/// <summary>What reading stored bytes came to. Hostile bytes give a status, never an exception.</summary>
public enum FormatStatus : byte
{
    /// <summary>Read and authentic.</summary>
    Ok = 0,

    /// <summary>Not authentic, cut, or not of this format.</summary>
    Corrupt = 1,

    /// <summary>A format version later than this build reads.</summary>
    NewerVersion = 2,

    /// <summary>The cipher suite is not known here.</summary>
    UnknownSuite = 3,

    /// <summary>No key in the keyring has the id that the header names.</summary>
    UnknownKey = 4,

    /// <summary>The passphrase does not open the vault key.</summary>
    WrongPassphrase = 5,

    /// <summary>The stored KDF cost is below the floor or absurd.</summary>
    WeakKdf = 6,
}
