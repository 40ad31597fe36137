using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class DirectoryRecordTests
{
    public static TheoryData<CipherSuite> Suites => Samples.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_record_gives_back_every_field(CipherSuite suite)
    {
        using AeadKey key = Samples.Aead(suite, 5);
        byte[] stored = new byte[DirectoryRecord.StoredSize];
        DirectoryRecord record = Record();
        record.Write(stored, key, suite);
        Assert.Equal(FormatStatus.Ok, DirectoryRecord.TryOpen(stored, key, suite, out DirectoryRecord read));
        Assert.Equal(record, read);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_record_flipped_or_cut_is_refused(CipherSuite suite)
    {
        using AeadKey key = Samples.Aead(suite, 5);
        byte[] stored = new byte[DirectoryRecord.StoredSize];
        Record().Write(stored, key, suite);
        Hostile.EveryFlip(stored, bit =>
        {
            Assert.NotEqual(FormatStatus.Ok, DirectoryRecord.TryOpen(stored, key, suite, out DirectoryRecord read));
            Assert.Equal(default, read);
        });
        Hostile.EveryCut(stored, cut => Assert.Equal(FormatStatus.Corrupt, DirectoryRecord.TryOpen(cut, key, suite, out _)));
    }

    [Fact]
    public void Version_suite_and_key_are_told_apart()
    {
        using AeadKey key = Samples.Aead(CipherSuite.Aes256Gcm, 5);
        using AeadKey other = Samples.Aead(CipherSuite.Aes256Gcm, 6);
        byte[] stored = new byte[DirectoryRecord.StoredSize];
        Record().Write(stored, key, CipherSuite.Aes256Gcm);
        Assert.Equal(FormatStatus.Corrupt, DirectoryRecord.TryOpen(stored, other, CipherSuite.Aes256Gcm, out _));
        stored[4] = 2;
        Assert.Equal(FormatStatus.NewerVersion, DirectoryRecord.TryOpen(stored, key, CipherSuite.Aes256Gcm, out _));
        stored[4] = 1;
        stored[5] = 3;
        Assert.Equal(FormatStatus.UnknownSuite, DirectoryRecord.TryOpen(stored, key, CipherSuite.Aes256Gcm, out _));
    }

    private static DirectoryRecord Record() => new()
    {
        Id = Samples.Folder,
        Name = new NameTag(Samples.Id(7)),
        PreviousName = new NameTag(Samples.Id(8)),
        LabelKey = Samples.Key,
        NewFiles = Protection.Clear,
    };
}
