using System;
using System.Security.Cryptography;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>Extended attributes: name and value sealed under the owner's key (file key, or the folder key for folders).</summary>
/// <remarks>
/// <code>
/// stored value   0  12  nonce        associated   0   1  'X'
///               12   n  ciphertext                1  16  owner: file id or folder id
///           12 + n  16  tag                      17   n  plain name
/// </code>
/// Any thread; allocates nothing.
/// </remarks>
public static class XattrCodec
{
    /// <summary>Bytes that a value grows by.</summary>
    public const int ValueOverhead = 28;

    /// <summary>Longest stored attribute name.</summary>
    public const int MaxStoredName = 255;

    /// <summary>Longest plain attribute name in bytes: its spelling fits 255 characters.</summary>
    public const int MaxPlainName = MaxSealedName - SivKey.IvSize;

    private const int PrefixLength = 17;
    private const int MaxSealedName = (MaxStoredName - PrefixLength) * 3 / 4;

    /// <summary>Prefix of every stored attribute name.</summary>
    public static ReadOnlySpan<byte> StoredPrefix => "user.securevault."u8;

    /// <summary>Stored name = prefix + base64url(AES-SIV(name key, associated = owner id, plain name)). Returns length, at most 255, or -1 when too long.</summary>
    public static int SpellName(SivKey nameKey, Id128 owner, ReadOnlySpan<byte> plainName, Span<byte> stored)
    {
        if (plainName.Length > MaxPlainName)
        {
            return -1;
        }

        Require.That(IsPlainName(plainName), "An attribute's name is not empty and has no NUL.");
        Span<byte> associated = stackalloc byte[16];
        owner.Write(associated);
        Span<byte> cipher = stackalloc byte[MaxSealedName];
        cipher = cipher[..(plainName.Length + SivKey.IvSize)];
        nameKey.Seal(plainName, associated, cipher);
        StoredPrefix.CopyTo(stored);
        return PrefixLength + Base64Url.Write(cipher, stored[PrefixLength..]);
    }

    /// <summary>False when not an attribute name of this owner. plainName has room for MaxPlainName bytes.</summary>
    public static bool TryReadName(SivKey nameKey, Id128 owner, ReadOnlySpan<byte> stored, Span<byte> plainName, out int length)
    {
        length = 0;
        Span<byte> cipher = stackalloc byte[MaxSealedName];
        if (stored.Length > MaxStoredName || !stored.StartsWith(StoredPrefix)
            || !Base64Url.TryRead(stored[PrefixLength..], cipher, out int cipherLength) || cipherLength <= SivKey.IvSize)
        {
            return false;
        }

        Span<byte> associated = stackalloc byte[16];
        owner.Write(associated);
        Span<byte> plain = stackalloc byte[MaxPlainName];
        plain = plain[..(cipherLength - SivKey.IvSize)];
        if (!nameKey.TryOpen(cipher[..cipherLength], associated, plain) || !IsPlainName(plain))
        {
            return false;
        }

        plain.CopyTo(plainName);
        length = plain.Length;
        return true;
    }

    /// <summary>stored has value.Length + 28 bytes; bound to owner and name.</summary>
    public static void SealValue(AeadKey key, Id128 owner, ReadOnlySpan<byte> plainName, ReadOnlySpan<byte> value, Span<byte> stored)
    {
        Require.That(IsPlainName(plainName), "An attribute's name has 1 to 162 bytes and no NUL.");
        Require.That(stored.Length == value.Length + ValueOverhead, "A sealed value is 28 bytes longer.");
        Span<byte> associated = stackalloc byte[17 + MaxPlainName];
        associated = WriteAssociated(associated, owner, plainName);
        RandomBytes.Fill(stored[..AeadKey.NonceSize]);
        key.Seal(stored[..AeadKey.NonceSize], value, stored.Slice(AeadKey.NonceSize, value.Length), stored[^AeadKey.TagSize..], associated);
    }

    /// <summary>False when not this owner's value of this name; value (stored.Length - 28 bytes) is wiped then.</summary>
    public static bool TryOpenValue(AeadKey key, Id128 owner, ReadOnlySpan<byte> plainName, ReadOnlySpan<byte> stored, Span<byte> value)
    {
        Require.That(IsPlainName(plainName), "An attribute's name has 1 to 162 bytes and no NUL.");
        if (stored.Length < ValueOverhead)
        {
            CryptographicOperations.ZeroMemory(value);
            return false;
        }

        Require.That(value.Length == stored.Length - ValueOverhead, "A value is 28 bytes shorter than its sealed form.");
        Span<byte> associated = stackalloc byte[17 + MaxPlainName];
        associated = WriteAssociated(associated, owner, plainName);
        return key.TryOpen(stored[..AeadKey.NonceSize], stored.Slice(AeadKey.NonceSize, value.Length), stored[^AeadKey.TagSize..], value, associated);
    }

    private static bool IsPlainName(ReadOnlySpan<byte> plainName) => plainName.Length is > 0 and <= MaxPlainName && !plainName.Contains((byte)0);

    private static Span<byte> WriteAssociated(Span<byte> associated, Id128 owner, ReadOnlySpan<byte> plainName)
    {
        associated[0] = (byte)'X';
        owner.Write(associated[1..]);
        plainName.CopyTo(associated[17..]);
        return associated[..(17 + plainName.Length)];
    }
}
