using System;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace SecureVault.Crypto.Contexts;

/// <summary>SM4-GCM (RFC 8998) by BouncyCastle, whose objects take arrays: bytes pass through two small ones, wiped after use.</summary>
/// <remarks>BouncyCastle allocates about 2 KiB a call and 2.5 bytes a byte; short-lived, and no key or plain text in them.</remarks>
internal sealed class Sm4GcmContext : AeadContext
{
    private const int PieceSize = 4096;
    private const int TagBits = TagSize * 8;

    private readonly GcmBlockCipher _gcm = new(new SM4Engine());
    private readonly byte[] _input = new byte[PieceSize];
    private readonly byte[] _output = new byte[PieceSize + 2 * TagSize];
    private byte[] _lastNonce = new byte[NonceSize];

    internal Sm4GcmContext(ReadOnlySpan<byte> key)
    {
        byte[] copy = key.ToArray();
        try
        {
            // The key schedule and the hash tables are made here once; later calls name no key and keep them.
            _gcm.Init(false, new AeadParameters(new KeyParameter(copy), TagBits, _lastNonce));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    /// <inheritdoc/>
    internal override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        Start(isSealing: true, nonce, associated);
        int written = Run(plain, cipher);
        int last = _gcm.DoFinal(_output, 0) - TagSize;
        _output.AsSpan(0, last).CopyTo(cipher[written..]);
        _output.AsSpan(last, TagSize).CopyTo(tag);
        Clear();
    }

    /// <inheritdoc/>
    internal override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> associated)
    {
        Start(isSealing: false, nonce, associated);
        try
        {
            int written = Run(cipher, plain);
            written += Feed(tag, plain[written..]);
            int last = _gcm.DoFinal(_output, 0);
            _output.AsSpan(0, last).CopyTo(plain[written..]);
            return true;
        }
        catch (InvalidCipherTextException)
        {
            return false;
        }
        finally
        {
            Clear();
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => Clear();

    private void Start(bool isSealing, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated)
    {
        if (isSealing && nonce.SequenceEqual(_lastNonce))
        {
            // BouncyCastle refuses the nonce it saw last, also one it only opened with. Whether a nonce is fresh is the
            // caller's duty with either suite, so it is made to forget.
            byte[] other = nonce.ToArray();
            other[0] ^= 1;
            _gcm.Init(false, new AeadParameters(null, TagBits, other));
        }

        _lastNonce = nonce.ToArray();
        _gcm.Init(isSealing, new AeadParameters(null, TagBits, _lastNonce, associated.ToArray()));
    }

    private int Run(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int written = 0;
        for (int read = 0; read < source.Length; read += PieceSize)
        {
            written += Feed(source.Slice(read, Math.Min(PieceSize, source.Length - read)), target[written..]);
        }

        return written;
    }

    private int Feed(ReadOnlySpan<byte> piece, Span<byte> target)
    {
        piece.CopyTo(_input);
        int count = _gcm.ProcessBytes(_input, 0, piece.Length, _output, 0);
        _output.AsSpan(0, count).CopyTo(target);
        return count;
    }

    private void Clear()
    {
        CryptographicOperations.ZeroMemory(_input);
        CryptographicOperations.ZeroMemory(_output);
    }
}
