using System;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class FileHeaderTests
{
    public static TheoryData<CipherSuite> Suites => Samples.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_key_record_gives_back_identity_key_and_secret(CipherSuite suite)
    {
        (byte[] record, AeadKey header, SampleKeys keys) = Record(suite);
        Assert.Equal(FormatStatus.Ok, FileHeader.TryOpenKeyRecord(record, header, keys, out FileIdentity identity, out KeyId keyId, out SecretKey? secret));
        Assert.Equal(Samples.Identity(suite), identity);
        Assert.Equal(Samples.Key, keyId);
        Assert.Equal(Samples.Bytes(32, 100), secret!.Bytes.ToArray());
        Assert.Equal(FormatStatus.Ok, FileHeader.TryReadKeyId(record, header, out identity, out keyId));
        Assert.Equal(Samples.Key, keyId);
        Assert.Equal(Samples.Identity(suite), identity);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_key_record_with_any_bit_flipped_is_refused(CipherSuite suite)
    {
        (byte[] record, AeadKey header, SampleKeys keys) = Record(suite);
        Hostile.EveryFlip(record, bit =>
        {
            FormatStatus status = FileHeader.TryOpenKeyRecord(record, header, keys, out FileIdentity identity, out KeyId keyId, out SecretKey? secret);
            Assert.True(status is FormatStatus.Corrupt or FormatStatus.NewerVersion or FormatStatus.UnknownSuite, $"Bit {bit}: {status}.");
            Assert.Null(secret);
            Assert.Equal(default, identity);
            Assert.Equal(default, keyId);
            Assert.NotEqual(FormatStatus.Ok, FileHeader.TryReadKeyId(record, header, out _, out _));
        });
    }

    [Fact]
    public void A_key_record_cut_or_extended_is_corrupt()
    {
        (byte[] record, AeadKey header, SampleKeys keys) = Record(CipherSuite.Aes256Gcm);
        Hostile.EveryCut(record, cut => Assert.Equal(FormatStatus.Corrupt, FileHeader.TryOpenKeyRecord(cut, header, keys, out _, out _, out _)));
    }

    [Fact]
    public void A_newer_version_and_an_unknown_suite_are_named_as_such()
    {
        (byte[] record, AeadKey header, SampleKeys keys) = Record(CipherSuite.Aes256Gcm);
        record[4] = 2;
        Assert.Equal(FormatStatus.NewerVersion, FileHeader.TryOpenKeyRecord(record, header, keys, out _, out _, out _));
        record[4] = 1;
        record[5] = 9;
        Assert.Equal(FormatStatus.UnknownSuite, FileHeader.TryOpenKeyRecord(record, header, keys, out _, out _, out _));
    }

    [Fact]
    public void A_key_that_the_keyring_lost_is_named_as_such_and_the_id_is_known()
    {
        (byte[] record, AeadKey header, _) = Record(CipherSuite.Aes256Gcm);
        Assert.Equal(FormatStatus.UnknownKey, FileHeader.TryOpenKeyRecord(record, header, new SampleKeys(), out _, out KeyId keyId, out SecretKey? secret));
        Assert.Equal(Samples.Key, keyId);
        Assert.Null(secret);
    }

    [Fact]
    public void The_key_of_another_compartment_does_not_open_the_secret()
    {
        (byte[] record, AeadKey header, _) = Record(CipherSuite.Aes256Gcm);
        SampleKeys swapped = new SampleKeys().With(Samples.Key, Samples.Aead(CipherSuite.Aes256Gcm, 77));
        Assert.Equal(FormatStatus.Corrupt, FileHeader.TryOpenKeyRecord(record, header, swapped, out _, out _, out SecretKey? secret));
        Assert.Null(secret);
    }

    [Fact]
    public void A_vault_key_holder_cannot_move_a_secret_under_another_label()
    {
        // The outer layer re-made for another key id: the inner layer is bound to the first.
        (byte[] record, AeadKey header, SampleKeys keys) = Record(CipherSuite.Aes256Gcm);
        var other = new KeyId(Samples.Next(Samples.Key.Value));
        keys.With(other, Samples.Aead(CipherSuite.Aes256Gcm, 30));
        byte[] inner = new byte[76];
        Assert.True(header.TryOpen(record.AsSpan(24, 12), record.AsSpan(36, 76), record.AsSpan(112), inner, record.AsSpan(0, 24)));
        inner[15] ^= 1;
        header.Seal(record.AsSpan(24, 12), inner, record.AsSpan(36, 76), record.AsSpan(112), record.AsSpan(0, 24));
        Assert.NotEqual(FormatStatus.Ok, FileHeader.TryOpenKeyRecord(record, header, keys, out _, out _, out _));
    }

    [Fact]
    public void Two_files_of_one_label_show_nothing_in_common()
    {
        (byte[] first, _, _) = Record(CipherSuite.Aes256Gcm);
        (byte[] second, _, _) = Record(CipherSuite.Aes256Gcm);
        Assert.Equal(first[..24], second[..24]);
        for (int i = 24; i + 8 <= first.Length; i++)
        {
            Assert.False(first.AsSpan(i, 8).SequenceEqual(second.AsSpan(i, 8)), $"Eight equal bytes at {i}.");
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_state_record_gives_back_every_field(CipherSuite suite)
    {
        using AeadKey key = Samples.Aead(suite, 3);
        FileState state = State();
        byte[] record = new byte[FileHeader.StateRecordSize];
        FileHeader.WriteState(record, key, Samples.File, state);
        Assert.Equal(FormatStatus.Ok, FileHeader.TryOpenState(record, key, Samples.File, 12, out FileState read));
        Assert.Equal((state.Size, state.DataBlocks, state.Session, state.Generation, state.Flags, state.Name, state.PreviousName, state.OtherNames[0], state.OtherNames[1], state.OtherNames[2]),
            (read.Size, read.DataBlocks, read.Session, read.Generation, read.Flags, read.Name, read.PreviousName, read.OtherNames[0], read.OtherNames[1], read.OtherNames[2]));
        Assert.Equal(((ReadOnlySpan<byte>)state.Holes).ToArray(), ((ReadOnlySpan<byte>)read.Holes).ToArray());
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_state_record_flipped_cut_or_of_another_file_is_corrupt(CipherSuite suite)
    {
        using AeadKey key = Samples.Aead(suite, 3);
        byte[] record = new byte[FileHeader.StateRecordSize];
        FileHeader.WriteState(record, key, Samples.File, State());
        Hostile.EveryFlip(record, bit => Assert.Equal(FormatStatus.Corrupt, FileHeader.TryOpenState(record, key, Samples.File, 12, out _)));
        Hostile.EveryCut(record, cut => Assert.Equal(FormatStatus.Corrupt, FileHeader.TryOpenState(cut, key, Samples.File, 12, out _)));
        Assert.Equal(FormatStatus.Corrupt, FileHeader.TryOpenState(record, key, new FileId(Samples.Next(Samples.File.Value)), 12, out _));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(7, 0x80)]
    [InlineData(15, 0x80)]
    [InlineData(32, 0x04)]
    [InlineData(36, 0x01)]
    [InlineData(200, 0x01)]
    [InlineData(355, 0x01)]
    public void A_state_record_that_contradicts_itself_is_corrupt_though_authentic(int field, int value)
    {
        using AeadKey key = Samples.Aead(CipherSuite.Aes256Gcm, 3);
        FileState state = default;
        state.Size = 4096;
        state.DataBlocks = 1;
        byte[] record = new byte[FileHeader.StateRecordSize];
        FileHeader.WriteState(record, key, Samples.File, state);
        byte[] associated = [(byte)'S', .. ToBytes(Samples.File.Value)];
        byte[] fields = new byte[356];
        Assert.True(key.TryOpen(record.AsSpan(0, 12), record.AsSpan(12, 356), record.AsSpan(368), fields, associated));
        if (value < 0)
        {
            // Size 0, and yet a block of data.
            fields.AsSpan(0, 8).Clear();
        }
        else
        {
            fields[field] = (byte)value;
        }

        key.Seal(record.AsSpan(0, 12), fields, record.AsSpan(12, 356), record.AsSpan(368), associated);
        Assert.Equal(FormatStatus.Corrupt, FileHeader.TryOpenState(record, key, Samples.File, 12, out _));
    }

    [Fact]
    public void Writing_an_impossible_state_is_the_callers_mistake()
    {
        using AeadKey key = Samples.Aead(CipherSuite.Aes256Gcm, 3);
        byte[] record = new byte[FileHeader.StateRecordSize];
        FileState state = default;
        state.Size = -1;
        Assert.Throws<ArgumentException>(() => FileHeader.WriteState(record, key, Samples.File, state));
        state.Size = 0;
        state.Flags = (FileStateFlags)8;
        Assert.Throws<ArgumentException>(() => FileHeader.WriteState(record, key, Samples.File, state));
    }

    internal static FileState State()
    {
        FileState state = default;
        state.Size = 10_000_000;
        state.DataBlocks = 2000;
        state.Session = 17;
        state.Generation = 0x1234567890;
        state.Flags = FileStateFlags.Open | FileStateFlags.ManyNames | FileStateFlags.NamesListed;
        state.Name = new NameTag(new Id128(1, 2));
        state.PreviousName = new NameTag(new Id128(3, 4));
        state.OtherNames[0] = new NameTag(new Id128(5, 6));
        state.OtherNames[1] = new NameTag(new Id128(7, 8));
        Samples.Bytes(128, 60).CopyTo((Span<byte>)state.Holes);
        return state;
    }

    private static byte[] ToBytes(Id128 value)
    {
        byte[] bytes = new byte[16];
        value.Write(bytes);
        return bytes;
    }

    private static (byte[] Record, AeadKey Header, SampleKeys Keys) Record(CipherSuite suite)
    {
        AeadKey header = Samples.Aead(suite, 1);
        AeadKey wrapping = Samples.Aead(suite, 2);
        byte[] record = new byte[FileHeader.KeyRecordSize];
        using SecretKey secret = Samples.Secret(100);
        FileHeader.WriteKeyRecord(record, Samples.Identity(suite), header, Samples.Key, wrapping, secret);
        return (record, header, new SampleKeys().With(Samples.Key, wrapping));
    }
}
