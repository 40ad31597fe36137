using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SecureVault.Crypto;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>The vault's config file, securevault.json: format, suite, block size, vault id, KDF cost and the sealed vault key.</summary>
/// <remarks>
/// Every field is associated data of the sealed vault key, so none can be changed unnoticed:
/// <code>
///   0  18  "securevault config"        108   4  scrypt N
///  18   4  format, 1                   112   4  scrypt r
///  22   1  suite                       116   4  scrypt p
///  23   4  block size in bytes         120  32  salt
///  27  16  vault id
///  43  65  signing key
/// </code>
/// Immutable; any thread.
/// </remarks>
public sealed class VaultConfig
{
    /// <summary>Format version that this build writes, and the latest it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Bytes that every config fits in.</summary>
    public const int MaxSize = 64 * 1024;

    internal const int PointSize = 65;
    internal const int SaltSize = 32;
    internal const int WrappedSize = VaultKeys.VaultKeySize + AeadKey.TagSize;

    private const int AssociatedSize = 18 + 4 + 1 + 4 + 16 + PointSize + 4 + 4 + 4 + SaltSize;

    private readonly byte[] _signingPoint;
    private readonly byte[] _salt;
    private readonly byte[] _nonce;
    private readonly byte[] _wrapped;

    internal VaultConfig(CipherSuite suite, int blockShift, Id128 vaultId, byte[] signingPoint, ScryptCost cost, byte[] salt, byte[] nonce, byte[] wrapped)
    {
        Suite = suite;
        BlockShift = blockShift;
        VaultId = vaultId;
        Cost = cost;
        _signingPoint = signingPoint;
        _salt = salt;
        _nonce = nonce;
        _wrapped = wrapped;
    }

    /// <summary>Always 1 here: later versions are not parsed.</summary>
    public int FormatVersion { get; } = CurrentVersion;

    /// <summary>AEAD of everything in the vault.</summary>
    public CipherSuite Suite { get; }

    /// <summary>log2 of the plain block size.</summary>
    public int BlockShift { get; }

    /// <summary>16 random bytes, for lock files and local state.</summary>
    public Id128 VaultId { get; }

    /// <summary>Public point (65 bytes) that checkpoints and policies are verified with.</summary>
    public ReadOnlyMemory<byte> SigningPoint => _signingPoint;

    /// <summary>Cost of the passphrase's KDF, as stored: unverified until TryUnlock.</summary>
    public ScryptCost Cost { get; }

    /// <summary>Makes a config for a new vault; vaultKey (32 bytes) is sealed under scrypt(passphrase).</summary>
    public static VaultConfig Create(CipherSuite suite, int blockShift, ReadOnlySpan<byte> signingPoint, ReadOnlySpan<byte> passphrase, SecretKey vaultKey, ScryptCost cost)
    {
        Require.That(AeadKey.IsKnown(suite) && FileLayout.IsBlockShift(blockShift), "The suite or block size is not of format 1.");
        Require.That(signingPoint.Length == PointSize, "A signing point has 65 bytes.");
        return Wrap(suite, blockShift, Id128.Random(), signingPoint.ToArray(), passphrase, vaultKey, cost);
    }

    /// <summary>The same vault with its key sealed under another passphrase or cost; this config is unchanged.</summary>
    public VaultConfig WithPassphrase(ReadOnlySpan<byte> passphrase, SecretKey vaultKey, ScryptCost cost) =>
        Wrap(Suite, BlockShift, VaultId, _signingPoint, passphrase, vaultKey, cost);

    /// <summary>Another vault with the same keys; this config is unchanged.</summary>
    public VaultConfig WithId(Id128 vaultId, ReadOnlySpan<byte> passphrase, SecretKey vaultKey) =>
        Wrap(Suite, BlockShift, vaultId, _signingPoint, passphrase, vaultKey, Cost);

    /// <summary>Parses the JSON text. Corrupt, NewerVersion (foundVersion says which) or UnknownSuite otherwise.</summary>
    public static FormatStatus TryParse(ReadOnlySpan<byte> json, out VaultConfig? config, out int foundVersion) =>
        VaultConfigText.TryParse(json, out config, out foundVersion);

    /// <summary>The JSON text, UTF-8, stable order.</summary>
    public byte[] ToJson() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "securevault": "vault",
          "format": {{CurrentVersion}},
          "suite": "{{VaultConfigText.SuiteName(Suite)}}",
          "blockSize": {{FileLayout.BlockSize(BlockShift)}},
          "id": "{{VaultId.ToString()}}",
          "signingKey": "{{Convert.ToHexStringLower(_signingPoint)}}",
          "slots": [
            {
              "type": "passphrase",
              "kdf": "scrypt",
              "n": {{Cost.N}},
              "r": {{Cost.R}},
              "p": {{Cost.P}},
              "salt": "{{Convert.ToHexStringLower(_salt)}}",
              "nonce": "{{Convert.ToHexStringLower(_nonce)}}",
              "wrapped": "{{Convert.ToHexStringLower(_wrapped)}}"
            }
          ]
        }

        """));

    /// <summary>Runs the KDF (always, in full) and opens the vault key. WrongPassphrase or WeakKdf (cost below floor, KDF not run) otherwise.</summary>
    public FormatStatus TryUnlock(ReadOnlySpan<byte> passphrase, ScryptCost floor, out SecretKey? vaultKey)
    {
        vaultKey = null;
        if (!Cost.IsAcceptable(floor))
        {
            return FormatStatus.WeakKdf;
        }

        using SecretKey derived = PassphraseKdf.Derive(passphrase, _salt, Cost);
        using AeadKey key = AeadKey.Create(Suite, derived);
        Span<byte> associated = stackalloc byte[AssociatedSize];
        WriteAssociated(associated);
        Span<byte> opened = stackalloc byte[VaultKeys.VaultKeySize];
        if (!key.TryOpen(_nonce, _wrapped.AsSpan(0, opened.Length), _wrapped.AsSpan(opened.Length), opened, associated))
        {
            return FormatStatus.WrongPassphrase;
        }

        vaultKey = SecretKey.Import(opened);
        CryptographicOperations.ZeroMemory(opened);
        return FormatStatus.Ok;
    }

    private static VaultConfig Wrap(CipherSuite suite, int blockShift, Id128 vaultId, byte[] signingPoint, ReadOnlySpan<byte> passphrase, SecretKey vaultKey, ScryptCost cost)
    {
        Require.That(vaultKey.Size == VaultKeys.VaultKeySize, "A vault key has 32 bytes.");
        byte[] salt = new byte[SaltSize];
        byte[] nonce = new byte[AeadKey.NonceSize];
        byte[] wrapped = new byte[WrappedSize];
        RandomBytes.Fill(salt);
        RandomBytes.Fill(nonce);
        var config = new VaultConfig(suite, blockShift, vaultId, signingPoint, cost, salt, nonce, wrapped);
        using SecretKey derived = PassphraseKdf.Derive(passphrase, salt, cost);
        using AeadKey key = AeadKey.Create(suite, derived);
        Span<byte> associated = stackalloc byte[AssociatedSize];
        config.WriteAssociated(associated);
        key.Seal(nonce, vaultKey.Bytes, wrapped.AsSpan(0, vaultKey.Size), wrapped.AsSpan(vaultKey.Size), associated);
        return config;
    }

    private void WriteAssociated(Span<byte> associated)
    {
        "securevault config"u8.CopyTo(associated);
        WriteInt32LittleEndian(associated[18..], CurrentVersion);
        associated[22] = (byte)Suite;
        WriteInt32LittleEndian(associated[23..], FileLayout.BlockSize(BlockShift));
        VaultId.Write(associated[27..]);
        _signingPoint.CopyTo(associated[43..]);
        WriteInt32LittleEndian(associated[108..], Cost.N);
        WriteInt32LittleEndian(associated[112..], Cost.R);
        WriteInt32LittleEndian(associated[116..], Cost.P);
        _salt.CopyTo(associated[120..]);
    }
}
