using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>A name as the backing store spells it: filled in place, so that a lookup allocates nothing.</summary>
internal struct EntryName
{
    private StoredBytes _stored;
    private CipherBytes _cipher;
    private int _storedLength;
    private int _cipherLength;

    /// <summary>Identifies (folder, name).</summary>
    public NameTag Tag;

    /// <summary>A companion file carries the cipher bytes.</summary>
    public bool IsLong;

    /// <summary>The stored name, 1..255 bytes.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Stored => ((ReadOnlySpan<byte>)_stored)[.._storedLength];

    /// <summary>The encrypted name, what a companion holds.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Cipher => ((ReadOnlySpan<byte>)_cipher)[.._cipherLength];

    /// <summary>Encrypts and spells a name of a folder. NameTooLong past 255 bytes, Invalid for what is no name.</summary>
    public VaultStatus Encrypt(NameCodec codec, DirectoryId folder, ReadOnlySpan<byte> name)
    {
        if (name.Length > NameCodec.MaxPlainName)
        {
            return VaultStatus.NameTooLong;
        }

        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.ContainsAny((byte)0, (byte)'/'))
        {
            return VaultStatus.Invalid;
        }

        _cipherLength = codec.Encrypt(folder, name, _cipher, out Tag);
        _storedLength = NameCodec.Spell(Cipher, _stored, out IsLong);
        return VaultStatus.Ok;
    }

    /// <summary>Takes a stored name that a listing has just authenticated; false for a long one, which must be encrypted anew.</summary>
    public bool TryAdopt(ReadOnlySpan<byte> stored)
    {
        if (!NameCodec.TryUnspell(stored, _cipher, out _cipherLength, out IsLong) || IsLong)
        {
            return false;
        }

        stored.CopyTo(_stored);
        _storedLength = stored.Length;
        Tag = new NameTag(Id128.Read(Cipher)); // the synthetic IV stands first
        return true;
    }

    [InlineArray(NameCodec.MaxStoredName)]
    private struct StoredBytes
    {
        private byte _first;
    }

    [InlineArray(NameCodec.MaxCipherName)]
    private struct CipherBytes
    {
        private byte _first;
    }
}
