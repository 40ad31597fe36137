using System;
using System.Linq;
using SecureVault.Crypto;
using Xunit;

namespace SecureVault.Tests.Crypto;

/// <summary>Every primitive against vectors that others computed.</summary>
public sealed class PublishedVectorTests
{
    [Theory]
    [InlineData("cavp_aes_gcm.txt", CipherSuite.Aes256Gcm, 14)]
    [InlineData("wycheproof_aes_gcm.txt", CipherSuite.Aes256Gcm, 66)]
    [InlineData("rfc8998_sm4_gcm.txt", CipherSuite.Sm4Gcm, 1)]
    [InlineData("wycheproof_sm4_gcm.txt", CipherSuite.Sm4Gcm, 65)]
    public void Aead_ciphers_agree_with_published_vectors(string file, CipherSuite suite, int count)
    {
        var vectors = PublishedVector.Read(file);
        Assert.Equal(count, vectors.Count);
        Assert.All(vectors, vector => CheckAead(suite, vector));
    }

    [Theory]
    [InlineData("rfc5297_aes_siv.txt", 1)]
    [InlineData("wycheproof_aes_siv.txt", 167)]
    public void Siv_agrees_with_published_vectors(string file, int count)
    {
        var vectors = PublishedVector.Read(file);
        Assert.Equal(count, vectors.Count);
        Assert.All(vectors, CheckSiv);
    }

    [Theory]
    [InlineData("rfc5869_hkdf_sha256.txt", 2)]
    [InlineData("wycheproof_hkdf_sha256.txt", 75)]
    public void Hkdf_agrees_with_published_vectors(string file, int count)
    {
        var vectors = PublishedVector.Read(file);
        Assert.Equal(count, vectors.Count);
        Assert.All(vectors, vector =>
        {
            byte[] expected = vector.Bytes("derived");
            using var from = SecretKey.Import(vector.Bytes("key"));
            using SecretKey derived = KeyDerivation.Derive(from, vector.Bytes("salt"), vector.Bytes("info"), expected.Length);
            Assert.Equal(expected, derived.Bytes.ToArray());
        });
    }

    [Fact]
    public void Scrypt_agrees_with_published_vectors()
    {
        var vectors = PublishedVector.Read("rfc7914_scrypt.txt");
        Assert.Equal(3, vectors.Count);
        Assert.All(vectors, vector =>
        {
            var cost = new ScryptCost(vector.Number("n"), vector.Number("r"), vector.Number("p"));
            using SecretKey derived = PassphraseKdf.Derive(vector.Bytes("passphrase"), vector.Bytes("salt"), cost);
            Assert.Equal(vector.Bytes("derived").Take(PassphraseKdf.KeySize), derived.Bytes.ToArray());
        });
    }

    [Fact]
    public void Ecdsa_verification_agrees_with_published_vectors()
    {
        var vectors = PublishedVector.Read("wycheproof_ecdsa_p256.txt");
        Assert.Equal(176, vectors.Count);
        Assert.All(vectors, vector => Assert.Equal(
            vector.IsValid,
            SigningKey.Verify(vector.Bytes("point"), vector.Bytes("message"), vector.Bytes("signature"))));
    }

    private static void CheckAead(CipherSuite suite, PublishedVector vector)
    {
        using var secret = SecretKey.Import(vector.Bytes("key"));
        using var key = AeadKey.Create(suite, secret);
        byte[] nonce = vector.Bytes("nonce"), associated = vector.Bytes("associated");
        byte[] cipher = vector.Bytes("cipher"), tag = vector.Bytes("tag");
        byte[] opened = new byte[cipher.Length];
        opened.AsSpan().Fill(0xAA);
        Assert.Equal(vector.IsValid, key.TryOpen(nonce, cipher, tag, opened, associated));
        if (!vector.IsValid)
        {
            Assert.All(opened, b => Assert.Equal(0, b));
            return;
        }

        byte[] plain = vector.Bytes("plain"), ownCipher = new byte[plain.Length], ownTag = new byte[AeadKey.TagSize];
        Assert.Equal(plain, opened);
        key.Seal(nonce, plain, ownCipher, ownTag, associated);
        Assert.Equal(cipher, ownCipher);
        Assert.Equal(tag, ownTag);
    }

    private static void CheckSiv(PublishedVector vector)
    {
        using var secret = SecretKey.Import(vector.Bytes("key"));
        using var key = SivKey.Create(secret);
        byte[] associated = vector.Bytes("associated"), @sealed = vector.Bytes("sealed");
        byte[] opened = new byte[Math.Max(0, @sealed.Length - SivKey.IvSize)];
        opened.AsSpan().Fill(0xAA);
        Assert.Equal(vector.IsValid, key.TryOpen(@sealed, associated, opened));
        if (!vector.IsValid)
        {
            Assert.All(opened, b => Assert.Equal(0, b));
            return;
        }

        byte[] plain = vector.Bytes("plain"), own = new byte[plain.Length + SivKey.IvSize];
        Assert.Equal(plain, opened);
        key.Seal(plain, associated, own);
        Assert.Equal(@sealed, own);
    }
}
