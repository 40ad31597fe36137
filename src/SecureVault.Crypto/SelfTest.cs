using System;
using System.Collections.Generic;

namespace SecureVault.Crypto;

/// <summary>Known-answer tests of every primitive, run at start: a broken library must not write files.</summary>
public static class SelfTest
{
    private const int LargestAnswer = 128;

    /// <summary>Runs all; null when all pass, else the name of the primitive that failed.</summary>
    /// <remarks>A few milliseconds; in a new process about a tenth of a second, while the libraries are loaded. Any thread. A primitive that throws has failed.</remarks>
    public static string? Run()
    {
        foreach ((string primitive, Func<bool> passes) in Tests())
        {
            try
            {
                if (!passes())
                {
                    return primitive;
                }
            }
#pragma warning disable CA1031 // Whatever a broken library throws, the answer is its name.
            catch (Exception)
#pragma warning restore CA1031
            {
                return primitive;
            }
        }

        return null;
    }

    private static IEnumerable<(string Primitive, Func<bool> Passes)> Tests()
    {
        yield return ("AES-256-GCM", AesGcmPasses);
        yield return ("SM4-GCM", Sm4GcmPasses);
        yield return ("AES-SIV", SivPasses);
        yield return ("HKDF-SHA256", HkdfPasses);
        yield return ("scrypt", ScryptPasses);
        yield return ("ECDSA P-256", EcdsaPasses);
        yield return ("random generator", RandomPasses);
    }

    // Test case 16 of the GCM specification.
    private static bool AesGcmPasses() => AeadPasses(
        CipherSuite.Aes256Gcm,
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
        "76fc6ece0f4e1768cddf8853bb2d551b");

    // RFC 8998 appendix A.1.
    private static bool Sm4GcmPasses() => AeadPasses(
        CipherSuite.Sm4Gcm,
        "0123456789abcdeffedcba9876543210",
        "00001234567800000000abcd",
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d",
        "83de3541e4c2b58177e065a9bf7b62ec");

    private static bool AeadPasses(CipherSuite suite, string keyHex, string nonceHex, string plainHex, string cipherHex, string tagHex)
    {
        using var secret = SecretKey.Import(Hex(keyHex));
        using var key = AeadKey.Create(suite, secret);
        byte[] nonce = Hex(nonceHex), plain = Hex(plainHex), tag = new byte[AeadKey.TagSize];
        byte[] associated = Hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        Span<byte> text = stackalloc byte[LargestAnswer];
        text = text[..plain.Length];
        key.Seal(nonce, plain, text, tag, associated);
        bool passes = text.SequenceEqual(Hex(cipherHex)) && tag.AsSpan().SequenceEqual(Hex(tagHex));
        passes &= key.TryOpen(nonce, text, tag, text, associated) && text.SequenceEqual(plain);
        key.Seal(nonce, plain, text, tag, associated);
        tag[^1] ^= 1;
        return passes && !key.TryOpen(nonce, text, tag, text, associated) && !text.ContainsAnyExcept((byte)0);
    }

    // RFC 5297 appendix A.1.
    private static bool SivPasses()
    {
        using var secret = SecretKey.Import(Hex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
        using var key = SivKey.Create(secret);
        byte[] plain = Hex("112233445566778899aabbccddee"), associated = Hex("101112131415161718191a1b1c1d1e1f2021222324252627");
        byte[] @sealed = new byte[plain.Length + SivKey.IvSize], opened = new byte[plain.Length];
        key.Seal(plain, associated, @sealed);
        bool passes = @sealed.AsSpan().SequenceEqual(Hex("85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c"));
        passes &= key.TryOpen(@sealed, associated, opened) && opened.AsSpan().SequenceEqual(plain);
        @sealed[0] ^= 1;
        return passes && !key.TryOpen(@sealed, associated, opened);
    }

    // RFC 5869 appendix A.1.
    private static bool HkdfPasses()
    {
        using var from = SecretKey.Import(Hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"));
        using SecretKey derived = KeyDerivation.Derive(from, Hex("000102030405060708090a0b0c"), Hex("f0f1f2f3f4f5f6f7f8f9"), 42);
        return derived.Bytes.SequenceEqual(Hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    }

    // RFC 7914 section 12, the first, cut to the 32 bytes that are drawn here.
    private static bool ScryptPasses()
    {
        using SecretKey derived = PassphraseKdf.Derive([], [], new ScryptCost(16, 1, 1));
        return derived.Bytes.SequenceEqual(Hex("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"));
    }

    // RFC 6979 appendix A.2.5, "sample" with SHA-256: its key, and its signature for the verification.
    private static bool EcdsaPasses()
    {
        byte[] scalar = Hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        byte[] point = Hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
        byte[] known = Hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
        if (!SigningKey.TryImport(scalar, out SigningKey? key))
        {
            return false;
        }

        using (key)
        {
            ReadOnlySpan<byte> message = "sample"u8;
            byte[] signature = new byte[SigningKey.SignatureSize];
            key!.Sign(message, signature);
            bool passes = key.PublicPoint().AsSpan().SequenceEqual(point) && SigningKey.Verify(point, message, signature);
            passes &= SigningKey.Verify(point, message, known);
            known[0] ^= 1;
            return passes && !SigningKey.Verify(point, message, known);
        }
    }

    private static bool RandomPasses()
    {
        Span<byte> first = stackalloc byte[32], second = stackalloc byte[32];
        RandomBytes.Fill(first);
        RandomBytes.Fill(second);
        using var third = SecretKey.Generate(32);
        using var fourth = SecretKey.Generate(32);
        return !first.SequenceEqual(second) && !third.Bytes.SequenceEqual(fourth.Bytes) && first.ContainsAnyExcept((byte)0);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
