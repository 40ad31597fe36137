using System;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Crypto.Contexts;
using Xunit;

namespace SecureVault.Tests.Crypto;

public sealed class SivKeyTests
{
    [Fact]
    public void Both_ways_to_aes_blocks_agree_with_the_standard()
    {
        // FIPS 197, appendix C.3.
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)], plain = Convert.FromHexString("00112233445566778899aabbccddeeff");
        byte[] cipher = Convert.FromHexString("8ea2b7ca516745bfeafc49904b496089");
        AesBlocks[] ways = OperatingSystem.IsLinux() ? [new SystemAesBlocks(key), new OpenSslAesBlocks(key)] : [new SystemAesBlocks(key)];
        foreach (AesBlocks blocks in ways)
        {
            byte[] twice = [.. plain, .. plain];
            blocks.Encrypt(twice, twice);
            Assert.Equal([.. cipher, .. cipher], twice);
            blocks.Encrypt(plain, twice);
            Assert.Equal(cipher, twice[..16]);
            blocks.Dispose();
        }
    }

    private static readonly byte[] Folder = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [Fact]
    public void Names_of_every_length_come_back()
    {
        using SivKey key = NewKey(1);
        for (int size = 0; size <= 600; size++)
        {
            byte[] plain = Plain(size), @sealed = new byte[size + SivKey.IvSize], opened = new byte[size];
            key.Seal(plain, Folder, @sealed);
            Assert.True(key.TryOpen(@sealed, Folder, opened));
            Assert.Equal(plain, opened);
        }
    }

    [Fact]
    public void Equal_names_seal_alike_and_only_in_the_same_folder()
    {
        using SivKey key = NewKey(1);
        byte[] one = new byte[48], two = new byte[48], other = new byte[48];
        key.Seal(Plain(32), Folder, one);
        key.Seal(Plain(32), Folder, two);
        key.Seal(Plain(32), new byte[16], other);
        Assert.Equal(one, two);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_refused_and_the_plain_text_wiped()
    {
        using SivKey key = NewKey(1);
        byte[] @sealed = new byte[48], opened = new byte[32], folder = [.. Folder];
        key.Seal(Plain(32), folder, @sealed);
        foreach (byte[] part in new[] { @sealed, folder })
        {
            for (int bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                opened.AsSpan().Fill(0xAA);
                Assert.False(key.TryOpen(@sealed, folder, opened));
                Assert.All(opened, b => Assert.Equal(0, b));
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(key.TryOpen(@sealed, folder, opened));
    }

    [Fact]
    public void Too_short_is_not_authentic_and_another_key_does_not_open()
    {
        using SivKey key = NewKey(1), other = NewKey(2);
        for (int size = 0; size < SivKey.IvSize; size++)
        {
            Assert.False(key.TryOpen(new byte[size], Folder, []));
        }

        byte[] @sealed = new byte[48];
        key.Seal(Plain(32), Folder, @sealed);
        Assert.False(other.TryOpen(@sealed, Folder, new byte[32]));
    }

    [Fact]
    public void In_place_is_the_cipher_text_exactly_or_a_bug()
    {
        using SivKey key = NewKey(1);
        byte[] expected = new byte[48], place = new byte[48];
        key.Seal(Plain(32), Folder, expected);
        Plain(32).CopyTo(place, 16);
        key.Seal(place.AsSpan(16), Folder, place);
        Assert.Equal(expected, place);
        Assert.True(key.TryOpen(place, Folder, place.AsSpan(16)));
        Assert.Equal(Plain(32), place[16..]);
        Assert.Throws<ArgumentException>(() => key.Seal(place.AsSpan(0, 32), Folder, place));
        Assert.Throws<ArgumentException>(() => key.TryOpen(place, Folder, place.AsSpan(0, 32)));
    }

    [Fact]
    public void Eight_threads_use_one_key()
    {
        using SivKey key = NewKey(1);
        SideBySide.Run(8, thread =>
        {
            byte[] plain = Plain(20 + thread), @sealed = new byte[plain.Length + SivKey.IvSize], opened = new byte[plain.Length];
            for (int i = 0; i < 1000; i++)
            {
                key.Seal(plain, Folder, @sealed);
                Assert.True(key.TryOpen(@sealed, Folder, opened) && opened.AsSpan().SequenceEqual(plain));
            }
        });
    }

    [Fact]
    public void Nothing_is_allocated_in_steady_state()
    {
        using SivKey key = NewKey(1);
        byte[] plain = Plain(32), @sealed = new byte[48];
        Allocations.Hold("crypto.siv-seal-and-open", () =>
        {
            key.Seal(plain, Folder, @sealed);
            Assert.True(key.TryOpen(@sealed, Folder, plain));
        });
    }

    [Fact]
    public void Wrong_lengths_and_a_disposed_key_are_bugs()
    {
        SivKey key = NewKey(1);
        Assert.Throws<ArgumentException>(() => key.Seal(new byte[8], Folder, new byte[8]));
        Assert.Throws<ArgumentException>(() => key.TryOpen(new byte[20], Folder, new byte[5]));
        using var shortKey = SecretKey.Generate(63);
        Assert.Throws<ArgumentException>(() => SivKey.Create(shortKey));
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Seal(new byte[8], Folder, new byte[24]));
    }

    private static SivKey NewKey(byte fill)
    {
        using var secret = SecretKey.Import(Enumerable.Repeat(fill, 64).ToArray());
        return SivKey.Create(secret);
    }

    private static byte[] Plain(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)((i * 7 + 3) & 0xFF))];
}
