using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SecureVault.Dokan.Names;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Values;
using SecureVault.Terms;
using Xunit;
using Xunit.Abstractions;

namespace SecureVault.Tests.Dokan.Names;

public sealed class NameTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_name_of_bytes_has_one_spelling_that_leads_back_to_it()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var seen = new Dictionary<string, byte[]>();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] name = RandomName(random);
            string shown = NtName.Encode(name);
            Assert.True(shown.Length <= 255 && shown.IndexOfAny(['"', '*', ':', '<', '>', '?', '|', '\\', '/']) < 0 && shown.All(c => c >= ' '), shown);
            Assert.False(shown[^1] is '.' or ' ' || DeviceNames.Is(shown), shown);
            Assert.Equal(name, Decode(shown));
            Assert.True(!seen.TryGetValue(shown, out byte[]? other) || other.AsSpan().SequenceEqual(name), $"seed {seed}: {shown}");
            seen[shown] = name;
        }
    }

    [Theory]
    [InlineData("report.docx", "report.docx")]
    [InlineData("a:b", "a\uF03Ab")]
    [InlineData("what?", "what\uF03F")]
    [InlineData("a\\b", "a\uF05Cb")]
    [InlineData("end.", "end\uF02E")]
    [InlineData("end..", "end.\uF02E")]
    [InlineData("end ", "end\uF020")]
    [InlineData("tab\t", "tab\uF009")]
    [InlineData("con", "\uF063on")]
    [InlineData("NUL.txt", "\uF04EUL.txt")]
    [InlineData("com5 .log", "\uF063om5 .log")]
    [InlineData("console", "console")]
    [InlineData("\u62A5\u544A", "\u62A5\u544A")]
    [InlineData("\uF03A", "\uF0EF\uF080\uF0BA")]
    [InlineData("\uF000", "\uF000")]
    [InlineData("\uF100", "\uF100")]
    public void What_Windows_cannot_carry_is_escaped(string name, string shown)
    {
        Assert.Equal(shown, NtName.Encode(Encoding.UTF8.GetBytes(name)));
        Assert.Equal(name, Encoding.UTF8.GetString(Decode(shown)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("CON")]
    [InlineData("prn.txt")]
    [InlineData("conin$")]
    [InlineData("COM\u00B2.x")]
    [InlineData("lpt0")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a\u0001")]
    [InlineData("a\u0000")]
    [InlineData("slash\uF02F")]
    [InlineData("needless\uF061")]
    [InlineData("\uF0C3\uF0A9")]
    public void What_Encode_never_gives_is_no_name(string text)
    {
        byte[] name = new byte[NtName.MaxBytes];
        Assert.Equal(NtStatus.ObjectNameInvalid, NtName.Decode(text, name, out _));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_name()
    {
        byte[] name = new byte[NtName.MaxBytes];
        Assert.Equal(NtStatus.ObjectNameInvalid, NtName.Decode("half" + (char)0xD800, name, out _));
        Assert.Equal(NtStatus.ObjectNameInvalid, NtName.Decode((char)0xDC00 + "half", name, out _));
    }

    [Fact]
    public void Lengths_end_at_255_bytes_and_32000_characters()
    {
        byte[] name = new byte[NtName.MaxBytes];
        Assert.Equal(NtStatus.Success, NtName.Decode(new string('x', 255), name, out int length));
        Assert.Equal(255, length);
        Assert.Equal(NtStatus.NameTooLong, NtName.Decode(new string('x', 256), name, out _));
        Assert.Equal(NtStatus.Success, NtName.Decode(new string('\u62A5', 85), name, out _));
        Assert.Equal(NtStatus.NameTooLong, NtName.Decode(new string('\u62A5', 86), name, out _));
        Assert.Equal(NtStatus.Success, NtPath.Parse(string.Concat(Enumerable.Repeat("\\x", 16_000)), out _));
        Assert.Equal(NtStatus.NameTooLong, NtPath.Parse(string.Concat(Enumerable.Repeat("\\x", 16_000)) + "\\", out _));
        Assert.Equal(NtStatus.NameTooLong, NtPath.Parse("\\" + new string('x', 256), out _));
        Assert.Equal(NtStatus.ObjectNameInvalid, NtPath.Parse("\\x\\", out _));
        Assert.Equal(NtStatus.ObjectNameInvalid, NtPath.Parse("", out _));
    }

    [Fact]
    public void A_path_of_32000_characters_is_answered_on_a_real_drive()
    {
        using var vault = new NtVault();
        string path = string.Concat(Enumerable.Repeat("\\folder", 4_571));
        Assert.Equal(NtStatus.ObjectPathNotFound, vault.Create(path, NtAccess.GenericRead, out _));
        Assert.Equal(NtStatus.NameTooLong, vault.Create(path + "\\folder", NtAccess.GenericRead, out _));
    }

    [Fact]
    public void Names_made_on_Linux_are_listed_opened_and_renamed()
    {
        using var vault = new NtVault();
        Drive_makes(vault, "a:b", "aux", "dot.", "\u0001", "\uF061");
        byte[] odd = [0x66, 0xFF, 0x6F];
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.MakeNode(vault.Under.Me, NodeId.Root, odd, NodeKind.File, 0x1A4, 0, out _));
        string[] shown = ["\uF001", "a\uF03Ab", "dot\uF02E", "f\uF0FFo", "\uF061ux", "\uF0EF\uF081\uF0A1"];
        Assert.Equal(shown.Order(StringComparer.Ordinal), vault.Names("\\"));
        foreach (string name in shown)
        {
            vault.Put("\\" + name, name);
            Assert.Equal(name, vault.Get("\\" + name));
        }

        NtHandle handle = vault.Open("\\f\uF0FFo", NtAccess.Delete);
        Assert.Equal(NtStatus.Success, vault.Drive.Move(handle, "\\plain", false));
        vault.End(handle);
        Assert.Equal(VaultStatus.Ok, vault.Under.Files.Lookup(NodeId.Root, "plain"u8, out _));
        Assert.Equal(VaultStatus.NotFound, vault.Under.Files.Lookup(NodeId.Root, odd, out _));
    }

    private static void Drive_makes(NtVault vault, params string[] names)
    {
        foreach (string name in names)
        {
            Assert.Equal(VaultStatus.Ok, vault.Under.Files.MakeNode(vault.Under.Me, NodeId.Root, Encoding.UTF8.GetBytes(name), NodeKind.File, 0x1B6, 0, out _));
        }
    }

    private static byte[] Decode(string shown)
    {
        byte[] name = new byte[NtName.MaxBytes];
        Assert.Equal(NtStatus.Success, NtName.Decode(shown, name, out int length));
        return name[..length];
    }

    private static byte[] RandomName(Random random)
    {
        while (true)
        {
            byte[] name = random.Next(4) switch
            {
                0 => Enumerable.Range(0, random.Next(1, 20)).Select(_ => (byte)random.Next(1, 256)).ToArray(),
                1 => Enumerable.Range(0, random.Next(1, 6)).Select(_ => (byte)"con.aux \\:?\u007f"[random.Next(12)]).ToArray(),
                2 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)random.Next(0xEFF0, 0xF110)))),
                _ => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => char.ConvertFromUtf32(random.Next(2) == 0 ? random.Next(0x21, 0xD800) : random.Next(0x10000, 0x110000))))),
            };
            if (name.Length <= 255 && !name.Contains((byte)'/') && !name.Contains((byte)0) && !name.SequenceEqual("."u8.ToArray()) && !name.SequenceEqual(".."u8.ToArray()))
            {
                return name;
            }
        }
    }
}
