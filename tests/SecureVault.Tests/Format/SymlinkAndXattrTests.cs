using System;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class SymlinkAndXattrTests
{
    [Fact]
    public void A_link_target_of_every_length_comes_back_and_its_length_is_known_from_outside()
    {
        using SivKey key = Samples.Siv();
        var links = new SymlinkCodec(key);
        byte[] stored = new byte[SymlinkCodec.MaxStored];
        byte[] target = new byte[SymlinkCodec.MaxTarget];
        for (int length = 1; length <= SymlinkCodec.MaxTarget; length = length < 60 ? length + 1 : length + 91)
        {
            byte[] plain = Encoding.ASCII.GetBytes(new string('t', length));
            int storedLength = links.Seal(plain, stored);
            Assert.Equal(length, SymlinkCodec.TargetLength(storedLength));
            Assert.True(links.TryOpen(stored.AsSpan(0, storedLength), target, out int read));
            Assert.Equal(plain, target[..read]);
        }

        Assert.Equal(4095, links.Seal(Filled(SymlinkCodec.MaxTarget), stored));
    }

    [Fact]
    public void A_link_target_flipped_cut_or_foreign_is_refused()
    {
        using SivKey key = Samples.Siv();
        using SivKey other = Samples.Siv(8);
        var links = new SymlinkCodec(key);
        byte[] stored = new byte[SymlinkCodec.MaxStored];
        stored = stored[..links.Seal("../finance/plan.txt"u8, stored)];
        byte[] target = new byte[SymlinkCodec.MaxTarget];
        Assert.False(new SymlinkCodec(other).TryOpen(stored, target, out _));
        Hostile.EveryFlip(stored, bit => Assert.False(links.TryOpen(stored, target, out _)));
        Hostile.EveryCut(stored, cut => Assert.False(links.TryOpen(cut, target, out _)));
        Assert.False(links.TryOpen(new byte[5000], target, out _));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(22)]
    [InlineData(25)]
    [InlineData(4096)]
    [InlineData(long.MaxValue)]
    public void A_stored_length_that_no_target_has_is_impossible(long stored) => Assert.Equal(-1, SymlinkCodec.TargetLength(stored));

    [Fact]
    public void An_attribute_name_comes_back_under_its_own_owner_only()
    {
        using SivKey key = Samples.Siv();
        byte[] stored = new byte[255];
        byte[] plain = new byte[XattrCodec.MaxPlainName];
        for (int length = 1; length <= XattrCodec.MaxPlainName; length++)
        {
            byte[] name = Filled(length);
            int storedLength = XattrCodec.SpellName(key, Samples.Id(5), name, stored);
            Assert.InRange(storedLength, 18, 255);
            Assert.True(XattrCodec.TryReadName(key, Samples.Id(5), stored.AsSpan(0, storedLength), plain, out int read));
            Assert.Equal(name, plain[..read]);
            Assert.False(XattrCodec.TryReadName(key, Samples.Id(6), stored.AsSpan(0, storedLength), plain, out _));
        }

        Assert.Equal(-1, XattrCodec.SpellName(key, Samples.Id(5), Filled(XattrCodec.MaxPlainName + 1), stored));
    }

    [Fact]
    public void An_attribute_name_flipped_cut_or_foreign_is_refused()
    {
        using SivKey key = Samples.Siv();
        byte[] stored = new byte[255];
        stored = stored[..XattrCodec.SpellName(key, Samples.Id(5), "user.author"u8, stored)];
        byte[] plain = new byte[XattrCodec.MaxPlainName];
        Hostile.EveryFlip(stored, bit => Assert.False(XattrCodec.TryReadName(key, Samples.Id(5), stored, plain, out _)));
        Hostile.EveryCut(stored, cut => Assert.False(XattrCodec.TryReadName(key, Samples.Id(5), cut, plain, out _)));
        foreach (string name in new[] { "user.securevault.label", "user.securevault.", "user.other", "", new string('A', 300) })
        {
            Assert.False(XattrCodec.TryReadName(key, Samples.Id(5), Encoding.ASCII.GetBytes(name), plain, out _), name);
        }
    }

    [Fact]
    public void An_attribute_value_is_bound_to_owner_and_name()
    {
        using AeadKey key = Samples.Aead(CipherSuite.Aes256Gcm, 4);
        foreach (int length in new[] { 0, 1, 500, 60000 })
        {
            byte[] value = Samples.Bytes(length, 3);
            byte[] stored = new byte[length + XattrCodec.ValueOverhead];
            byte[] opened = new byte[length];
            XattrCodec.SealValue(key, Samples.Id(5), "user.a"u8, value, stored);
            Assert.True(XattrCodec.TryOpenValue(key, Samples.Id(5), "user.a"u8, stored, opened));
            Assert.Equal(value, opened);
            Assert.False(XattrCodec.TryOpenValue(key, Samples.Id(6), "user.a"u8, stored, opened));
            Assert.False(XattrCodec.TryOpenValue(key, Samples.Id(5), "user.b"u8, stored, opened));
        }
    }

    [Fact]
    public void An_attribute_value_flipped_or_cut_is_refused()
    {
        using AeadKey key = Samples.Aead(CipherSuite.Aes256Gcm, 4);
        byte[] stored = new byte[20 + XattrCodec.ValueOverhead];
        XattrCodec.SealValue(key, Samples.Id(5), "user.a"u8, Samples.Bytes(20), stored);
        byte[] opened = new byte[20];
        Hostile.EveryFlip(stored, bit => Assert.False(XattrCodec.TryOpenValue(key, Samples.Id(5), "user.a"u8, stored, opened)));
        Hostile.EveryCut(stored, cut => Assert.False(XattrCodec.TryOpenValue(key, Samples.Id(5), "user.a"u8, cut, new byte[Math.Max(0, cut.Length - 28)])));
    }

    private static byte[] Filled(int length) => Encoding.ASCII.GetBytes(new string('a', length));
}
