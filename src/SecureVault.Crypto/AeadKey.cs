using System;

namespace SecureVault.Crypto;

/// <summary>An AEAD cipher bound to one key: 12-byte nonce, 16-byte tag. AES-256-GCM or SM4-GCM.</summary>
/// <remarks>Any thread, concurrently (contexts are pooled inside). Seal and TryOpen allocate nothing in steady state.</remarks>
public sealed class AeadKey : IDisposable
{
    /// <summary>Nonce length in bytes.</summary>
    public const int NonceSize = 12;

    /// <summary>Tag length in bytes.</summary>
    public const int TagSize = 16;

    private AeadKey() => throw new NotSupportedException();

    /// <summary>Key length of <paramref name="suite"/> in bytes: 32 or 16.</summary>
    public static int KeySize(CipherSuite suite) => throw new NotSupportedException();

    /// <summary>True for a suite this build knows.</summary>
    public static bool IsKnown(CipherSuite suite) => throw new NotSupportedException();

    /// <summary>Binds the first KeySize(suite) bytes of <paramref name="key"/>; the key may be disposed afterwards.</summary>
    public static AeadKey Create(CipherSuite suite, SecretKey key) => throw new NotSupportedException();

    /// <summary>Encrypts and authenticates. cipher has plain's length; spans may be identical but not partly overlap.</summary>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> associated) => throw new NotSupportedException();

    /// <summary>Verifies and decrypts; false when the tag does not match, and then <paramref name="plain"/> is wiped.</summary>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> associated) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}
