using System;
using System.Text;
using System.Text.RegularExpressions;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class VaultConfigTests
{
    private static readonly ScryptCost Floor = new(2, 1, 1);

    public static TheoryData<CipherSuite> Suites => Samples.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_config_read_back_opens_the_vault_key(CipherSuite suite)
    {
        VaultConfig made = Make(suite, 14);
        Assert.Equal(FormatStatus.Ok, VaultConfig.TryParse(made.ToJson(), out VaultConfig? read, out int version));
        Assert.Equal((1, suite, 14, made.VaultId, Samples.CheapCost), (version, read!.Suite, read.BlockShift, read.VaultId, read.Cost));
        Assert.Equal(made.SigningPoint.ToArray(), read.SigningPoint.ToArray());
        Assert.Equal(made.ToJson(), read.ToJson());
        Assert.Equal(FormatStatus.Ok, read.TryUnlock("correct horse"u8, Floor, out SecretKey? key));
        Assert.Equal(Samples.Bytes(32, 1), key!.Bytes.ToArray());
    }

    [Fact]
    public void A_wrong_passphrase_is_named_as_such()
    {
        VaultConfig config = Make();
        Assert.Equal(FormatStatus.WrongPassphrase, config.TryUnlock("correct horsf"u8, Floor, out SecretKey? key));
        Assert.Null(key);
    }

    [Fact]
    public void A_new_passphrase_opens_the_same_key_and_the_old_one_no_longer()
    {
        using SecretKey vaultKey = Samples.Secret();
        VaultConfig changed = Make().WithPassphrase("battery staple"u8, vaultKey, Samples.CheapCost);
        Assert.Equal(FormatStatus.Ok, changed.TryUnlock("battery staple"u8, Floor, out SecretKey? key));
        Assert.Equal(vaultKey.Bytes.ToArray(), key!.Bytes.ToArray());
        Assert.Equal(FormatStatus.WrongPassphrase, changed.TryUnlock("correct horse"u8, Floor, out _));
    }

    [Fact]
    public void A_cost_below_the_floor_is_refused_before_the_kdf_runs()
    {
        Assert.Equal(FormatStatus.WeakKdf, Make().TryUnlock("correct horse"u8, ScryptCost.Default, out SecretKey? key));
        Assert.Null(key);
        foreach (string cost in new[] { "17", "1", "1073741824", "2147483647" })
        {
            Assert.Equal(FormatStatus.Ok, VaultConfig.TryParse(Changed("\"n\": 16", "\"n\": " + cost), out VaultConfig? config, out _));
            Assert.Equal(FormatStatus.WeakKdf, config!.TryUnlock("correct horse"u8, Floor, out _));
        }
    }

    [Fact]
    public void A_config_with_any_bit_flipped_never_unlocks()
    {
        byte[] json = Make().ToJson();
        Hostile.EveryFlip(json, bit =>
        {
            FormatStatus status = VaultConfig.TryParse(json, out VaultConfig? config, out _);
            Assert.Equal(status == FormatStatus.Ok, config is not null);
            if (config is not null)
            {
                Assert.True(config.TryUnlock("correct horse"u8, Floor, out _) is FormatStatus.WrongPassphrase or FormatStatus.WeakKdf, $"Bit {bit} unlocks.");
            }
        });
    }

    [Fact]
    public void A_config_cut_at_any_length_is_corrupt()
    {
        byte[] json = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Make().ToJson()).TrimEnd());
        for (int length = 0; length < json.Length; length++)
        {
            Assert.Equal(FormatStatus.Corrupt, VaultConfig.TryParse(json.AsSpan(0, length), out _, out _));
        }
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", FormatStatus.NewerVersion, 2)]
    [InlineData("\"format\": 1", "\"format\": 7, \"new\": [1]", FormatStatus.NewerVersion, 7)]
    [InlineData("\"format\": 1", "\"format\": 0", FormatStatus.Corrupt, 0)]
    [InlineData("\"format\": 1", "\"format\": \"1\"", FormatStatus.Corrupt, 0)]
    [InlineData("\"format\": 1", "\"format\": 1, \"format\": 1", FormatStatus.Corrupt, 1)]
    [InlineData("\"format\": 1", "\"format\": 1, \"extra\": 1", FormatStatus.Corrupt, 1)]
    [InlineData("\"kdf\": \"scrypt\"", "\"kdf\": \"scrypt\", \"extra\": 1", FormatStatus.Corrupt, 1)]
    [InlineData("\"kdf\": \"scrypt\"", "\"kdf\": \"argon2\"", FormatStatus.Corrupt, 1)]
    [InlineData("\"n\": 16", "\"n\": 16, \"n\": 16", FormatStatus.Corrupt, 1)]
    [InlineData("\"n\": 16", "\"n\": -16", FormatStatus.Corrupt, 1)]
    [InlineData("\"n\": 16", "\"n\": 16.5", FormatStatus.Corrupt, 1)]
    [InlineData("aes-256-gcm", "rot13", FormatStatus.UnknownSuite, 1)]
    [InlineData("\"blockSize\": 4096", "\"blockSize\": 4097", FormatStatus.Corrupt, 1)]
    [InlineData("\"blockSize\": 4096", "\"blockSize\": 2048", FormatStatus.Corrupt, 1)]
    [InlineData("\"blockSize\": 4096", "\"blockSize\": 131072", FormatStatus.Corrupt, 1)]
    [InlineData("\"blockSize\": 4096", "\"blockSize\": -2147483648", FormatStatus.Corrupt, 1)]
    [InlineData("\"vault\"", "\"valt\"", FormatStatus.Corrupt, 0)]
    [InlineData("\"signingKey\": \"04", "\"signingKey\": \"", FormatStatus.Corrupt, 1)]
    [InlineData("{\n  \"securevault\"", "[{\n  \"securevault\"", FormatStatus.Corrupt, 0)]
    public void A_config_with_a_changed_text_is_refused(string old, string changed, FormatStatus expected, int expectedVersion)
    {
        Assert.Equal(expected, VaultConfig.TryParse(Changed(old, changed), out VaultConfig? config, out int version));
        Assert.Null(config);
        Assert.Equal(expectedVersion, version);
    }

    [Fact]
    public void Hex_in_capitals_a_second_slot_and_no_slot_are_refused()
    {
        string json = Encoding.ASCII.GetString(Make().ToJson());
        string capitals = Regex.Replace(json, "\"salt\": \"[0-9a-f]+\"", match => "\"salt\": \"" + match.Value[9..^1].ToUpperInvariant() + "\"");
        Assert.NotEqual(json, capitals);
        string slot = Regex.Match(json, "\\{\\s+\"type\"[^}]+\\}").Value;
        foreach (string wrong in new[] { capitals, json.Replace(slot, slot + "," + slot, StringComparison.Ordinal), json.Replace(slot, "", StringComparison.Ordinal), json.Replace(slot, "1", StringComparison.Ordinal), "", "null", "[]", "{}", "\u00ff", new string(' ', 70000) })
        {
            Assert.Equal(FormatStatus.Corrupt, VaultConfig.TryParse(Encoding.Latin1.GetBytes(wrong), out _, out _));
        }
    }

    private static VaultConfig Make(CipherSuite suite = CipherSuite.Aes256Gcm, int blockShift = 12)
    {
        using SecretKey vaultKey = Samples.Secret();
        using SigningKey signer = Samples.Signer();
        return VaultConfig.Create(suite, blockShift, signer.PublicPoint(), "correct horse"u8, vaultKey, Samples.CheapCost);
    }

    private static byte[] Changed(string old, string changed)
    {
        string json = Encoding.ASCII.GetString(Make().ToJson());
        Assert.Contains(old, json, StringComparison.Ordinal);
        return Encoding.ASCII.GetBytes(json.Replace(old, changed, StringComparison.Ordinal));
    }
}
