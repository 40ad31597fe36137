using System;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

/// <summary>The derivation is part of the format: these values must not change, ever. They come from the second reader, not from this code.</summary>
public sealed class VaultKeysTests
{
    [Theory]
    [InlineData("securevault v1 file header", VaultKeys.HeaderPurpose)]
    [InlineData("securevault v1 directory", VaultKeys.DirectoryPurpose)]
    [InlineData("securevault v1 document", VaultKeys.DocumentPurpose)]
    [InlineData("securevault v1 audit", VaultKeys.AuditPurpose)]
    [InlineData("securevault v1 names", VaultKeys.NamesPurpose)]
    [InlineData("securevault v1 links", VaultKeys.LinksPurpose)]
    [InlineData("securevault v1 xattr names", VaultKeys.XattrNamesPurpose)]
    public void A_purpose_keeps_its_letters(string expected, string actual) => Assert.Equal(expected, actual);

    [Fact]
    public void All_keys_differ()
    {
        using SecretKey vaultKey = Samples.Secret();
        using var keys = new VaultKeys(CipherSuite.Aes256Gcm, vaultKey);
        AeadKey[] aeads = [keys.Header, keys.Directory, keys.Document, keys.Audit];
        SivKey[] sivs = [keys.Names, keys.Links, keys.XattrNames];
        byte[] cipher = new byte[16];
        byte[] tag = new byte[16];
        foreach (AeadKey sealing in aeads)
        {
            sealing.Seal(new byte[12], new byte[16], cipher, tag, []);
            foreach (AeadKey opening in aeads)
            {
                Assert.Equal(sealing == opening, opening.TryOpen(new byte[12], cipher, tag, new byte[16], []));
            }
        }

        byte[] name = new byte[32];
        foreach (SivKey sealing in sivs)
        {
            sealing.Seal(new byte[16], [], name);
            foreach (SivKey opening in sivs)
            {
                Assert.Equal(sealing == opening, opening.TryOpen(name, [], new byte[16]));
            }
        }
    }

    [Fact]
    public void A_vault_key_of_another_size_is_the_callers_mistake()
    {
        using var shortKey = SecretKey.Import(new byte[16]);
        Assert.Throws<ArgumentException>(() => new VaultKeys(CipherSuite.Aes256Gcm, shortKey));
    }
}
