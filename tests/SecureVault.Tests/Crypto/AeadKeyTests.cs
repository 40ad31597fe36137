using System;
using System.Linq;
using SecureVault.Crypto;
using Xunit;

namespace SecureVault.Tests.Crypto;

/// <summary>What AeadKey promises of both suites, by one set of tests.</summary>
public sealed class AeadKeyTests
{
    private static readonly byte[] Nonce = [.. Enumerable.Range(1, AeadKey.NonceSize).Select(i => (byte)i)];
    private static readonly byte[] Associated = [.. Enumerable.Range(50, 24).Select(i => (byte)i)];

    // Around SM4's block, its piece of 4 KiB, and nothing at all.
    private static readonly int[] Sizes = [0, 1, 15, 16, 17, 31, 32, 33, 512, 4095, 4096, 4097, 8192, 12345, 65536];

    public static TheoryData<CipherSuite> Suites => new() { CipherSuite.Aes256Gcm, CipherSuite.Sm4Gcm };

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_is_sealed_opens_at_every_size(CipherSuite suite)
    {
        using AeadKey key = NewKey(suite, 1);
        foreach (int size in Sizes)
        {
            byte[] plain = Plain(size), cipher = new byte[size], opened = new byte[size], tag = new byte[AeadKey.TagSize];
            key.Seal(Nonce, plain, cipher, tag, Associated);
            Assert.True(key.TryOpen(Nonce, cipher, tag, opened, Associated));
            Assert.Equal(plain, opened);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Sealing_and_opening_in_place_gives_the_same_bytes(CipherSuite suite)
    {
        using AeadKey key = NewKey(suite, 1);
        foreach (int size in Sizes)
        {
            byte[] plain = Plain(size), cipher = new byte[size], place = Plain(size);
            byte[] tag = new byte[AeadKey.TagSize], placeTag = new byte[AeadKey.TagSize];
            key.Seal(Nonce, plain, cipher, tag, Associated);
            key.Seal(Nonce, place, place, placeTag, Associated);
            Assert.Equal(cipher, place);
            Assert.Equal(tag, placeTag);
            Assert.True(key.TryOpen(Nonce, place, tag, place, Associated));
            Assert.Equal(plain, place);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_flipped_bit_anywhere_is_refused_and_the_plain_text_wiped(CipherSuite suite)
    {
        using AeadKey key = NewKey(suite, 1);
        byte[] plain = Plain(40), cipher = new byte[40], tag = new byte[AeadKey.TagSize], opened = new byte[40];
        key.Seal(Nonce, plain, cipher, tag, Associated);
        byte[] nonce = [.. Nonce], associated = [.. Associated];
        foreach (byte[] part in new[] { nonce, cipher, tag, associated })
        {
            for (int bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                opened.AsSpan().Fill(0xAA);
                Assert.False(key.TryOpen(nonce, cipher, tag, opened, associated));
                Assert.All(opened, b => Assert.Equal(0, b));
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(key.TryOpen(nonce, cipher, tag, opened, associated));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Another_key_does_not_open(CipherSuite suite)
    {
        using AeadKey key = NewKey(suite, 1), other = NewKey(suite, 2);
        byte[] cipher = new byte[40], tag = new byte[AeadKey.TagSize], opened = new byte[40];
        key.Seal(Nonce, Plain(40), cipher, tag, Associated);
        Assert.False(other.TryOpen(Nonce, cipher, tag, opened, Associated));
    }

    [Fact]
    public void A_suite_does_not_open_what_the_other_sealed()
    {
        using AeadKey aes = NewKey(CipherSuite.Aes256Gcm, 1), sm4 = NewKey(CipherSuite.Sm4Gcm, 1);
        byte[] cipher = new byte[40], tag = new byte[AeadKey.TagSize], opened = new byte[40];
        aes.Seal(Nonce, Plain(40), cipher, tag, Associated);
        Assert.False(sm4.TryOpen(Nonce, cipher, tag, opened, Associated));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Eight_threads_use_one_key(CipherSuite suite)
    {
        using AeadKey key = NewKey(suite, 1);
        int rounds = suite == CipherSuite.Aes256Gcm ? 2000 : 200;
        SideBySide.Run(8, thread =>
        {
            byte[] nonce = [.. Nonce], plain = Plain(700 + thread), cipher = new byte[plain.Length];
            byte[] tag = new byte[AeadKey.TagSize], opened = new byte[plain.Length];
            for (int i = 0; i < rounds; i++)
            {
                nonce[0] = (byte)thread;
                BitConverter.TryWriteBytes(nonce.AsSpan(4), i);
                key.Seal(nonce, plain, cipher, tag, Associated);
                Assert.True(key.TryOpen(nonce, cipher, tag, opened, Associated));
                Assert.Equal(plain, opened);
            }
        });
    }

    [Fact]
    public void Aes_allocates_nothing_in_steady_state()
    {
        using AeadKey key = NewKey(CipherSuite.Aes256Gcm, 1);
        byte[] plain = Plain(4096), cipher = new byte[4096], tag = new byte[AeadKey.TagSize];
        Allocations.Hold("crypto.aes-gcm-seal-and-open", () =>
        {
            key.Seal(Nonce, plain, cipher, tag, Associated);
            Assert.True(key.TryOpen(Nonce, cipher, tag, plain, Associated));
        });
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Partly_overlapping_spans_are_a_bug(CipherSuite suite)
    {
        using AeadKey key = NewKey(suite, 1);
        byte[] place = new byte[64], tag = new byte[AeadKey.TagSize];
        Assert.Throws<ArgumentException>(() => key.Seal(Nonce, place.AsSpan(0, 32), place.AsSpan(1, 32), tag, Associated));
        Assert.Throws<ArgumentException>(() => key.TryOpen(Nonce, place.AsSpan(8, 32), tag, place.AsSpan(0, 32), Associated));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Wrong_lengths_are_a_bug(CipherSuite suite)
    {
        using AeadKey key = NewKey(suite, 1);
        byte[] place = new byte[32], tag = new byte[AeadKey.TagSize];
        Assert.Throws<ArgumentException>(() => key.Seal(Nonce.AsSpan(1), place, place, tag, Associated));
        Assert.Throws<ArgumentException>(() => key.Seal(Nonce, place, place.AsSpan(1), tag, Associated));
        Assert.Throws<ArgumentException>(() => key.TryOpen(Nonce, place, tag.AsSpan(4), place, Associated));
        using var shortKey = SecretKey.Generate(AeadKey.KeySize(suite) - 1);
        Assert.Throws<ArgumentException>(() => AeadKey.Create(suite, shortKey));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void The_key_it_was_made_of_may_go(CipherSuite suite)
    {
        byte[] cipher = new byte[40], tag = new byte[AeadKey.TagSize];
        using AeadKey key = NewKey(suite, 7);
        key.Seal(Nonce, Plain(40), cipher, tag, Associated);
        using AeadKey again = NewKey(suite, 7);
        Assert.True(again.TryOpen(Nonce, cipher, tag, new byte[40], Associated));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_disposed_key_refuses(CipherSuite suite)
    {
        AeadKey key = NewKey(suite, 1);
        byte[] place = new byte[32], tag = new byte[AeadKey.TagSize];
        key.Seal(Nonce, place, place, tag, Associated);
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Seal(Nonce, place, place, tag, Associated));
    }

    [Fact]
    public void Suites_of_the_format_are_known_and_others_are_not()
    {
        Assert.Equal(32, AeadKey.KeySize(CipherSuite.Aes256Gcm));
        Assert.Equal(16, AeadKey.KeySize(CipherSuite.Sm4Gcm));
        int known = Enumerable.Range(0, 256).Count(i => AeadKey.IsKnown((CipherSuite)i));
        Assert.Equal(2, known);
        Assert.Throws<ArgumentOutOfRangeException>(() => AeadKey.KeySize((CipherSuite)3));
    }

    private static AeadKey NewKey(CipherSuite suite, byte fill)
    {
        using var secret = SecretKey.Import(Enumerable.Repeat(fill, 32).ToArray());
        return AeadKey.Create(suite, secret);
    }

    private static byte[] Plain(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)((i * 7 + 3) & 0xFF))];
}
