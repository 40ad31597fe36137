using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SecureVault.Crypto.Contexts;

/// <summary>The two AES key schedules of an AES-SIV key with their CMAC subkeys; one thread at a time.</summary>
/// <remarks>
/// CMAC is SP 800-38B; S2V and CTR are RFC 5297 sections 2.4 and 2.5.
/// </remarks>
internal sealed class SivContext : IDisposable
{
    private const int BlockSize = 16;
    private const int StreamSize = 16 * BlockSize;

    private readonly AesBlocks _macCipher;
    private readonly AesBlocks _streamCipher;
    private readonly byte[] _stream = Secret(StreamSize);
    private readonly byte[] _wholeSubkey = Secret(BlockSize);
    private readonly byte[] _partSubkey = Secret(BlockSize);
    private readonly byte[] _zeroMacDoubled = Secret(BlockSize);

    internal SivContext(ReadOnlySpan<byte> key)
    {
        int half = key.Length / 2;
        _macCipher = AesBlocks.Create(key[..half]);
        _streamCipher = AesBlocks.Create(key[half..]);
        Span<byte> zero = stackalloc byte[BlockSize];
        zero.Clear();
        _macCipher.Encrypt(zero, _wholeSubkey);
        Double(_wholeSubkey);
        _wholeSubkey.CopyTo(_partSubkey, 0);
        Double(_partSubkey);
        Mac(zero, [], _zeroMacDoubled);
        Double(_zeroMacDoubled);
    }

    /// <summary>The synthetic IV of one component of associated data and the plain text: RFC 5297 section 2.4.</summary>
    internal void Synthesize(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plain, Span<byte> iv)
    {
        Span<byte> sum = stackalloc byte[BlockSize];
        Mac(associated, [], sum);
        Xor(sum, _zeroMacDoubled);
        if (plain.Length >= BlockSize)
        {
            Mac(plain, sum, iv);
        }
        else
        {
            Double(sum);
            Span<byte> padded = stackalloc byte[BlockSize];
            padded.Clear();
            plain.CopyTo(padded);
            padded[plain.Length] = 0x80;
            Xor(padded, sum);
            Mac(padded, [], iv);
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    /// <summary>Encrypts or decrypts in counter mode from the IV with bits 31 and 63 cleared: RFC 5297 section 2.5.</summary>
    internal void Stream(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> target)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(iv);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(iv[8..]) & 0x7FFF_FFFF_7FFF_FFFF;
        for (int at = 0; at < source.Length; at += StreamSize)
        {
            int length = Math.Min(StreamSize, source.Length - at);
            int rounded = (length + BlockSize - 1) & -BlockSize;
            for (int block = 0; block < rounded; block += BlockSize)
            {
                BinaryPrimitives.WriteUInt64BigEndian(_stream.AsSpan(block), high);
                BinaryPrimitives.WriteUInt64BigEndian(_stream.AsSpan(block + 8), low);

                // The counter is 128 bits wide and wraps; bit 63 was cleared, so no text of this size carries.
                low = unchecked(low + 1);
            }

            _streamCipher.Encrypt(_stream.AsSpan(0, rounded), _stream);
            for (int i = 0; i < length; i++)
            {
                target[at + i] = (byte)(source[at + i] ^ _stream[i]);
            }
        }

        CryptographicOperations.ZeroMemory(_stream);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _macCipher.Dispose();
        _streamCipher.Dispose();
        CryptographicOperations.ZeroMemory(_stream);
        CryptographicOperations.ZeroMemory(_wholeSubkey);
        CryptographicOperations.ZeroMemory(_partSubkey);
        CryptographicOperations.ZeroMemory(_zeroMacDoubled);
    }

    /// <summary>CMAC of the message with <paramref name="ending"/> (empty or 16 bytes) added to its last 16 bytes.</summary>
    private void Mac(ReadOnlySpan<byte> message, ReadOnlySpan<byte> ending, Span<byte> mac)
    {
        int endAt = message.Length - ending.Length;
        int lastAt = message.Length == 0 ? 0 : (message.Length - 1) / BlockSize * BlockSize;
        Span<byte> chain = stackalloc byte[BlockSize];
        chain.Clear();
        for (int at = 0; at <= lastAt; at += BlockSize)
        {
            ReadOnlySpan<byte> block = message.Slice(at, Math.Min(BlockSize, message.Length - at));
            Xor(chain, block);
            for (int i = Math.Max(0, endAt - at); i < block.Length && ending.Length != 0; i++)
            {
                chain[i] ^= ending[at + i - endAt];
            }

            if (at == lastAt)
            {
                FinishLastBlock(chain, block.Length);
            }

            _macCipher.Encrypt(chain, chain);
        }

        chain.CopyTo(mac);
    }

    private void FinishLastBlock(Span<byte> chain, int length)
    {
        if (length == BlockSize)
        {
            Xor(chain, _wholeSubkey);
            return;
        }

        chain[length] ^= 0x80;
        Xor(chain, _partSubkey);
    }

    private static void Xor(Span<byte> target, ReadOnlySpan<byte> other)
    {
        for (int i = 0; i < other.Length; i++)
        {
            target[i] ^= other[i];
        }
    }

    /// <summary>Multiplies by x in GF(2^128), without a branch on the secret bit.</summary>
    private static void Double(Span<byte> block)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(block);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(block[8..]);
        BinaryPrimitives.WriteUInt64BigEndian(block, (high << 1) | (low >> 63));
        BinaryPrimitives.WriteUInt64BigEndian(block[8..], (low << 1) ^ ((high >> 63) * 0x87));
    }

    // Pinned, so that the collector makes no copies that nobody wipes.
    private static byte[] Secret(int size) => GC.AllocateArray<byte>(size, pinned: true);
}
