namespace SecureVault.Format.V1;

/// <summary>Random identity of one file's key; new at each truncation to zero. 16 bytes, big-endian on disk.</summary>
public readonly record struct FileId(Id128 Value);

/// <summary>Random identity of a folder, bound into the names in it. 16 bytes, big-endian on disk.</summary>
public readonly record struct DirectoryId(Id128 Value);

/// <summary>Random identity of a compartment key in the keyring. 16 bytes, big-endian on disk; zero means none.</summary>
public readonly record struct KeyId(Id128 Value);

/// <summary>The synthetic IV of an encrypted name: a PRF of (folder, name), so it binds an object to its place.</summary>
public readonly record struct NameTag(Id128 Value);

/// <summary>How the blocks of a file are stored.</summary>
public enum Protection : byte
{
    /// <summary>Encrypted and authenticated.</summary>
    Encrypted = 0,

    /// <summary>Plain but authenticated: what "optional" encryption leaves readable on disk.</summary>
    Clear = 1,
}

/// <summary>The open part of a file's header, authenticated as associated data of its key record.</summary>
public readonly record struct FileIdentity(SecureVault.Crypto.CipherSuite Suite, int BlockShift, Protection Protection, FileId Id);

/// <summary>Finds the wrapping key of a key id. Any thread.</summary>
public interface IWrappingKeys
{
    /// <summary>The key, borrowed, or null when the keyring has none of this id.</summary>
    SecureVault.Crypto.AeadKey? Find(KeyId id);
}
