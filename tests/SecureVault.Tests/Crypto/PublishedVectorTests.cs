using System;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Crypto.Contexts;
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
    [InlineData("cavp_aes_gcm.txt")]
    [InlineData("wycheproof_aes_gcm.txt")]
    public void Both_ways_to_aes_gcm_agree_with_published_vectors(string file) => Assert.All(PublishedVector.Read(file), vector =>
    {
        byte[] key = vector.Bytes("key");
        CheckContext(new AesGcmContext(key), vector);
        if (OperatingSystem.IsLinux())
        {
            Assert.True(OpenSslGcmContext.IsAvailable);
            CheckContext(new OpenSslGcmContext(key), vector);
        }
    });

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

    // Twice, forged in between: a context is used again and again, in both directions.
    private static void CheckContext(AeadContext context, PublishedVector vector)
    {
        using (context)
        {
            byte[] nonce = vector.Bytes("nonce"), associated = vector.Bytes("associated"), cipher = vector.Bytes("cipher"), tag = vector.Bytes("tag");
            byte[] opened = new byte[cipher.Length], plain = vector.IsValid ? vector.Bytes("plain") : opened;
            for (int turn = 0; turn < 2; turn++)
            {
                Assert.Equal(vector.IsValid, context.TryOpen(nonce, cipher, tag, opened, associated));
                byte[] forged = [.. tag];
                forged[^1] ^= 1;
                Assert.False(context.TryOpen(nonce, cipher, forged, new byte[cipher.Length], associated) && vector.IsValid);
                if (vector.IsValid)
                {
                    byte[] ownCipher = new byte[plain.Length], ownTag = new byte[AeadKey.TagSize];
                    context.Seal(nonce, plain, ownCipher, ownTag, associated);
                    Assert.Equal((plain, cipher, tag), (opened, ownCipher, ownTag), BytesEqual);
                }
            }
        }
    }

    private static bool BytesEqual((byte[] Plain, byte[] Cipher, byte[] Tag) one, (byte[] Plain, byte[] Cipher, byte[] Tag) other) =>
        one.Plain.SequenceEqual(other.Plain) && one.Cipher.SequenceEqual(other.Cipher) && one.Tag.SequenceEqual(other.Tag);

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
