using System;
using System.Security.Cryptography;
using SecureVault.Crypto.Contexts;

namespace SecureVault.Crypto;

/// <summary>An AEAD cipher bound to one key: 12-byte nonce, 16-byte tag. AES-256-GCM or SM4-GCM.</summary>
/// <remarks>
/// <para>Any thread, concurrently (contexts are pooled inside). With AES-256-GCM Seal and TryOpen allocate nothing in
/// steady state; with SM4-GCM BouncyCastle allocates short-lived blocks.</para>
/// <para>References: NIST SP 800-38D, RFC 8998. A nonce used twice with one key shows the XOR of the two plain texts
/// and lets anyone forge under that key. Random nonces: at most 2^32 seals with one key.</para>
/// </remarks>
public sealed class AeadKey : IDisposable
{
    /// <summary>Nonce length in bytes.</summary>
    public const int NonceSize = AeadContext.NonceSize;

    /// <summary>Tag length in bytes.</summary>
    public const int TagSize = AeadContext.TagSize;

    private readonly CipherSuite _suite;
    // Our own copy; locked while a context is made from it and while it is wiped. A leaf.
    private readonly SecretKey _key;
    private readonly ContextSlots<AeadContext> _contexts = new();

    private AeadKey(CipherSuite suite, SecretKey key)
    {
        _suite = suite;
        _key = key;
    }

    /// <summary>Key length of <paramref name="suite"/> in bytes: 32 or 16.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a known suite: a suite read from a file is checked with IsKnown first.</exception>
    public static int KeySize(CipherSuite suite) => suite switch
    {
        CipherSuite.Aes256Gcm => 32,
        CipherSuite.Sm4Gcm => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(suite), suite, "Not a known cipher suite."),
    };

    /// <summary>True for a suite this build knows.</summary>
    public static bool IsKnown(CipherSuite suite) => suite is CipherSuite.Aes256Gcm or CipherSuite.Sm4Gcm;

    /// <summary>Binds the first KeySize(suite) bytes of <paramref name="key"/>; the key may be disposed afterwards.</summary>
    /// <exception cref="ArgumentException">The key is shorter than that.</exception>
    public static AeadKey Create(CipherSuite suite, SecretKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int size = KeySize(suite);
        if (key.Size < size)
        {
            throw new ArgumentException("The key is shorter than the suite's.", nameof(key));
        }

        var bound = new AeadKey(suite, SecretKey.Import(key.Bytes[..size]));
        GC.KeepAlive(key);
        return bound;
    }

    /// <summary>Encrypts and authenticates. cipher has plain's length; spans may be identical but not partly overlap.</summary>
    /// <exception cref="ArgumentException">A length is wrong, or the spans overlap partly.</exception>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        Check(nonce, plain, cipher, tag);
        AeadContext context = Rent();
        try
        {
            context.Seal(nonce, plain, cipher, tag, associated);
        }
        finally
        {
            _contexts.Return(context);
        }
    }

    /// <summary>Verifies and decrypts; false when the tag does not match, and then <paramref name="plain"/> is wiped.</summary>
    /// <exception cref="ArgumentException">A length is wrong, or the spans overlap partly.</exception>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> associated)
    {
        Check(nonce, cipher, plain, tag);
        AeadContext context = Rent();
        bool isAuthentic = false;
        try
        {
            isAuthentic = context.TryOpen(nonce, cipher, tag, plain, associated);
        }
        finally
        {
            if (!isAuthentic)
            {
                CryptographicOperations.ZeroMemory(plain);
            }

            _contexts.Return(context);
        }

        return isAuthentic;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _contexts.Dispose();
        lock (_key)
        {
            _key.Dispose();
        }
    }

    private static void Check(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, ReadOnlySpan<byte> tag)
    {
        if (nonce.Length != NonceSize || tag.Length != TagSize || source.Length != target.Length)
        {
            throw new ArgumentException("A nonce has 12 bytes, a tag 16, and cipher text the length of its plain text.");
        }

        if (source.Overlaps(target, out int distance) && distance != 0)
        {
            throw new ArgumentException("Plain and cipher text overlap partly.");
        }
    }

    private AeadContext Rent() => _contexts.TryRent() ?? NewContext();

    private AeadContext NewContext()
    {
        // Under the lock no Dispose wipes the key while it is read: a late caller gets an exception, never a wrong key.
        lock (_key)
        {
            return _suite == CipherSuite.Sm4Gcm ? new Sm4GcmContext(_key.Bytes)
                : OpenSslGcmContext.IsAvailable ? new OpenSslGcmContext(_key.Bytes)
                : new AesGcmContext(_key.Bytes);
        }
    }
}
