using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>Seals and opens the blocks of one file. Any thread; allocates nothing.</summary>
public sealed class BlockCodec : IDisposable
{
    /// <summary>Takes ownership of nothing: the secret may be disposed afterwards.</summary>
    public BlockCodec(in FileIdentity identity, SecretKey secret) => throw new NotSupportedException();

    public FileIdentity Identity => throw new NotSupportedException();

    /// <summary>The file's AEAD, for state records and extended attributes; borrowed.</summary>
    public AeadKey FileKey => throw new NotSupportedException();

    /// <summary>cipher has plain.Length + 28 bytes (plain 1..BlockSize). A fresh nonce is drawn.</summary>
    public void SealBlock(long blockIndex, ReadOnlySpan<byte> plain, Span<byte> cipher) => throw new NotSupportedException();

    /// <summary>False when not this file's block at this index; plain (cipher.Length - 28) is wiped then.</summary>
    public bool TryOpenBlock(long blockIndex, ReadOnlySpan<byte> cipher, Span<byte> plain) => throw new NotSupportedException();

    /// <summary>Seals a map block of group 1, 2, ...; always encrypted. plain has BlockSize bytes.</summary>
    public void SealMap(long group, ReadOnlySpan<byte> plain, Span<byte> cipher) => throw new NotSupportedException();

    public bool TryOpenMap(long group, ReadOnlySpan<byte> cipher, Span<byte> plain) => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}
