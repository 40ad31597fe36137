using System;

namespace SecureVault.Crypto.Contexts;

/// <summary>A cipher with its key schedule; one thread at a time.</summary>
internal abstract class AeadContext : IDisposable
{
    /// <summary>Nonce bytes of every suite: the 96 bits of NIST SP 800-38D, 5.2.1.1; RFC 8998 has the same.</summary>
    internal const int NonceSize = 12;

    /// <summary>Tag bytes of every suite.</summary>
    internal const int TagSize = 16;

    /// <summary>Encrypts; lengths were checked by the key.</summary>
    internal abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> associated);

    /// <summary>Decrypts; false when the tag does not match, and then the caller wipes <paramref name="plain"/>.</summary>
    internal abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> associated);

    /// <inheritdoc/>
    public abstract void Dispose();
}
