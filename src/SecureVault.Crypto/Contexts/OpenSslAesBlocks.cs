using System;
using System.Security.Cryptography;
using SecureVault.Crypto.Native;

namespace SecureVault.Crypto.Contexts;

/// <summary>AES-256 by OpenSSL without a layer in between. The library wipes the key schedule when the context ends.</summary>
internal sealed unsafe class OpenSslAesBlocks : AesBlocks
{
    public const int KeySize = 32;

    private nint _context;

    public OpenSslAesBlocks(ReadOnlySpan<byte> key)
    {
        _context = LibCrypto.EVP_CIPHER_CTX_new();
        fixed (byte* from = key)
        {
            if (_context == 0 || LibCrypto.EVP_CipherInit_ex(_context, LibCrypto.Aes256Ecb, 0, from, null, 1) != 1 || LibCrypto.EVP_CIPHER_CTX_set_padding(_context, 0) != 1)
            {
                Dispose();
                throw Failed();
            }
        }
    }

    ~OpenSslAesBlocks() => Free();

    /// <summary>True where this process can use it.</summary>
    public static bool IsAvailable => LibCrypto.Aes256Ecb != 0;

    /// <inheritdoc/>
    public override void Encrypt(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int written;
        fixed (byte* from = source, to = target)
        {
            if (target.Length < source.Length || LibCrypto.EVP_CipherUpdateShort(_context, to, &written, from, source.Length) != 1 || written != source.Length)
            {
                throw Failed();
            }
        }

        GC.KeepAlive(this);
    }

    public override void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_context != 0)
        {
            LibCrypto.EVP_CIPHER_CTX_free(_context);
            _context = 0;
        }
    }

    private static CryptographicException Failed() => new("The system's cryptographic library refused AES-256.");
}
