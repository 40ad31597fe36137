using System;
using System.Linq;
using System.Text;
using SecureVault.Cli;
using SecureVault.Cli.Output;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Cli;

public sealed class LongListingTests
{
    [Fact]
    public void In_a_pipe_a_row_is_one_line_and_is_not_padded_to_another()
    {
        var terminal = new RecordedTerminal();
        var listing = new LongListing(terminal.Terminal, null, "#", "who", "path");
        for (int i = 0; i < 1000; i++)
        {
            listing.Add($"{i}", i == 500 ? new string('w', 90) : "alice", i == 600 ? new string('p', 4000) : "/a");
        }

        listing.Finish("none");
        string[] lines = terminal.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(1001, lines.Length);
        Assert.Equal("#    who    path", lines[0]);
        Assert.Equal("7    alice  /a", lines[8]);
        Assert.Equal("999  alice  /a", lines[1000]);
        Assert.All(lines.Where((_, i) => i is not (501 or 601)), l => Assert.True(l.Length < 20));
        Assert.EndsWith(new string('w', 90) + "  /a", lines[501], StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_printed_as_they_come()
    {
        var terminal = new RecordedTerminal();
        var listing = new LongListing(terminal.Terminal, null, "path");
        for (int i = 0; i < LongListing.Learned; i++)
        {
            Assert.Empty(terminal.Output);
            listing.Add("/a");
        }

        int before = terminal.Output.Length;
        Assert.NotEqual(0, before);
        listing.Add("/b");
        Assert.Equal(before + 3, terminal.Output.Length);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(300)]
    public void On_a_terminal_no_line_is_longer_than_it_and_nothing_is_left_out(int width)
    {
        var terminal = new RecordedTerminal();
        var listing = new LongListing(terminal.Terminal, width, "#", "time (UTC)", "event", "result", "user", "program", "label", "detail", "path");
        string[] row = ["104711", "2026-12-31 18:00:05", "integrity-failure", "plaintext", @"FIRM\jdoe (jdoe)", "soffice.bin", "finance/treasury:secret:customer-7", "the reason for it, at length", "/工资/2026/quarterly report of the third quarter.xlsx"];
        listing.Add(row);
        listing.Finish("none");
        string[] lines = terminal.Output.TrimEnd('\n').Split('\n');
        Assert.All(lines, l => Assert.True(l.EnumerateRunes().Sum(r => r.Value > 0x2e80 ? 2 : 1) < width, l));
        Assert.All(row, cell => Assert.All(cell.EnumerateRunes().Distinct(), r => Assert.Contains(r.ToString(), terminal.Output, StringComparison.Ordinal)));
        Assert.Equal(width == 300 ? 2 : lines.Length, lines.Length);
    }

    [Fact]
    public void Lines_are_broken_at_blanks_where_that_is_not_far()
    {
        var terminal = new RecordedTerminal();
        var listing = new LongListing(terminal.Terminal, 30, "time", "path");
        listing.Add("2026-12-31 18:00:05", "/a/b/c/d/e/f/g/h/i/j/k");
        listing.Finish("none");
        Assert.Equal(["time             path", "2026-12-31       /a/b/c/d/e/f", "18:00:05         /g/h/i/j/k"], terminal.Output.TrimEnd('\n').Split('\n').Select(l => l.TrimEnd()));
    }

    [Fact]
    public void An_empty_table_says_so()
    {
        var terminal = new RecordedTerminal();
        new LongListing(terminal.Terminal, 80, "a").Finish("No such record.");
        Assert.Equal("No such record.\n", terminal.Output);
    }

    [Fact]
    public void Arguments_that_are_no_utf8_keep_their_bytes()
    {
        byte[] line = [.. "dotnet\0securevault.dll\0label\0show\0/v\0/"u8, 0xb9, 0xa4, (byte)'x', 0, .. "\ufffd"u8, 0];
        string[] restored = RawArguments.Restore(["label", "show", "/v", "/\ufffd\ufffdx", "\ufffd"], line);
        Assert.Equal(["label", "show", "/v"], restored.Take(3));
        Assert.Equal([(byte)'/', 0xb9, 0xa4, (byte)'x'], RawText.ToBytes(restored[3]));
        Assert.Equal("\ufffd", restored[4]);
        Assert.Equal("/\ufffd\ufffdx", RawText.Shown(restored[3]));
        Assert.Equal("/\ufffd\ufffdx", Printable.OneLine(restored[3]));
    }

    [Fact]
    public void All_bytes_survive_as_text()
    {
        var random = new Random(5);
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = new byte[random.Next(0, 12)];
            random.NextBytes(bytes);
            string text = RawText.FromBytes(bytes);
            Assert.Equal(bytes, RawText.ToBytes(text));
            Assert.Equal(Encoding.UTF8.GetString(bytes), RawText.Shown(text));
        }

        Assert.Equal("工资", RawText.FromBytes("工资"u8));
        Assert.Equal("\ufffd"u8.ToArray(), RawText.ToBytes("\ud800"));
    }

    [Theory]
    [InlineData("alice", "alice", "alice")]
    [InlineData("/srv/vault", "/srv/vault", "/srv/vault")]
    [InlineData("", "''", "\"\"")]
    [InlineData("Human Resources", "'Human Resources'", "\"Human Resources\"")]
    [InlineData("O'Brien", "'O'\\''Brien'", "\"O'Brien\"")]
    [InlineData(@"FIRM\jdoe", @"'FIRM\jdoe'", @"FIRM\jdoe")]
    [InlineData("R&D:secret:*", "'R&D:secret:*'", "\"R&D:secret:*\"")]
    public void Words_that_are_told_can_be_copied_into_a_shell(string word, string posix, string windows) =>
        Assert.Equal((posix, windows), (ShellWord.Of(word, windows: false), ShellWord.Of(word, windows: true)));
}
