using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>The vault's config file, securevault.json: format, suite, block size, vault id, KDF cost and the sealed vault key.</summary>
/// <remarks>Every field is associated data of the sealed vault key, so none can be changed unnoticed.</remarks>
public sealed class VaultConfig
{
    public int FormatVersion => throw new NotSupportedException();
    public CipherSuite Suite => throw new NotSupportedException();
    public int BlockShift => throw new NotSupportedException();

    /// <summary>16 random bytes, for lock files and local state.</summary>
    public UInt128 VaultId => throw new NotSupportedException();

    /// <summary>Public point (65 bytes) that checkpoints and policies are verified with.</summary>
    public ReadOnlyMemory<byte> SigningPoint => throw new NotSupportedException();
    public ScryptCost Cost => throw new NotSupportedException();

    /// <summary>Makes a config for a new vault; vaultKey (32 bytes) is sealed under scrypt(passphrase).</summary>
    public static VaultConfig Create(CipherSuite suite, int blockShift, ReadOnlySpan<byte> signingPoint, ReadOnlySpan<byte> passphrase, SecretKey vaultKey, ScryptCost cost) => throw new NotSupportedException();

    /// <summary>Parses the JSON text. Corrupt, NewerVersion (foundVersion says which) or UnknownSuite otherwise.</summary>
    public static FormatStatus TryParse(ReadOnlySpan<byte> json, out VaultConfig? config, out int foundVersion) => throw new NotSupportedException();

    /// <summary>The JSON text, UTF-8, stable order.</summary>
    public byte[] ToJson() => throw new NotSupportedException();

    /// <summary>Runs the KDF (always, in full) and opens the vault key. WrongPassphrase or WeakKdf (cost below floor, KDF not run) otherwise.</summary>
    public FormatStatus TryUnlock(ReadOnlySpan<byte> passphrase, ScryptCost floor, out SecretKey? vaultKey) => throw new NotSupportedException();
}
