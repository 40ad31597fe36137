using System;
using System.Linq;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Storage;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class NameCodecTests : IDisposable
{
    private readonly SivKey _key = Samples.Siv();
    private readonly NameCodec _names;
    private readonly byte[] _cipher = new byte[NameCodec.MaxCipherName];
    private readonly byte[] _stored = new byte[NameCodec.MaxStoredName];
    private readonly byte[] _plain = new byte[NameCodec.MaxPlainName];

    public NameCodecTests() => _names = new NameCodec(_key);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void A_name_of_every_length_comes_back_through_its_spelling()
    {
        for (int length = 1; length <= 255; length++)
        {
            byte[] name = [.. Samples.Bytes(length, length).Select(b => b is 0 or (byte)'/' or (byte)'.' ? (byte)'x' : b)];
            byte[] cipher = Encrypt(name, out NameTag tag);
            Assert.Equal(((length + 15) / 16 * 16) + 16, cipher.Length);
            int stored = NameCodec.Spell(cipher, _stored, out bool isLong);
            Assert.Equal(length > 160, isLong);
            Assert.True(NameCodec.TryUnspell(_stored.AsSpan(0, stored), _cipher, out int cipherLength, out bool readLong));
            Assert.Equal(isLong, readLong);
            Assert.Equal(isLong ? 0 : cipher.Length, cipherLength);
            Assert.True(!isLong || NameCodec.CompanionMatches(_stored.AsSpan(0, stored), cipher));
            Assert.True(_names.TryDecrypt(Samples.Folder, cipher, _plain, out int plainLength, out NameTag readTag));
            Assert.Equal(name, _plain[..plainLength]);
            Assert.Equal(tag, readTag);
        }
    }

    [Fact]
    public void A_chinese_name_and_one_that_is_not_utf8_come_back_byte_for_byte()
    {
        foreach (byte[] name in new byte[][] { Encoding.UTF8.GetBytes("\u8d22\u52a1\u62a5\u8868.xlsx"), [0xff, 0xfe, 0x80], "..."u8.ToArray(), " "u8.ToArray() })
        {
            Assert.True(_names.TryDecrypt(Samples.Folder, Encrypt(name, out _), _plain, out int length, out _));
            Assert.Equal(name, _plain[..length]);
        }
    }

    [Fact]
    public void Names_within_one_multiple_of_16_have_one_stored_length()
    {
        Assert.Equal(Encrypt("a"u8, out _).Length, Encrypt("sixteen bytes xx"u8, out _).Length);
        Assert.NotEqual(Encrypt("a"u8, out _).Length, Encrypt("seventeen bytes x"u8, out _).Length);
    }

    [Fact]
    public void A_name_opens_only_in_its_own_folder_and_its_tag_differs_between_folders()
    {
        byte[] cipher = Encrypt("secret plan"u8, out NameTag tag);
        var elsewhere = new DirectoryId(Samples.Next(Samples.Folder.Value));
        Assert.False(_names.TryDecrypt(elsewhere, cipher, _plain, out _, out _));
        _names.Encrypt(elsewhere, "secret plan"u8, _cipher, out NameTag otherTag);
        Assert.NotEqual(tag, otherTag);
        Assert.Equal(cipher, Encrypt("secret plan"u8, out NameTag again));
        Assert.Equal(tag, again);
    }

    [Fact]
    public void A_name_flipped_or_cut_is_refused()
    {
        byte[] cipher = Encrypt("secret plan"u8, out _);
        Hostile.EveryFlip(cipher, bit => Assert.False(_names.TryDecrypt(Samples.Folder, cipher, _plain, out _, out _)));
        Hostile.EveryCut(cipher, cut => Assert.False(_names.TryDecrypt(Samples.Folder, cut, _plain, out _, out _)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("exactly16bytes..\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public void An_authentic_cipher_of_what_is_no_name_is_refused(string text)
    {
        byte[] padded = new byte[Math.Max(16, (text.Length + 15) / 16 * 16)];
        Encoding.ASCII.GetBytes(text, padded);
        byte[] associated = new byte[16];
        Samples.Folder.Value.Write(associated);
        byte[] cipher = new byte[padded.Length + 16];
        _key.Seal(padded, associated, cipher);
        Assert.False(_names.TryDecrypt(Samples.Folder, cipher, _plain, out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void Encrypting_what_is_no_name_is_the_callers_mistake(string text)
    {
        Assert.False(NameCodec.IsPlainName(Encoding.ASCII.GetBytes(text)));
        Assert.Throws<ArgumentException>(() => _names.Encrypt(Samples.Folder, Encoding.ASCII.GetBytes(text), _cipher, out _));
        Assert.False(NameCodec.IsPlainName(new byte[256].Select(_ => (byte)'x').ToArray()));
    }

    [Fact]
    public void A_stored_name_has_one_spelling()
    {
        byte[] cipher = Encrypt("plan"u8, out _);
        string stored = Encoding.ASCII.GetString(_stored, 0, NameCodec.Spell(cipher, _stored, out _));
        Assert.Equal(43, stored.Length);
        Assert.True(Unspells(stored));
        int last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".IndexOf(stored[^1], StringComparison.Ordinal);
        Assert.False(Unspells(stored[..^1] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last ^ 1]));
        Assert.False(Unspells(stored + "="));
        Assert.False(Unspells(stored + "%"));
        Assert.False(Unspells(stored + " "));
        Assert.False(Unspells("\n" + stored));
        Assert.False(Unspells(stored[..20] + " " + stored[20..]));
        Assert.False(Unspells(stored.Replace(stored[3], '+')));
        Assert.False(Unspells(stored[..^1]));
        Assert.False(Unspells(""));
    }

    [Fact]
    public void Reserved_and_foreign_names_are_not_encrypted_names()
    {
        foreach (string name in new[] { "securevault.dir", "securevault.tmp.0011", "lost+found", ".long", "x.long", new string('A', 43) + ".name", new string('A', 42) + "!.long", new string('A', 256) })
        {
            Assert.False(Unspells(name), name);
        }

        Assert.Equal("securevault.dir"u8.ToArray(), NameCodec.DirectoryRecordName.ToArray());
        Assert.Equal("securevault.tmp."u8.ToArray(), NameCodec.TemporaryPrefix.ToArray());
        Assert.Equal(NameCodec.TemporaryPrefix.ToArray(), StoreName.AsidePrefix.ToArray()); // a store's leftovers are swept with ours
    }

    [Fact]
    public void A_long_name_and_its_companion_belong_together()
    {
        byte[] cipher = Encrypt(Encoding.ASCII.GetBytes(new string('n', 200)), out _);
        int length = NameCodec.Spell(cipher, _stored, out bool isLong);
        Assert.True(isLong);
        Assert.Equal(NameCodec.LongNameLength, length);
        byte[] stored = _stored[..length];
        byte[] companion = new byte[64];
        companion = companion[..NameCodec.CompanionName(stored, companion)];
        Assert.Equal(Encoding.ASCII.GetString(stored).Replace(".long", ".name", StringComparison.Ordinal), Encoding.ASCII.GetString(companion));
        byte[] back = new byte[NameCodec.LongNameLength];
        Assert.True(NameCodec.IsCompanionName(companion, back));
        Assert.Equal(stored, back);
        Assert.False(NameCodec.IsCompanionName(stored, back));
        Assert.True(NameCodec.CompanionMatches(stored, cipher));
        Hostile.EveryFlip(cipher, bit => Assert.False(NameCodec.CompanionMatches(stored, cipher)));
        Hostile.EveryCut(cipher, cut => Assert.False(NameCodec.CompanionMatches(stored, cut)));
    }

    [Fact]
    public void A_short_name_in_the_spelling_of_a_long_one_is_refused()
    {
        // Else one entry could be stored under two names.
        byte[] cipher = Encrypt("short"u8, out _);
        byte[] stored = new byte[NameCodec.LongNameLength];
        Encoding.ASCII.GetBytes(System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(cipher)) + ".long", stored);
        Assert.False(NameCodec.CompanionMatches(stored, cipher));
    }

    private byte[] Encrypt(ReadOnlySpan<byte> name, out NameTag tag) => _cipher[.._names.Encrypt(Samples.Folder, name, _cipher, out tag)];

    private bool Unspells(string stored) => NameCodec.TryUnspell(Encoding.ASCII.GetBytes(stored), _cipher, out _, out _);
}
