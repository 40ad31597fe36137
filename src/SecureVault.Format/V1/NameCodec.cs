using System;
using System.Security.Cryptography;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>Encrypts the names of a folder's entries and spells them for the backing store.</summary>
/// <remarks>
/// cipher = AES-SIV(name key, associated = folder id, plain = name zero-padded to a multiple of 16), 32..272 bytes.
/// stored = base64url without padding when that has at most 255 characters; else base64url(SHA-256(cipher)) + ".long",
/// and a companion file of the same stem + ".name" holds the cipher bytes. Reserved names contain a dot; no stored name does
/// except ".long" ones. Any thread; allocates nothing.
/// </remarks>
public sealed class NameCodec
{
    public const int MaxPlainName = 255;
    public const int MaxCipherName = 272;
    public const int MaxStoredName = 255;

    /// <summary>Length of every stored long name: 43 characters of hash and ".long".</summary>
    public const int LongNameLength = StemLength + 5;

    private const int Pad = 16;
    private const int StemLength = 43;

    private readonly SivKey _nameKey;

    /// <param name="nameKey">Borrowed for the codec's life.</param>
    public NameCodec(SivKey nameKey) => _nameKey = nameKey;

    /// <summary>Stored name of a folder's own record.</summary>
    public static ReadOnlySpan<byte> DirectoryRecordName => "securevault.dir"u8;

    /// <summary>Prefix of half-made or half-removed things: ignored by listings, swept at mount.</summary>
    public static ReadOnlySpan<byte> TemporaryPrefix => "securevault.tmp."u8;

    private static ReadOnlySpan<byte> LongSuffix => ".long"u8;
    private static ReadOnlySpan<byte> CompanionSuffix => ".name"u8;

    /// <summary>True for 1..255 bytes without NUL or slash that are not "." or "..".</summary>
    public static bool IsPlainName(ReadOnlySpan<byte> plain) =>
        plain.Length is > 0 and <= MaxPlainName && !plain.ContainsAny((byte)0, (byte)'/') && !plain.SequenceEqual("."u8) && !plain.SequenceEqual(".."u8);

    /// <summary>Encrypts a name for which IsPlainName holds; returns the cipher's length; tag identifies (folder, name).</summary>
    /// <param name="cipher">Room for MaxCipherName bytes.</param>
    /// <exception cref="ArgumentException">Not a plain name: the caller checks first.</exception>
    public int Encrypt(DirectoryId folder, ReadOnlySpan<byte> plain, Span<byte> cipher, out NameTag tag)
    {
        Require.That(IsPlainName(plain), "Not a name of a folder's entry.");
        Span<byte> padded = stackalloc byte[MaxPlainName + 1];
        padded = padded[..((plain.Length + Pad - 1) / Pad * Pad)];
        padded.Clear();
        plain.CopyTo(padded);
        Span<byte> associated = stackalloc byte[16];
        folder.Value.Write(associated);
        Span<byte> sealedName = cipher[..(padded.Length + SivKey.IvSize)];
        _nameKey.Seal(padded, associated, sealedName);
        tag = new NameTag(Id128.Read(sealedName));
        return sealedName.Length;
    }

    /// <summary>False when not a name of this folder. plain has room for 255 bytes.</summary>
    public bool TryDecrypt(DirectoryId folder, ReadOnlySpan<byte> cipher, Span<byte> plain, out int plainLength, out NameTag tag)
    {
        plainLength = 0;
        tag = default;
        if (!IsCipherLength(cipher.Length))
        {
            return false;
        }

        Span<byte> padded = stackalloc byte[MaxPlainName + 1];
        padded = padded[..(cipher.Length - SivKey.IvSize)];
        Span<byte> associated = stackalloc byte[16];
        folder.Value.Write(associated);
        if (!_nameKey.TryOpen(cipher, associated, padded))
        {
            return false;
        }

        int length = padded.LastIndexOfAnyExcept((byte)0) + 1;
        if (length <= padded.Length - Pad || !IsPlainName(padded[..length]))
        {
            return false;
        }

        padded[..length].CopyTo(plain);
        plainLength = length;
        tag = new NameTag(Id128.Read(cipher));
        return true;
    }

    /// <summary>Spells a cipher name; stored has room for 255 bytes. isLong: the companion file is needed.</summary>
    public static int Spell(ReadOnlySpan<byte> cipher, Span<byte> stored, out bool isLong)
    {
        Require.That(IsCipherLength(cipher.Length), "Not an encrypted name.");
        isLong = Base64Url.TextLength(cipher.Length) > MaxStoredName;
        if (!isLong)
        {
            return Base64Url.Write(cipher, stored);
        }

        WriteStem(cipher, stored);
        LongSuffix.CopyTo(stored[StemLength..]);
        return LongNameLength;
    }

    /// <summary>Reads a stored name back. For a long name cipherLength is 0 and the companion file has the cipher.</summary>
    /// <param name="cipher">Room for MaxCipherName bytes.</param>
    public static bool TryUnspell(ReadOnlySpan<byte> stored, Span<byte> cipher, out int cipherLength, out bool isLong)
    {
        cipherLength = 0;
        isLong = IsLongName(stored);
        if (isLong)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            return Base64Url.TryRead(stored[..StemLength], hash, out _);
        }

        if (stored.Length > MaxStoredName || !Base64Url.TryRead(stored, cipher, out int length) || !IsCipherLength(length))
        {
            return false;
        }

        cipherLength = length;
        return true;
    }

    /// <summary>Companion name of a stored ".long" name; returns its length, LongNameLength.</summary>
    public static int CompanionName(ReadOnlySpan<byte> storedLong, Span<byte> companion)
    {
        Require.That(IsLongName(storedLong), "Not a long name.");
        storedLong[..StemLength].CopyTo(companion);
        CompanionSuffix.CopyTo(companion[StemLength..]);
        return LongNameLength;
    }

    /// <summary>True for a companion file's name; storedLong (LongNameLength bytes) is the name it belongs to.</summary>
    public static bool IsCompanionName(ReadOnlySpan<byte> stored, Span<byte> storedLong)
    {
        if (stored.Length != LongNameLength || !stored.EndsWith(CompanionSuffix))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!Base64Url.TryRead(stored[..StemLength], hash, out _))
        {
            return false;
        }

        stored[..StemLength].CopyTo(storedLong);
        LongSuffix.CopyTo(storedLong[StemLength..]);
        return true;
    }

    /// <summary>True when the companion's cipher bytes hash to the stored ".long" name and are too long to be spelled out.</summary>
    public static bool CompanionMatches(ReadOnlySpan<byte> storedLong, ReadOnlySpan<byte> cipher)
    {
        if (!IsLongName(storedLong) || !IsCipherLength(cipher.Length) || Base64Url.TextLength(cipher.Length) <= MaxStoredName)
        {
            return false;
        }

        Span<byte> stem = stackalloc byte[StemLength];
        WriteStem(cipher, stem);
        return stem.SequenceEqual(storedLong[..StemLength]);
    }

    private static bool IsLongName(ReadOnlySpan<byte> stored) => stored.Length == LongNameLength && stored.EndsWith(LongSuffix);

    private static bool IsCipherLength(int length) => length is >= SivKey.IvSize + Pad and <= MaxCipherName && length % Pad == 0;

    private static void WriteStem(ReadOnlySpan<byte> cipher, Span<byte> stem)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(cipher, hash);
        Base64Url.Write(hash, stem);
    }
}
