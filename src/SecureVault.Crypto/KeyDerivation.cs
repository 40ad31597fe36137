using System;

namespace SecureVault.Crypto;

/// <summary>HKDF-SHA256 (RFC 5869) with readable, pinned purpose strings.</summary>
public static class KeyDerivation
{
    /// <summary>Derives a key of <paramref name="size"/> bytes (1 to 64) for the ASCII <paramref name="purpose"/>.</summary>
    public static SecretKey Derive(SecretKey from, ReadOnlySpan<byte> salt, string purpose, int size) => throw new NotSupportedException();
}
