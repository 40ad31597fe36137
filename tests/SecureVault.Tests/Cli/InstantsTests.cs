using System;
using System.IO;
using System.Text;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using Xunit;

namespace SecureVault.Tests.Cli;

public sealed class InstantsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("2026-12-31", "2027-01-01T00:00:00.000Z", "2026-12-31")]
    [InlineData("2026-12-31T18:00", "2026-12-31T18:00:00.000Z", "2026-12-31 18:00")]
    [InlineData("2026-12-31T18:00:30Z", "2026-12-31T18:00:30.000Z", "2026-12-31 18:00")]
    [InlineData("2026-12-31T18:00+08:00", "2026-12-31T10:00:00.000Z", "2026-12-31 10:00")]
    [InlineData("2d", "2026-05-03T10:00:00.000Z", "2026-05-03 10:00")]
    [InlineData("36h", "2026-05-02T22:00:00.000Z", "2026-05-02 22:00")]
    [InlineData("1w", "2026-05-08T10:00:00.000Z", "2026-05-08 10:00")]
    public void An_end_is_read_and_shown(string text, string machine, string shown)
    {
        Assert.True(Instants.TryParseEnd(text, Now, out DateTimeOffset end));
        Assert.Equal((machine, shown), (Instants.Machine(end), Expiry.Shown(end)));
    }

    [Theory]
    [InlineData("2026-12-31", "2026-12-31T00:00:00.000Z")]
    [InlineData("2026-12-31T18:00Z", "2026-12-31T18:00:00.000Z")]
    [InlineData("7d", "2026-04-24T10:00:00.000Z")]
    [InlineData("30m", "2026-05-01T09:30:00.000Z")]
    public void A_beginning_is_read(string text, string machine)
    {
        Assert.True(Instants.TryParseStart(text, Now, out DateTimeOffset start));
        Assert.Equal(machine, Instants.Machine(start));
    }

    [Theory]
    [InlineData("2026-12-31", "2027-01-01T00:00:00.000Z")]
    [InlineData("2026-12-31T18:00Z", "2026-12-31T18:00:00.000Z")]
    [InlineData("7d", "2026-04-24T10:00:00.000Z")]
    public void A_bound_of_what_was_is_the_end_of_its_day_or_ago(string text, string machine)
    {
        Assert.True(Instants.TryParseUntil(text, Now, out DateTimeOffset until));
        Assert.Equal(machine, Instants.Machine(until));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("2026-02-30")]
    [InlineData("31.12.2026")]
    [InlineData("-5d")]
    [InlineData("0d")]
    [InlineData("5")]
    [InlineData("5y")]
    [InlineData("99999999999d")]
    [InlineData("2147483647w")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(Instants.TryParseEnd(text, Now, out _));
        Assert.False(Instants.TryParseStart(text, Now, out _));
    }

    [Theory]
    [InlineData("a\nb\tc", "a b c")]
    [InlineData("\u001b[2J", "\ufffd[2J")]
    [InlineData("x\u202egnp.exe", "x\ufffdgnp.exe")]
    [InlineData("工资/q3", "工资/q3")]
    public void Text_for_a_terminal_cannot_command_it(string text, string shown) => Assert.Equal(shown, Printable.OneLine(text));

    [Fact]
    public void Every_code_point_can_stand_in_a_table()
    {
        const int each = 4096;
        for (int first = 0; first <= 0x10ffff; first += each)
        {
            var text = new StringBuilder();
            for (int value = first; value < first + each; value++)
            {
                text.Append(value is >= 0xd800 and <= 0xdfff ? ((char)value).ToString() : char.ConvertFromUtf32(value));
            }

            var listing = new Listing("name");
            listing.Add(text.ToString());
            var output = new StringWriter();
            listing.Print(new Terminal(output, TextWriter.Null, false, false, false), "");
            Assert.NotEmpty(output.ToString());
        }
    }

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("a\ufffd", Printable.OneLine($"a{(char)0xd800}"));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Bytes_are_told_to_people(long count, string shown) => Assert.Equal(shown, ProgressBar.Bytes(count));
}
