using System;

namespace SecureVault.Crypto.Contexts;

/// <summary>The AES block cipher with its key schedule, for encryption only; one thread at a time. SIV is made of it.</summary>
/// <remarks>The system's AES, kept open in ECB mode: it has no state between calls and allocates nothing.</remarks>
internal abstract class AesBlocks : IDisposable
{
    /// <summary>key has 16, 24 or 32 bytes. By OpenSSL itself where it is there: KEYS.md says why.</summary>
    public static AesBlocks Create(ReadOnlySpan<byte> key) => key.Length == OpenSslAesBlocks.KeySize && OpenSslAesBlocks.IsAvailable ? new OpenSslAesBlocks(key) : new SystemAesBlocks(key);

    /// <summary>Encrypts whole blocks one by one; source and target are the same or apart.</summary>
    public abstract void Encrypt(ReadOnlySpan<byte> source, Span<byte> target);

    public abstract void Dispose();
}
