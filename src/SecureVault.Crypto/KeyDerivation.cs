using System;
using System.Security.Cryptography;
using System.Text;

namespace SecureVault.Crypto;

/// <summary>HKDF-SHA256 (RFC 5869) with readable, pinned purpose strings. Any thread.</summary>
public static class KeyDerivation
{
    private const int MaxPurposeLength = 128;

    /// <summary>Derives a key of <paramref name="size"/> bytes (1 to 64) for the ASCII <paramref name="purpose"/>.</summary>
    /// <param name="from">The key derived from.</param>
    /// <param name="salt">Not secret; may be empty.</param>
    /// <param name="purpose">1 to 128 ASCII characters: two purposes never give the same key.</param>
    /// <param name="size">Bytes of the new key, which the caller disposes.</param>
    public static SecretKey Derive(SecretKey from, ReadOnlySpan<byte> salt, string purpose, int size)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(purpose.Length, MaxPurposeLength, nameof(purpose));
        if (!Ascii.IsValid(purpose))
        {
            throw new ArgumentException("A purpose is ASCII.", nameof(purpose));
        }

        Span<byte> info = stackalloc byte[MaxPurposeLength];
        return Derive(from, salt, info[..Encoding.ASCII.GetBytes(purpose, info)], size);
    }

    /// <summary>Derives a key for a purpose given in bytes; the same bytes as an ASCII string give the same key.</summary>
    public static SecretKey Derive(SecretKey from, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> purpose, int size)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, SecretKey.MaxSize);
        Span<byte> derived = stackalloc byte[SecretKey.MaxSize];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, from.Bytes, derived[..size], salt, purpose);
            GC.KeepAlive(from);
            return SecretKey.Import(derived[..size]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }
}
