using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>What file managers, network servers and synchronisers leave in a vault's folders.</summary>
public sealed class ForeignFilesTests
{
    private static readonly string[] Known =
    [
        ".DS_Store", "._AbCd", ".nfs000000000001", "@eaDir", "desktop.ini", "Thumbs.db", ".fuse_hidden0001", "lost+found", ".Trash-1000",
        "AbCd.sync-conflict-20261130-120000-ABCDEFG", "AbCd (conflicted copy 2026-11-30)", ".AbCd-_12.x7Ysd0", "~$AbCd", ".~lock.AbCd#",
    ];

    [Fact]
    public void Known_kinds_are_told_from_stored_names()
    {
        Assert.All(Known, k => Assert.True(ForeignNames.IsKnown(Encoding.UTF8.GetBytes(k)), k));
        string[] ours = ["securevault.dir", "securevault.tmp.0123", "q3Zz-_" + new string('A', 40), new string('A', 43) + ".long", new string('A', 43) + ".name", "unknown.file", "%"];
        Assert.All(ours, o => Assert.False(ForeignNames.IsKnown(Encoding.UTF8.GetBytes(o)), o));
    }

    [Fact]
    public void Known_kinds_are_not_shown_are_no_damage_and_go_with_their_folder()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/folder");
        drive.Write("/folder/file", "x");
        string stored = drive.StoredPath("/folder");
        foreach (string name in Known.Where(k => k != "@eaDir"))
        {
            File.WriteAllText(Path.Combine(stored, name), "foreign");
        }

        Directory.CreateDirectory(stored + "/@eaDir/below");
        File.WriteAllText(stored + "/@eaDir/below/thumb.jpg", "foreign");
        Assert.Equal(["file"], drive.List("/folder"));
        Assert.Equal(VaultStatus.NotEmpty, drive.Files.RemoveDirectory(drive.Me, NodeId.Root, "folder"u8));
        Assert.Equal(VaultStatus.Ok, drive.Files.Unlink(drive.Me, drive.Node("/folder"), "file"u8));
        Assert.Equal(VaultStatus.Ok, drive.Files.RemoveDirectory(drive.Me, NodeId.Root, "folder"u8));
        Assert.False(Directory.Exists(stored));
        Assert.Equal("securevault.dir", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(drive.RootPath))));
        Assert.DoesNotContain(drive.Audit.Records, r => r.Event == AuditEvent.IntegrityFailure);
    }

    [Fact]
    public void Another_name_stands_in_the_way_and_is_named_once()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/folder");
        File.WriteAllText(drive.StoredPath("/folder") + "/report.txt", "foreign");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(VaultStatus.NotEmpty, drive.Files.RemoveDirectory(drive.Me, NodeId.Root, "folder"u8));
            Assert.Empty(drive.List("/folder"));
        }

        AuditRecord record = Assert.Single(drive.Audit.Records, r => r.Event == AuditEvent.IntegrityFailure);
        Assert.Contains("report.txt", record.Detail, StringComparison.Ordinal);
    }
}
