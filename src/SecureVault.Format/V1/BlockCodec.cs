using System;
using System.Buffers;
using SecureVault.Crypto;
using static System.Buffers.Binary.BinaryPrimitives;

namespace SecureVault.Format.V1;

/// <summary>Seals and opens the blocks of one file. Any thread; allocates nothing in steady state.</summary>
/// <remarks>
/// <code>
/// sealed block    0  12  nonce, random
///                12   n  ciphertext, or the plaintext itself where protection is Clear
///            12 + n  16  tag
/// associated      0   1  'B' encrypted block, 'C' clear block, 'M' map
///                 1  16  file id
///                17   8  block index, or the map's group
///                25   n  the plaintext, 'C' only: GCM over nothing, so the tag is integrity alone
/// </code>
/// </remarks>
public sealed class BlockCodec : IDisposable
{
    private const int AssociatedSize = 1 + 16 + 8;
    private const byte EncryptedKind = (byte)'B';
    private const byte ClearKind = (byte)'C';
    private const byte MapKind = (byte)'M';

    private readonly AeadKey _key;
    private readonly int _blockSize;

    /// <summary>Takes ownership of nothing: the secret may be disposed afterwards.</summary>
    public BlockCodec(in FileIdentity identity, SecretKey secret)
    {
        Require.That(FileLayout.IsBlockShift(identity.BlockShift), "The block shift is not of format 1.");
        Require.That(secret.Size == FileHeader.SecretSize, "A file's secret has 32 bytes.");
        Identity = identity;
        _blockSize = FileLayout.BlockSize(identity.BlockShift);
        _key = AeadKey.Create(identity.Suite, secret);
    }

    /// <summary>The open part of the header this codec is for.</summary>
    public FileIdentity Identity { get; }

    /// <summary>The file's AEAD, for state records and extended attributes; borrowed.</summary>
    public AeadKey FileKey => _key;

    /// <summary>cipher has plain.Length + 28 bytes (plain 1..BlockSize). A fresh nonce is drawn.</summary>
    public void SealBlock(long blockIndex, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        Require.That(plain.Length > 0 && plain.Length <= _blockSize, "A block has 1 to BlockSize bytes.");
        Require.That(cipher.Length == plain.Length + FileLayout.BlockOverhead, "A sealed block is 28 bytes longer than its plaintext.");
        if (Identity.Protection == Protection.Clear)
        {
            SealClear(blockIndex, plain, cipher);
        }
        else
        {
            Seal(EncryptedKind, blockIndex, plain, cipher);
        }
    }

    /// <summary>False when not this file's block at this index; plain (cipher.Length - 28) is wiped then.</summary>
    public bool TryOpenBlock(long blockIndex, ReadOnlySpan<byte> cipher, Span<byte> plain)
    {
        if (cipher.Length <= FileLayout.BlockOverhead || cipher.Length > _blockSize + FileLayout.BlockOverhead)
        {
            plain.Clear();
            return false;
        }

        Require.That(plain.Length == cipher.Length - FileLayout.BlockOverhead, "A block is 28 bytes shorter than its sealed form.");
        return Identity.Protection == Protection.Clear
            ? TryOpenClear(blockIndex, cipher, plain)
            : TryOpen(EncryptedKind, blockIndex, cipher, plain);
    }

    /// <summary>Seals a map block of group 1, 2, ...; always encrypted. plain has BlockSize bytes.</summary>
    public void SealMap(long group, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        Require.That(group > 0, "Groups with a map block start at 1.");
        Require.That(plain.Length == _blockSize && cipher.Length == _blockSize + FileLayout.BlockOverhead, "A map block is full.");
        Seal(MapKind, group, plain, cipher);
    }

    /// <summary>False when not this file's map of this group; plain (BlockSize bytes) is wiped then.</summary>
    public bool TryOpenMap(long group, ReadOnlySpan<byte> cipher, Span<byte> plain)
    {
        Require.That(plain.Length == _blockSize, "A map block is full.");
        if (cipher.Length != _blockSize + FileLayout.BlockOverhead)
        {
            plain.Clear();
            return false;
        }

        return TryOpen(MapKind, group, cipher, plain);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private void Seal(byte kind, long index, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        Span<byte> associated = stackalloc byte[AssociatedSize];
        WriteAssociated(associated, kind, index);
        RandomBytes.Fill(cipher[..AeadKey.NonceSize]);
        _key.Seal(cipher[..AeadKey.NonceSize], plain, cipher.Slice(AeadKey.NonceSize, plain.Length), cipher[^AeadKey.TagSize..], associated);
    }

    private bool TryOpen(byte kind, long index, ReadOnlySpan<byte> cipher, Span<byte> plain)
    {
        Span<byte> associated = stackalloc byte[AssociatedSize];
        WriteAssociated(associated, kind, index);
        return _key.TryOpen(cipher[..AeadKey.NonceSize], cipher.Slice(AeadKey.NonceSize, plain.Length), cipher[^AeadKey.TagSize..], plain, associated);
    }

    private void SealClear(long index, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        byte[] pooled = ArrayPool<byte>.Shared.Rent(AssociatedSize + _blockSize);
        Span<byte> associated = pooled.AsSpan(0, AssociatedSize + plain.Length);
        WriteAssociated(associated, ClearKind, index);
        plain.CopyTo(associated[AssociatedSize..]);
        Span<byte> nonce = cipher[..AeadKey.NonceSize];
        RandomBytes.Fill(nonce);
        associated[AssociatedSize..].CopyTo(cipher[AeadKey.NonceSize..]);
        _key.Seal(nonce, [], [], cipher[^AeadKey.TagSize..], associated);
        associated.Clear();
        ArrayPool<byte>.Shared.Return(pooled);
    }

    private bool TryOpenClear(long index, ReadOnlySpan<byte> cipher, Span<byte> plain)
    {
        byte[] pooled = ArrayPool<byte>.Shared.Rent(AssociatedSize + _blockSize);
        Span<byte> associated = pooled.AsSpan(0, AssociatedSize + plain.Length);
        WriteAssociated(associated, ClearKind, index);
        cipher.Slice(AeadKey.NonceSize, plain.Length).CopyTo(associated[AssociatedSize..]);
        bool authentic = _key.TryOpen(cipher[..AeadKey.NonceSize], [], cipher[^AeadKey.TagSize..], [], associated);
        plain.Clear();
        if (authentic)
        {
            associated[AssociatedSize..].CopyTo(plain);
        }

        associated.Clear();
        ArrayPool<byte>.Shared.Return(pooled);
        return authentic;
    }

    private void WriteAssociated(Span<byte> associated, byte kind, long index)
    {
        associated[0] = kind;
        Identity.Id.Value.Write(associated[1..]);
        WriteInt64LittleEndian(associated[17..], index);
    }
}
