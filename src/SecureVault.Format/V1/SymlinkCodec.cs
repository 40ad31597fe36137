using System;
using System.Security.Cryptography;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>Symbolic-link targets: base64url(AES-SIV(link key, "symlink", target)); the target's length is exact.</summary>
/// <remarks>Any thread; allocates nothing. A target is not bound to its link's place: FORMAT.md says what that means.</remarks>
public sealed class SymlinkCodec
{
    /// <summary>Longest plain target in bytes: its spelling fits 4095 characters.</summary>
    public const int MaxTarget = 3055;

    /// <summary>Longest stored target in characters.</summary>
    public const int MaxStored = Base64Url.MaxText;

    private readonly SivKey _linkKey;

    /// <param name="linkKey">Borrowed for the codec's life.</param>
    public SymlinkCodec(SivKey linkKey) => _linkKey = linkKey;

    private static ReadOnlySpan<byte> Associated => "symlink"u8;

    /// <summary>Spells the sealed target (1..MaxTarget bytes without NUL); stored has room for 4095 bytes; returns its length.</summary>
    public int Seal(ReadOnlySpan<byte> target, Span<byte> stored)
    {
        Require.That(IsTarget(target), "A link's target has 1 to 3055 bytes and no NUL.");
        Span<byte> cipher = stackalloc byte[SivKey.IvSize + MaxTarget];
        cipher = cipher[..(SivKey.IvSize + target.Length)];
        _linkKey.Seal(target, Associated, cipher);
        return Base64Url.Write(cipher, stored);
    }

    /// <summary>False when not a target of this vault. target has room for MaxTarget bytes.</summary>
    public bool TryOpen(ReadOnlySpan<byte> stored, Span<byte> target, out int length)
    {
        length = 0;
        int expected = TargetLength(stored.Length);
        Span<byte> cipher = stackalloc byte[SivKey.IvSize + MaxTarget];
        if (expected < 0 || !Base64Url.TryRead(stored, cipher, out int cipherLength))
        {
            return false;
        }

        Span<byte> plain = target[..expected];
        if (!_linkKey.TryOpen(cipher[..cipherLength], Associated, plain))
        {
            return false;
        }

        if (!IsTarget(plain))
        {
            CryptographicOperations.ZeroMemory(plain);
            return false;
        }

        length = expected;
        return true;
    }

    /// <summary>Plain length for a stored length, or -1.</summary>
    public static int TargetLength(long storedLength)
    {
        if (storedLength is < 0 or > MaxStored)
        {
            return -1;
        }

        int length = Base64Url.ByteLength((int)storedLength) - SivKey.IvSize;
        return length is > 0 and <= MaxTarget ? length : -1;
    }

    private static bool IsTarget(ReadOnlySpan<byte> target) => target.Length is > 0 and <= MaxTarget && !target.Contains((byte)0);
}
