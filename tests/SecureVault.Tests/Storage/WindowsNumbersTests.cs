using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using SecureVault.Storage.Windows;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Storage;

/// <summary>What the Windows store computes without Windows: statuses, times, paths, names.</summary>
public sealed class WindowsNumbersTests
{
    [Fact]
    public void Every_named_failure_but_those_of_listings_and_reads_has_its_own_status()
    {
        var known = typeof(NtStatus).GetFields(BindingFlags.NonPublic | BindingFlags.Static).Where(f => f.IsLiteral).ToDictionary(f => f.Name, f => (uint)f.GetRawConstantValue()!);
        Assert.True(known.Count > 50);
        Assert.Equal(known.Count, known.Values.Distinct().Count());
        string[] unmapped = [.. known.Where(k => NtStatus.ToStatus(unchecked((int)k.Value)) == VaultStatus.InputOutput).Select(k => k.Key).Order(StringComparer.Ordinal)];
        Assert.Equal(["STATUS_BUFFER_OVERFLOW", "STATUS_END_OF_FILE", "STATUS_NO_MORE_FILES"], unmapped);
        Assert.DoesNotContain(known.Values, value => NtStatus.ToStatus(unchecked((int)value)) == VaultStatus.Ok);
    }

    [Theory]
    [InlineData(0x00000000, VaultStatus.Ok)]
    [InlineData(0x00000104, VaultStatus.Ok)]
    [InlineData(0xC0000034, VaultStatus.NotFound)]
    [InlineData(0xC0000035, VaultStatus.Exists)]
    [InlineData(0xC0000022, VaultStatus.Denied)]
    [InlineData(0xC0000043, VaultStatus.Busy)]
    [InlineData(0xC000007F, VaultStatus.NoSpace)]
    [InlineData(0xC00000A2, VaultStatus.ReadOnly)]
    [InlineData(0xC00000D4, VaultStatus.CrossDevice)]
    [InlineData(0xC0000101, VaultStatus.NotEmpty)]
    [InlineData(0xC0000185, VaultStatus.InputOutput)]
    [InlineData(0x80000005, VaultStatus.InputOutput)]
    [InlineData(0xFFFFFFFF, VaultStatus.InputOutput)]
    public void A_status_says_what_the_engine_understands(uint status, VaultStatus expected) => Assert.Equal(expected, NtStatus.ToStatus(unchecked((int)status)));

    [Theory]
    [InlineData(0xC0000003, true)]
    [InlineData(0xC000000D, true)]
    [InlineData(0xC00000BB, true)]
    [InlineData(0xC0000022, false)]
    [InlineData(0, false)]
    public void An_older_request_is_tried_only_where_the_newer_is_unknown(uint status, bool unknown) => Assert.Equal(unknown, NtStatus.IsUnknownRequest(unchecked((int)status)));

    [Theory]
    [InlineData(116_444_736_000_000_000, 0, 0)]
    [InlineData(116_444_736_000_000_001, 0, 100)]
    [InlineData(116_444_735_999_999_999, -1, 999_999_900)]
    [InlineData(1, -11_644_473_600, 100)]
    [InlineData(133_500_000_000_000_007, 1_705_526_400, 700)]
    public void A_time_is_read_and_written(long ticks, long seconds, uint nanoseconds)
    {
        Assert.Equal(new FileTime(seconds, nanoseconds), WindowsTime.Read(ticks));
        Assert.Equal(ticks, WindowsTime.Write(new FileTime(seconds, nanoseconds)));
    }

    [Fact]
    public void A_time_that_cannot_be_stored_becomes_the_nearest_that_can()
    {
        Assert.Equal(1, WindowsTime.Write(new FileTime(long.MinValue, 0)));
        Assert.Equal(1, WindowsTime.Write(new FileTime(-11_644_473_600, 0)));
        Assert.Equal(100, WindowsTime.Write(new FileTime(-11_644_473_600, 10_099)));
        Assert.True(WindowsTime.Write(new FileTime(long.MaxValue, 999_999_999)) > 9_000_000_000_000_000_000);
        Assert.Equal(new FileTime(-11_644_473_601, 999_999_900), WindowsTime.Read(-1));
        Assert.True(WindowsTime.Read(long.MinValue).Seconds < 0);
    }

    [Theory]
    [InlineData(@"C:\vault", @"\??\C:\vault")]
    [InlineData(@"\\server\share\vault", @"\??\UNC\server\share\vault")]
    [InlineData(@"\\?\C:\vault", @"\??\C:\vault")]
    [InlineData(@"\\?\UNC\server\share", @"\??\UNC\server\share")]
    [InlineData(@"\\.\NUL", @"\??\NUL")]
    public void A_path_is_spelled_for_the_system(string path, string expected)
    {
        Assert.Equal(VaultStatus.Ok, NtPath.Of(path, out string spelled));
        Assert.Equal(expected, spelled);
    }

    [Fact]
    public void A_path_may_have_32767_units()
    {
        Assert.Equal(VaultStatus.Ok, NtPath.Of(@"C:\" + new string('x', 32_767 - 7), out _));
        Assert.Equal(VaultStatus.NameTooLong, NtPath.Of(@"C:\" + new string('x', 32_767 - 6), out _));
    }

    [Fact]
    public void Names_that_lead_elsewhere_are_no_names()
    {
        Span<char> text = stackalloc char[WindowsName.BufferSize];
        var refused = new List<byte[]> { Array.Empty<byte>(), "."u8.ToArray(), ".."u8.ToArray(), new byte[] { 0xFF }, new byte[] { (byte)'a', 0xC3 } };
        refused.AddRange("\"*/:<>?\\|\0\u0001\u001f\n".Select(c => Encoding.ASCII.GetBytes($"a{c}b")));
        foreach (byte[] name in refused)
        {
            Assert.Equal(VaultStatus.Invalid, WindowsName.Read(name, text, out _));
        }

        Assert.Equal(VaultStatus.NameTooLong, WindowsName.Read(new byte[256], text, out _));
        byte[] longest = Encoding.ASCII.GetBytes(new string('n', 255));
        Assert.Equal(VaultStatus.Ok, WindowsName.Read(longest, text, out int length));
        Assert.Equal(255, length);
        Assert.Equal(VaultStatus.Ok, WindowsName.Read("securevault.tmp.0-_Z"u8, text, out length));
        Assert.Equal("securevault.tmp.0-_Z", new string(text[..length]));
    }
}
