using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SecureVault.Crypto;
using Xunit;

namespace SecureVault.Tests.Crypto;

/// <summary>Key derivation, the passphrase, the random generator and the self-test.</summary>
public sealed class DerivationTests
{
    [Fact]
    public void The_self_test_passes() => Assert.Null(SelfTest.Run());

    [Fact]
    public void A_purpose_as_text_and_as_bytes_is_one_purpose()
    {
        using var from = SecretKey.Generate(32);
        using SecretKey text = KeyDerivation.Derive(from, [1, 2], "SecureVault/v1/header", 32);
        using SecretKey bytes = KeyDerivation.Derive(from, [1, 2], Encoding.ASCII.GetBytes("SecureVault/v1/header"), 32);
        Assert.Equal(text.Bytes.ToArray(), bytes.Bytes.ToArray());
    }

    [Fact]
    public void Purpose_salt_and_key_each_change_what_is_derived()
    {
        using SecretKey from = SecretKey.Generate(32), other = SecretKey.Generate(32);
        using SecretKey derived = KeyDerivation.Derive(from, [1], "header", 64);
        using SecretKey purpose = KeyDerivation.Derive(from, [1], "directory", 64);
        using SecretKey salt = KeyDerivation.Derive(from, [2], "header", 64);
        using SecretKey key = KeyDerivation.Derive(other, [1], "header", 64);
        var all = new[] { derived, purpose, salt, key }.Select(k => Convert.ToHexString(k.Bytes));
        Assert.Equal(4, all.Distinct().Count());
    }

    [Fact]
    public void A_purpose_that_is_empty_or_not_ascii_is_a_bug()
    {
        using var from = SecretKey.Generate(32);
        Assert.Throws<ArgumentException>(() => KeyDerivation.Derive(from, [], "", 32));
        Assert.Throws<ArgumentException>(() => KeyDerivation.Derive(from, [], "h\u00e9ader", 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyDerivation.Derive(from, [], "header", 65));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyDerivation.Derive(from, [], "header", 0));
    }

    [Theory]
    [InlineData(65536, 8, 1, true)]
    [InlineData(1 << 20, 8, 1, true)]
    [InlineData(65536, 8, 16, true)]
    [InlineData(1 << 21, 8, 1, false)]
    [InlineData(65536, 8, 17, false)]
    [InlineData(32768, 8, 1, false)]
    [InlineData(65536, 7, 1, false)]
    [InlineData(65536, 8, 0, false)]
    [InlineData(65537, 8, 1, false)]
    [InlineData(1 << 30, 1 << 30, 1 << 30, false)]
    [InlineData(65536, int.MaxValue, int.MaxValue, false)]
    [InlineData(int.MinValue, 8, 1, false)]
    public void A_cost_is_accepted_from_the_default_up_to_a_gibibyte(int n, int r, int p, bool isAcceptable) =>
        Assert.Equal(isAcceptable, new ScryptCost(n, r, p).IsAcceptable(ScryptCost.Default));

    [Fact]
    public void A_cost_below_a_floor_of_nonsense_is_still_refused()
    {
        Assert.False(new ScryptCost(0, 0, 0).IsAcceptable(new ScryptCost(0, 0, 0)));
        Assert.False(new ScryptCost(1 << 16, 1, 1).IsAcceptable(new ScryptCost(2, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PassphraseKdf.Derive("x"u8, [], new ScryptCost(3, 8, 1)));
    }

    [Fact]
    public void A_passphrase_and_its_salt_each_change_the_key()
    {
        var cost = new ScryptCost(16, 8, 1);
        using SecretKey one = PassphraseKdf.Derive("correct horse"u8, [1], cost);
        using SecretKey again = PassphraseKdf.Derive("correct horse"u8, [1], cost);
        using SecretKey other = PassphraseKdf.Derive("correct hors"u8, [1], cost);
        using SecretKey salted = PassphraseKdf.Derive("correct horse"u8, [2], cost);
        Assert.Equal(one.Bytes.ToArray(), again.Bytes.ToArray());
        Assert.NotEqual(one.Bytes.ToArray(), other.Bytes.ToArray());
        Assert.NotEqual(one.Bytes.ToArray(), salted.Bytes.ToArray());
    }

    [Fact]
    public void A_million_nonces_are_all_different()
    {
        const int Threads = 4, Each = 250_000;
        var nonces = new UInt128[Threads * Each];
        SideBySide.Run(Threads, thread =>
        {
            Span<byte> nonce = stackalloc byte[16];
            nonce.Clear();
            for (int i = 0; i < Each; i++)
            {
                RandomBytes.Fill(nonce[..12]);
                nonces[thread * Each + i] = BitConverter.ToUInt128(nonce);
            }
        });
        Assert.Equal(nonces.Length, new HashSet<UInt128>(nonces).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(10000)]
    public void Random_bytes_fill_exactly_the_target(int size)
    {
        byte[] target = new byte[size + 2], seen = new byte[size + 2];
        for (int i = 0; i < 64; i++)
        {
            RandomBytes.Fill(target.AsSpan(1, size));
            for (int j = 0; j < target.Length; j++)
            {
                seen[j] |= target[j];
            }
        }

        Assert.Equal(0, seen[0]);
        Assert.Equal(0, seen[^1]);
        Assert.All(seen.Skip(1).Take(size), b => Assert.NotEqual(0, b));
    }

    [Fact]
    public void Drawing_a_nonce_allocates_nothing()
    {
        byte[] nonce = new byte[12];
        Allocations.Hold("crypto.nonce", () => RandomBytes.Fill(nonce));
    }
}
