using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.FileSystem;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

public sealed class NameTests
{
    [Fact]
    public void Names_of_255_bytes_and_of_any_script_work()
    {
        using var drive = new TestDrive();
        string longest = new('n', 255);
        string chinese = string.Concat(Enumerable.Repeat("\u8868", 85));
        drive.Write($"/{longest}", "long");
        drive.Write($"/{chinese}", "chinese");
        drive.MakeDirectory("/\u5de5\u8d44\u5355");
        drive.Remount();
        Assert.Equal("long", drive.Read($"/{longest}"));
        Assert.Equal("chinese", drive.Read($"/{chinese}"));
        string[] all = [longest, chinese, "\u5de5\u8d44\u5355"];
        Assert.Equal(all.Order(StringComparer.Ordinal), drive.List(""));
    }

    [Fact]
    public void A_name_of_256_bytes_is_too_long_everywhere()
    {
        using var drive = new TestDrive();
        byte[] name = Encoding.ASCII.GetBytes(new string('n', 256));
        NodeId file = drive.Write("/a", "x");
        Assert.Equal(VaultStatus.NameTooLong, drive.Files.Lookup(NodeId.Root, name, out _));
        Assert.Equal(VaultStatus.NameTooLong, drive.Files.Create(drive.Me, NodeId.Root, name, 0x1A4, OpenIntent.Write, out _, out _));
        Assert.Equal(VaultStatus.NameTooLong, drive.Files.MakeDirectory(drive.Me, NodeId.Root, name, 0x1ED, out _));
        Assert.Equal(VaultStatus.NameTooLong, drive.Files.MakeSymlink(drive.Me, NodeId.Root, name, "t"u8, out _));
        Assert.Equal(VaultStatus.NameTooLong, drive.Files.Link(drive.Me, file, NodeId.Root, name, out _));
        Assert.Equal(VaultStatus.NameTooLong, drive.Files.Rename(drive.Me, NodeId.Root, "a"u8, NodeId.Root, name, RenameKind.Replace));
        Assert.Equal(VaultStatus.NameTooLong, drive.Files.Unlink(drive.Me, NodeId.Root, name));
    }

    [Fact]
    public void Names_that_are_not_UTF8_are_kept_byte_for_byte()
    {
        using var drive = new TestDrive();
        byte[] name = [0xFF, 0xFE, 0x80, (byte)'x', 0xC3];
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeDirectory(drive.Me, NodeId.Root, name, 0x1ED, out _));
        drive.Remount();
        Assert.Equal(VaultStatus.Ok, drive.Files.Lookup(NodeId.Root, name, out NodeEntry entry));
        Assert.Equal(NodeKind.Directory, entry.Attributes.Kind);
        Assert.Equal(VaultStatus.Ok, drive.Files.OpenDirectory(drive.Me, NodeId.Root, out OpenFolder? root));
        var sink = new RawSink();
        Assert.Equal(VaultStatus.Ok, root!.Read(2, false, sink));
        Assert.Equal(name, sink.Name);
        root.Release();
    }

    [Fact]
    public void Companions_of_long_names_leave_with_them()
    {
        using var drive = new TestDrive();
        string first = new('f', 250);
        string second = new('s', 250);
        drive.Write($"/{first}", "x");
        drive.MakeDirectory($"/{second}");
        Assert.Equal(5, Directory.GetFileSystemEntries(drive.RootPath).Length); // two objects, two companions, the record
        Rename(drive, first, "short");
        Rename(drive, second, first);
        Rename(drive, "short", second);
        Assert.Equal(5, Directory.GetFileSystemEntries(drive.RootPath).Length);
        Assert.Equal(VaultStatus.Ok, drive.Files.Unlink(drive.Me, NodeId.Root, Encoding.ASCII.GetBytes(second)));
        Assert.Equal(VaultStatus.Ok, drive.Files.RemoveDirectory(drive.Me, NodeId.Root, Encoding.ASCII.GetBytes(first)));
        Assert.Equal([Path.Combine(drive.RootPath, "securevault.dir")], Directory.GetFileSystemEntries(drive.RootPath));
    }

    [Fact]
    public void Nothing_of_a_name_or_a_links_target_shows_in_the_store()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/Payroll");
        drive.Write("/Payroll/salaries", "x");
        Assert.Equal(VaultStatus.Ok, drive.Files.MakeSymlink(drive.Me, NodeId.Root, "shortcut"u8, "Payroll/salaries"u8, out _));
        foreach (FileSystemInfo entry in new DirectoryInfo(drive.RootPath).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("Payroll", entry.Name + entry.LinkTarget, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("salaries", entry.Name + entry.LinkTarget, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("shortcut", entry.Name + entry.LinkTarget, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void A_listing_continues_where_the_reader_stopped()
    {
        using var drive = new TestDrive();
        for (int i = 0; i < 40; i++)
        {
            drive.MakeDirectory($"/folder{i:D2}");
        }

        Assert.Equal(VaultStatus.Ok, drive.Files.OpenDirectory(drive.Me, NodeId.Root, out OpenFolder? root));
        var sink = new ShortSink(room: 7);
        while (sink.Progressed)
        {
            sink.Begin();
            Assert.Equal(VaultStatus.Ok, root!.Read(sink.Cookie, false, sink));
        }

        root!.Release();
        Assert.Equal(42, sink.Names.Count);
        Assert.Equal(42, sink.Names.Distinct().Count());
    }

    private static void Rename(TestDrive drive, string name, string newName) =>
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, Encoding.ASCII.GetBytes(name), NodeId.Root, Encoding.ASCII.GetBytes(newName), RenameKind.Replace));

    private sealed class RawSink : IDirectorySink
    {
        public byte[] Name { get; private set; } = [];

        public bool Add(ReadOnlySpan<byte> name, ulong nextCookie, in NodeEntry entry)
        {
            Name = name.ToArray();
            return true;
        }
    }

    private sealed class ShortSink(int room) : IDirectorySink
    {
        private int _taken;

        public System.Collections.Generic.List<string> Names { get; } = [];
        public ulong Cookie { get; private set; }
        public bool Progressed { get; private set; } = true;

        public void Begin()
        {
            _taken = 0;
            Progressed = false;
        }

        public bool Add(ReadOnlySpan<byte> name, ulong nextCookie, in NodeEntry entry)
        {
            if (_taken == room)
            {
                return false;
            }

            _taken++;
            Progressed = true;
            Cookie = nextCookie;
            Names.Add(Encoding.UTF8.GetString(name));
            return true;
        }
    }
}
