using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Format.V1;

namespace SecureVault.Tests.Format;

/// <summary>Keys, ids and bytes for the format's tests, the same in every run.</summary>
internal static class Samples
{
    public static readonly Id128 VaultId = new(0x0123456789abcdef, 0x1122334455667788);
    public static readonly FileId File = new(new Id128(0xf1f2f3f4f5f6f7f8, 0x0807060504030201));
    public static readonly KeyId Key = new(new Id128(0x5152535455565758, 0x0908070605040302));
    public static readonly DirectoryId Folder = new(new Id128(0xd1d2d3d4d5d6d7d8, 0x0a09080706050403));
    public static readonly ScryptCost CheapCost = new(16, 1, 1);

    /// <summary>Every suite of the format.</summary>
    public static Xunit.TheoryData<CipherSuite> Suites => new() { CipherSuite.Aes256Gcm, CipherSuite.Sm4Gcm };

    /// <summary>Bytes that count up from <paramref name="first"/>.</summary>
    public static byte[] Bytes(int length, int first = 0) => [.. Enumerable.Range(first, length).Select(i => (byte)(i & 255))];

    public static SecretKey Secret(int first = 1) => SecretKey.Import(Bytes(32, first));

    public static AeadKey Aead(CipherSuite suite, int first)
    {
        using SecretKey key = Secret(first);
        return AeadKey.Create(suite, key);
    }

    public static SivKey Siv(int first = 7)
    {
        using var key = SecretKey.Import(Bytes(64, first));
        return SivKey.Create(key);
    }

    public static Id128 Id(int number) => new(0, (ulong)number);

    /// <summary>Another id than this one, as near to it as can be.</summary>
    public static Id128 Next(Id128 id) => id with { Low = id.Low + 1 };

    public static FileIdentity Identity(CipherSuite suite, Protection protection = Protection.Encrypted, int blockShift = 12) => new(suite, blockShift, protection, File);

    /// <summary>One audit frame, of a body that does not lie in it yet.</summary>
    public static void SealRecord(byte[] frame, ulong sequence, ReadOnlySpan<byte> body, AeadKey key, Id128 vaultId, ref ChainValue chain)
    {
        body.CopyTo(frame.AsSpan(AuditFormat.BodyOffset));
        AuditFormat.SealRecord(frame, sequence, key, vaultId, ref chain);
    }

    public static SigningKey Signer(int first = 9)
    {
        Xunit.Assert.True(SigningKey.TryImport(Bytes(32, first), out SigningKey? key));
        return key!;
    }
}

/// <summary>Keys by id, as the keyring gives them.</summary>
internal sealed class SampleKeys : IWrappingKeys
{
    private readonly Dictionary<KeyId, AeadKey> _keys = [];

    public SampleKeys With(KeyId id, AeadKey key)
    {
        _keys[id] = key;
        return this;
    }

    public AeadKey? Find(KeyId id) => _keys.GetValueOrDefault(id);
}

/// <summary>What an adversary does to stored bytes.</summary>
internal static class Hostile
{
    /// <summary>Every bit flipped, one at a time; the array is whole again after each.</summary>
    public static void EveryFlip(byte[] stored, Action<int> check)
    {
        for (int bit = 0; bit < stored.Length * 8; bit++)
        {
            stored[bit / 8] ^= (byte)(1 << (bit % 8));
            check(bit);
            stored[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>The lowest bit of every byte flipped, one byte at a time: where each look is slow.</summary>
    public static void EveryByte(byte[] stored, Action<int> check)
    {
        for (int place = 0; place < stored.Length; place++)
        {
            stored[place] ^= 1;
            check(place);
            stored[place] ^= 1;
        }
    }

    /// <summary>Every shorter length, and one byte more.</summary>
    public static void EveryCut(byte[] stored, Action<byte[]> check)
    {
        for (int length = 0; length < stored.Length; length++)
        {
            check(stored[..length]);
        }

        check([.. stored, 0]);
    }
}
