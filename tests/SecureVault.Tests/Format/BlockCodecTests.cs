using System;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class BlockCodecTests
{
    public static TheoryData<CipherSuite, Protection> Kinds => new()
    {
        { CipherSuite.Aes256Gcm, Protection.Encrypted },
        { CipherSuite.Aes256Gcm, Protection.Clear },
        { CipherSuite.Sm4Gcm, Protection.Encrypted },
        { CipherSuite.Sm4Gcm, Protection.Clear },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_block_of_any_length_comes_back(CipherSuite suite, Protection protection)
    {
        using BlockCodec codec = Codec(suite, protection);
        foreach (int length in new[] { 1, 2, 15, 16, 17, 1000, 4095, 4096 })
        {
            byte[] plain = Samples.Bytes(length, length);
            byte[] cipher = new byte[length + 28];
            codec.SealBlock(5, plain, cipher);
            bool shown = cipher.AsSpan(12, length).SequenceEqual(plain);
            // One byte in 256 is encrypted to itself: only from 15 on can chance not do it.
            Assert.True(length < 15 || shown == (protection == Protection.Clear), $"{length} bytes are {(shown ? "" : "not ")}shown");
            byte[] opened = new byte[length];
            Assert.True(codec.TryOpenBlock(5, cipher, opened));
            Assert.Equal(plain, opened);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_flipped_block_is_refused_and_nothing_of_it_is_shown(CipherSuite suite, Protection protection)
    {
        using BlockCodec codec = Codec(suite, protection);
        byte[] cipher = new byte[100 + 28];
        codec.SealBlock(5, Samples.Bytes(100), cipher);
        byte[] opened = new byte[100];
        Hostile.EveryFlip(cipher, bit =>
        {
            opened.AsSpan().Fill(0xee);
            Assert.False(codec.TryOpenBlock(5, cipher, opened));
            Assert.True(opened.All(b => b == 0), $"Bit {bit} shows bytes.");
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_cut_block_is_refused_at_every_length(CipherSuite suite, Protection protection)
    {
        using BlockCodec codec = Codec(suite, protection);
        byte[] cipher = new byte[100 + 28];
        codec.SealBlock(5, Samples.Bytes(100), cipher);
        Hostile.EveryCut(cipher, cut => Assert.False(codec.TryOpenBlock(5, cut, new byte[Math.Max(0, cut.Length - 28)])));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_block_opens_only_in_its_own_place_and_file(CipherSuite suite, Protection protection)
    {
        using BlockCodec codec = Codec(suite, protection);
        byte[] plain = new byte[4096];
        byte[] cipher = new byte[4096 + 28];
        codec.SealBlock(1, Samples.Bytes(4096), cipher);
        Assert.True(codec.TryOpenBlock(1, cipher, plain));
        Assert.False(codec.TryOpenBlock(2, cipher, plain));
        Assert.False(codec.TryOpenBlock(257, cipher, plain));
        Assert.False(codec.TryOpenMap(1, cipher, plain));

        using SecretKey secret = Samples.Secret(50);
        using var otherFile = new BlockCodec(Samples.Identity(suite, protection) with { Id = new FileId(Samples.Id(99)) }, secret);
        Assert.False(otherFile.TryOpenBlock(1, cipher, plain));
        using SecretKey otherSecret = Samples.Secret(51);
        using var otherKey = new BlockCodec(Samples.Identity(suite, protection), otherSecret);
        Assert.False(otherKey.TryOpenBlock(1, cipher, plain));
        Protection changed = protection == Protection.Clear ? Protection.Encrypted : Protection.Clear;
        using BlockCodec otherProtection = Codec(suite, changed);
        Assert.False(otherProtection.TryOpenBlock(1, cipher, plain));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_map_is_encrypted_always_and_opens_only_as_its_own_group(CipherSuite suite, Protection protection)
    {
        using BlockCodec codec = Codec(suite, protection);
        byte[] map = Samples.Bytes(4096);
        byte[] cipher = new byte[4096 + 28];
        byte[] opened = new byte[4096];
        codec.SealMap(1, map, cipher);
        Assert.False(cipher.AsSpan(12, 4096).SequenceEqual(map));
        Assert.True(codec.TryOpenMap(1, cipher, opened));
        Assert.Equal(map, opened);
        Assert.False(codec.TryOpenMap(2, cipher, opened));
        Assert.False(codec.TryOpenBlock(1, cipher, opened));
        Assert.False(codec.TryOpenMap(1, cipher.AsSpan(1), opened));
        cipher[50] ^= 1;
        Assert.False(codec.TryOpenMap(1, cipher, opened));
    }

    [Fact]
    public void Zeros_are_never_a_block_and_never_a_map()
    {
        foreach (Protection protection in Enum.GetValues<Protection>())
        {
            using BlockCodec codec = Codec(CipherSuite.Aes256Gcm, protection);
            Assert.False(codec.TryOpenBlock(0, new byte[4096 + 28], new byte[4096]));
            Assert.False(codec.TryOpenBlock(0, new byte[29], new byte[1]));
            Assert.False(codec.TryOpenMap(1, new byte[4096 + 28], new byte[4096]));
        }
    }

    [Fact]
    public void One_block_sealed_twice_looks_different()
    {
        using BlockCodec codec = Codec(CipherSuite.Aes256Gcm, Protection.Encrypted);
        byte[] first = new byte[128];
        byte[] second = new byte[128];
        codec.SealBlock(0, new byte[100], first);
        codec.SealBlock(0, new byte[100], second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Wrong_lengths_are_the_callers_mistake()
    {
        using BlockCodec codec = Codec(CipherSuite.Aes256Gcm, Protection.Encrypted);
        Assert.Throws<ArgumentException>(() => codec.SealBlock(0, [], new byte[28]));
        Assert.Throws<ArgumentException>(() => codec.SealBlock(0, new byte[4097], new byte[4097 + 28]));
        Assert.Throws<ArgumentException>(() => codec.SealBlock(0, new byte[10], new byte[39]));
        Assert.Throws<ArgumentException>(() => codec.SealMap(0, new byte[4096], new byte[4096 + 28]));
    }

    [Fact]
    public void Sealing_opening_names_and_state_allocate_nothing()
    {
        using BlockCodec encrypted = Codec(CipherSuite.Aes256Gcm, Protection.Encrypted);
        using BlockCodec clear = Codec(CipherSuite.Aes256Gcm, Protection.Clear);
        using SivKey siv = Samples.Siv();
        var names = new NameCodec(siv);
        byte[] plain = Samples.Bytes(4096);
        byte[] cipher = new byte[4096 + 28];
        byte[] record = new byte[FileHeader.StateRecordSize];
        byte[] sealedName = new byte[NameCodec.MaxCipherName];
        byte[] name = new byte[NameCodec.MaxPlainName];
        byte[] spelled = new byte[NameCodec.MaxStoredName];
        FileState state = FileHeaderTests.State();

        Allocations.Hold("format.block-seal-and-open", () =>
        {
            encrypted.SealBlock(3, plain, cipher);
            Assert.True(encrypted.TryOpenBlock(3, cipher, plain));
            encrypted.SealMap(3, plain, cipher);
            Assert.True(encrypted.TryOpenMap(3, cipher, plain));
            clear.SealBlock(3, plain, cipher);
            Assert.True(clear.TryOpenBlock(3, cipher, plain));
            FileHeader.WriteState(record, encrypted.FileKey, Samples.File, state);
            FileHeader.TryOpenState(record, encrypted.FileKey, Samples.File, 12, out _);
            int length = names.Encrypt(Samples.Folder, "quarterly report.xlsx"u8, sealedName, out _);
            int spelledLength = NameCodec.Spell(sealedName.AsSpan(0, length), spelled, out _);
            Assert.True(NameCodec.TryUnspell(spelled.AsSpan(0, spelledLength), sealedName, out length, out _));
            Assert.True(names.TryDecrypt(Samples.Folder, sealedName.AsSpan(0, length), name, out _, out _));
        });
    }

    private static BlockCodec Codec(CipherSuite suite, Protection protection)
    {
        using SecretKey secret = Samples.Secret(50);
        return new BlockCodec(Samples.Identity(suite, protection), secret);
    }
}
