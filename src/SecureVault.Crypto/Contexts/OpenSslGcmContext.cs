using System;
using System.Security.Cryptography;
using SecureVault.Crypto.Native;

namespace SecureVault.Crypto.Contexts;

/// <summary>AES-256-GCM by OpenSSL without a layer in between: the same code that AesGcmContext reaches, at a lower price a call.</summary>
/// <remarks>KEYS.md has the figures and says why. The library wipes key schedule and state when the context ends.</remarks>
internal sealed unsafe class OpenSslGcmContext : AeadContext
{
    private nint _context;

    internal OpenSslGcmContext(ReadOnlySpan<byte> key)
    {
        _context = LibCrypto.EVP_CIPHER_CTX_new();
        fixed (byte* from = key)
        {
            if (_context == 0 || LibCrypto.EVP_CipherInit_ex(_context, LibCrypto.Aes256Gcm, 0, from, null, 1) != 1)
            {
                Dispose();
                throw Failed();
            }
        }
    }

    ~OpenSslGcmContext() => Free();

    /// <summary>True where this process can use it.</summary>
    internal static bool IsAvailable => LibCrypto.Aes256Gcm != 0;

    /// <inheritdoc/>
    internal override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        fixed (byte* to = tag)
        {
            byte* end = stackalloc byte[TagSize];
            int none;
            Run(nonce, associated, plain, cipher, 1);
            if (LibCrypto.EVP_CipherFinal_ex(_context, end, &none) != 1 || LibCrypto.EVP_CIPHER_CTX_ctrl(_context, LibCrypto.EVP_CTRL_AEAD_GET_TAG, TagSize, to) != 1)
            {
                throw Failed();
            }
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    internal override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> associated)
    {
        fixed (byte* expected = tag)
        {
            byte* end = stackalloc byte[TagSize];
            int none;
            Run(nonce, associated, cipher, plain, 0);
            if (LibCrypto.EVP_CIPHER_CTX_ctrl(_context, LibCrypto.EVP_CTRL_AEAD_SET_TAG, TagSize, expected) != 1)
            {
                throw Failed();
            }

            bool isAuthentic = LibCrypto.EVP_CipherFinal_ex(_context, end, &none) == 1;
            GC.KeepAlive(this);
            return isAuthentic;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Run(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> source, Span<byte> target, int encrypt)
    {
        int written = 0;
        fixed (byte* iv = nonce, also = associated, from = source, to = target)
        {
            bool done = LibCrypto.EVP_CipherInitNonce(_context, 0, 0, null, iv, encrypt) == 1
                && (associated.IsEmpty || LibCrypto.EVP_CipherUpdateShort(_context, null, &written, also, associated.Length) == 1)
                && (source.IsEmpty || LibCrypto.EVP_CipherUpdate(_context, to, &written, from, source.Length) == 1);
            if (!done || (!source.IsEmpty && written != source.Length))
            {
                throw Failed();
            }
        }
    }

    private void Free()
    {
        if (_context != 0)
        {
            LibCrypto.EVP_CIPHER_CTX_free(_context);
            _context = 0;
        }
    }

    private static CryptographicException Failed() => new("The system's cryptographic library refused AES-256-GCM.");
}
