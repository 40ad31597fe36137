using System;
using System.Text;
using SecureVault.Format;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

public sealed class JournalFormatTests
{
    [Fact]
    public void A_header_is_known_by_its_own_file_and_session_only()
    {
        byte[] header = new byte[JournalFormat.HeaderSize];
        JournalFormat.WriteHeader(header, Samples.File, 12);
        Assert.Equal(FormatStatus.Ok, JournalFormat.TryReadHeader(header, Samples.File, 12));
        Assert.Equal(FormatStatus.Corrupt, JournalFormat.TryReadHeader(header, Samples.File, 13));
        Assert.Equal(FormatStatus.Corrupt, JournalFormat.TryReadHeader(header, new FileId(Samples.Id(1)), 12));
        Hostile.EveryFlip(header, bit => Assert.NotEqual(FormatStatus.Ok, JournalFormat.TryReadHeader(header, Samples.File, 12)));
        Hostile.EveryCut(header, cut => Assert.Equal(FormatStatus.Corrupt, JournalFormat.TryReadHeader(cut, Samples.File, 12)));
        header[4] = 2;
        Assert.Equal(FormatStatus.NewerVersion, JournalFormat.TryReadHeader(header, Samples.File, 12));
    }

    [Theory]
    [InlineData(0, 29)]
    [InlineData(0, 4124)]
    [InlineData((1L << 32) - 1, 4124)]
    [InlineData(-1, 4124)]
    [InlineData(-131072, 4124)]
    public void An_entry_head_comes_back(long index, int length)
    {
        byte[] head = new byte[JournalFormat.EntryOverhead];
        JournalFormat.WriteEntryHead(head, index, length);
        Assert.True(JournalFormat.TryReadEntryHead(head, 12, out long readIndex, out int readLength));
        Assert.Equal((index, length), (readIndex, readLength));
    }

    [Theory]
    [InlineData(0, 4125)]
    [InlineData(1L << 32, 4124)]
    [InlineData(-1, 4123)]
    [InlineData(-131073, 4124)]
    [InlineData(long.MinValue, 4124)]
    [InlineData(0, int.MaxValue)]
    public void An_impossible_entry_head_is_refused(long index, int length)
    {
        byte[] head = new byte[JournalFormat.EntryOverhead];
        JournalFormat.WriteEntryHead(head, index, length);
        Assert.False(JournalFormat.TryReadEntryHead(head, 12, out _, out _));
    }

    [Fact]
    public void An_entry_head_cut_or_of_zeros_is_refused()
    {
        Assert.False(JournalFormat.TryReadEntryHead(new byte[JournalFormat.EntryOverhead], 12, out _, out _));
        byte[] head = new byte[JournalFormat.EntryOverhead];
        JournalFormat.WriteEntryHead(head, 3, 100);
        for (int length = 0; length < head.Length; length++)
        {
            Assert.False(JournalFormat.TryReadEntryHead(head.AsSpan(0, length), 12, out _, out _));
        }

        Assert.Throws<ArgumentException>(() => JournalFormat.WriteEntryHead(head, 3, 28));
    }

    [Fact]
    public void A_file_name_says_whose_journal_it_is()
    {
        byte[] name = new byte[64];
        int length = JournalFormat.FileName(Samples.File, 0x1f, name);
        Assert.Equal("f1f2f3f4f5f6f7f80807060504030201-000000000000001f", Encoding.ASCII.GetString(name, 0, length));
        Assert.True(JournalFormat.TryParseFileName(name.AsSpan(0, length), out FileId id, out ulong session));
        Assert.Equal((Samples.File, 0x1fUL), (id, session));
        foreach (string wrong in new[] { "", "x", "F1f2f3f4f5f6f7f80807060504030201-000000000000001f", "f1f2f3f4f5f6f7f80807060504030201_000000000000001f", "f1f2f3f4f5f6f7f80807060504030201-000000000000001f0", "f1f2f3f4f5f6f7f8080706050403020g-000000000000001f" })
        {
            Assert.False(JournalFormat.TryParseFileName(Encoding.ASCII.GetBytes(wrong), out _, out _), wrong);
        }
    }
}
