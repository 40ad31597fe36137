using System;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>Encrypts the names of a folder's entries and spells them for the backing store.</summary>
/// <remarks>
/// cipher = AES-SIV(name key, associated = folder id, plain = name zero-padded to a multiple of 16), 32..272 bytes.
/// stored = base64url without padding when that has at most 255 characters; else base64url(SHA-256(cipher)) + ".long",
/// and a companion file of the same stem + ".name" holds the cipher bytes. Reserved names contain a dot; no stored name does
/// except ".long" ones.
/// </remarks>
public sealed class NameCodec
{
    public const int MaxPlainName = 255;
    public const int MaxCipherName = 272;
    public const int MaxStoredName = 255;

    /// <summary>Stored name of a folder's own record.</summary>
    public static ReadOnlySpan<byte> DirectoryRecordName => "securevault.dir"u8;

    /// <summary>Prefix of half-made or half-removed things: ignored by listings, swept at mount.</summary>
    public static ReadOnlySpan<byte> TemporaryPrefix => "securevault.tmp."u8;

    public NameCodec(SivKey nameKey) => throw new NotSupportedException();

    /// <summary>Encrypts 1..255 bytes without NUL or slash; returns the cipher's length; tag identifies (folder, name).</summary>
    public int Encrypt(DirectoryId folder, ReadOnlySpan<byte> plain, Span<byte> cipher, out NameTag tag) => throw new NotSupportedException();

    /// <summary>False when not a name of this folder. plain has room for 255 bytes.</summary>
    public bool TryDecrypt(DirectoryId folder, ReadOnlySpan<byte> cipher, Span<byte> plain, out int plainLength, out NameTag tag) => throw new NotSupportedException();

    /// <summary>Spells a cipher name; stored has room for 255 bytes. isLong: the companion file is needed.</summary>
    public static int Spell(ReadOnlySpan<byte> cipher, Span<byte> stored, out bool isLong) => throw new NotSupportedException();

    /// <summary>Reads a stored name back. For a long name cipherLength is 0 and the companion file has the cipher.</summary>
    public static bool TryUnspell(ReadOnlySpan<byte> stored, Span<byte> cipher, out int cipherLength, out bool isLong) => throw new NotSupportedException();

    /// <summary>Companion name of a stored ".long" name.</summary>
    public static int CompanionName(ReadOnlySpan<byte> storedLong, Span<byte> companion) => throw new NotSupportedException();

    /// <summary>True when the companion's cipher bytes hash to the stored ".long" name.</summary>
    public static bool CompanionMatches(ReadOnlySpan<byte> storedLong, ReadOnlySpan<byte> cipher) => throw new NotSupportedException();
}
