using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>What a sealed document is; the number is stored and bound.</summary>
public enum DocumentKind : byte
{
    Keyring = 1,
    Policy = 2,
    Sessions = 3,
    Job = 4,
}

/// <summary>A versioned document, signed (ECDSA P-256) and then sealed (AEAD): keyring, policy, sessions, jobs.</summary>
public static class SealedDocument
{
    /// <summary>Signs and seals. The signature covers kind, version, vault id and body.</summary>
    public static byte[] Seal(DocumentKind kind, ulong version, UInt128 vaultId, ReadOnlySpan<byte> body, AeadKey documentKey, CipherSuite suite, SigningKey signer) => throw new NotSupportedException();

    /// <summary>Opens and verifies; body is the caller's to wipe.</summary>
    public static FormatStatus TryOpen(DocumentKind kind, UInt128 vaultId, ReadOnlySpan<byte> stored, AeadKey documentKey, CipherSuite suite, ReadOnlySpan<byte> signingPoint, out ulong version, out byte[]? body) => throw new NotSupportedException();
}
