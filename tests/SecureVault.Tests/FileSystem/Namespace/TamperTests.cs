using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.FileSystem.Gate;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>What someone with the vault folder in hand may do to it by hand, and what comes of it.</summary>
public sealed class TamperTests
{
    [Fact]
    public void Folders_whose_stored_names_were_swapped_are_refused()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/a");
        drive.MakeDirectory("/b");
        drive.Write("/a/file", "x");
        (string a, string b) = (drive.StoredPath("/a"), drive.StoredPath("/b"));
        Directory.Move(a, a + "x");
        Directory.Move(b, a);
        Directory.Move(a + "x", b);
        drive.Remount();
        Assert.Equal(VaultStatus.Corrupt, drive.Files.OpenDirectory(drive.Me, drive.Node("/a"), out _));
        Assert.Equal(VaultStatus.Corrupt, drive.Files.Lookup(drive.Node("/b"), "file"u8, out _));
        Assert.Equal(["/a", "/b"], drive.Audit.Records.Where(r => r.Event == AuditEvent.IntegrityFailure).Select(r => r.Path));
    }

    [Theory]
    [InlineData("exchanged")]
    [InlineData("copied over")]
    public void A_stored_file_in_place_of_another_is_refused_when_it_is_opened(string how)
    {
        using var drive = new TestDrive();
        drive.Write("/a", "of a");
        drive.Write("/b", "of b");
        (string a, string b) = (drive.StoredPath("/a"), drive.StoredPath("/b"));
        drive.Remount();
        byte[] first = File.ReadAllBytes(a);
        if (how == "exchanged")
        {
            File.WriteAllBytes(a, File.ReadAllBytes(b));
            File.WriteAllBytes(b, first);
        }
        else
        {
            File.Copy(a, b, overwrite: true);
        }

        Assert.Equal(VaultStatus.Corrupt, drive.Files.Open(drive.Me, drive.Node("/b"), OpenIntent.Read, out OpenFile? file, out _));
        Assert.Null(file);
        AuditRecord record = Assert.Single(drive.Audit.Records, r => r.Event == AuditEvent.IntegrityFailure);
        Assert.Equal("/b", record.Path);
        Assert.Contains("does not match", record.Detail, StringComparison.Ordinal);
        if (how != "exchanged")
        {
            Assert.Equal("of a", drive.Read("/a"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // while the other is open under another name
    public void Stored_files_of_several_names_that_were_exchanged_are_refused(bool open)
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/f");
        foreach (string name in new[] { "/a", "/b" })
        {
            Assert.Equal(VaultStatus.Ok, drive.Files.Link(drive.Me, drive.Write(name, "of " + name), drive.Node("/f"), Encoding.ASCII.GetBytes(name[1..] + "2"), out _));
        }

        drive.Remount();
        OpenFile? file = null;
        if (open)
        {
            Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, drive.Node("/f/b2"), OpenIntent.Read, out file, out _));
        }

        File.Move(drive.StoredPath("/a"), drive.StoredPath("/c"));
        File.Move(drive.StoredPath("/b"), drive.StoredPath("/a"));
        File.Move(drive.StoredPath("/c"), drive.StoredPath("/b"));
        Assert.Equal(VaultStatus.Corrupt, drive.Files.Open(drive.Me, drive.Node("/a"), OpenIntent.Read, out _, out _));
        Assert.Contains("does not match", drive.Audit.Last.Detail, StringComparison.Ordinal);
        Assert.Equal("of /a", drive.Read("/f/a2"));
        file?.Release();
        Assert.Equal(VaultStatus.Ok, drive.Files.Unlink(drive.Me, NodeId.Root, "a"u8));
    }

    [Fact]
    public void A_file_of_several_names_is_found_under_each_of_them_whatever_was_done()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/f");
        drive.Write("/n0", "text");
        for (int n = 1; n < 20; n++)
        {
            Assert.Equal(VaultStatus.Ok, drive.Files.Link(drive.Me, drive.Node("/n0"), NodeId.Root, Encoding.ASCII.GetBytes($"n{n}"), out _));
            Read(drive, n + 1);
        }

        for (int n = 19; n > 2; n--)
        {
            Assert.Equal(VaultStatus.Ok, drive.Files.Unlink(drive.Me, NodeId.Root, Encoding.ASCII.GetBytes($"n{n}")));
            Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, "n0"u8, drive.Node("/f"), "away"u8, RenameKind.NoReplace));
            Read(drive, 0, "/f/away");
            Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, drive.Node("/f"), "away"u8, NodeId.Root, "n0"u8, RenameKind.NoReplace));
            Read(drive, n);
        }

        Assert.Equal(drive.Node("/n1"), drive.Node("/n2"));
        Assert.Equal(VaultStatus.Ok, drive.Files.Rename(drive.Me, NodeId.Root, "n0"u8, NodeId.Root, "n"u8, RenameKind.NoReplace)); // all names are known
        File.Move(drive.StoredPath("/n1"), drive.StoredPath("/n15")); // a name that it had
        drive.Remount();
        Assert.Equal(VaultStatus.Corrupt, drive.Files.Open(drive.Me, drive.Node("/n15"), OpenIntent.Read, out _, out _));
    }

    private static void Read(TestDrive drive, int names, params string[] others)
    {
        foreach (string path in Enumerable.Range(0, names).Select(n => $"/n{n}").Concat(others))
        {
            drive.Remount();
            Assert.Equal("text", drive.Read(path));
        }
    }

    [Fact]
    public void A_folder_without_its_record_is_refused_and_named_once()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/a");
        File.Delete(Path.Combine(drive.StoredPath("/a"), "securevault.dir"));
        drive.Remount();
        Assert.Equal(VaultStatus.Corrupt, drive.Files.OpenDirectory(drive.Me, drive.Node("/a"), out _));
        Assert.Equal(VaultStatus.Corrupt, drive.Files.Lookup(drive.Node("/a"), "x"u8, out _));
        Assert.Equal("/a", Assert.Single(drive.Audit.Records, r => r.Event == AuditEvent.IntegrityFailure).Path);
    }

    [Fact]
    public void Ciphertext_moved_by_hand_is_not_shown_under_a_name_of_another_folder()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/a");
        drive.MakeDirectory("/b");
        drive.Write("/a/file", "x");
        string stored = drive.StoredPath("/a/file");
        drive.Files.GetStatistics(out _);
        drive.Remount();
        File.Move(stored, Path.Combine(drive.StoredPath("/b"), Path.GetFileName(stored)));
        Assert.Empty(drive.List("/b"));
        Assert.Contains(drive.Audit.Records, r => r.Event == AuditEvent.IntegrityFailure && r.Path == "/b");
        Assert.Equal(VaultStatus.NotEmpty, drive.Files.RemoveDirectory(drive.Me, NodeId.Root, "b"u8));
    }

    [Fact]
    public void Ciphertext_moved_by_hand_to_a_right_name_keeps_its_own_label_and_is_served_to_nobody()
    {
        using var drive = new TestDrive();
        drive.Policy.Edit(p => p.AddDepartment("finance"));
        drive.Policy.Edit(p => p.AddUser("me", drive.Me.Uid, null, null, EncryptionMode.Mandatory));
        drive.Policy.Edit(p => p.GrantUser("me", "finance:secret", AccessMode.Plaintext, null));
        drive.MakeDirectory("/secret");
        drive.SetLabel("/secret", "finance:secret");
        drive.Write("/secret/file", "x");
        drive.Remount();
        File.Move(drive.StoredPath("/secret/file"), drive.StoredPath("/moved"));
        var stranger = new Caller(54_321, 54_321, 1);
        Assert.Equal(VaultStatus.Denied, drive.Files.Open(stranger, drive.Node("/moved"), OpenIntent.Read, out _, out _));
        Assert.Equal("finance:secret", drive.Audit.Last.Label);
        Assert.Equal(VaultStatus.Corrupt, drive.Files.Open(drive.Me, drive.Node("/moved"), OpenIntent.Read, out _, out _));
        File.Move(drive.StoredPath("/moved"), drive.StoredPath("/secret/file"));
        drive.Remount();
        Assert.Equal("x", drive.Read("/secret/file"));
    }

    [Fact]
    public void Another_files_ciphertext_under_an_open_label_is_served_to_nobody()
    {
        using var drive = new TestDrive();
        drive.Policy.Edit(p => p.AddDepartment("finance"));
        drive.Policy.Edit(p => p.AddUser("me", drive.Me.Uid, null, null, EncryptionMode.Mandatory));
        drive.Policy.Edit(p => p.GrantUser("me", "finance:secret", AccessMode.Plaintext, null));
        drive.MakeDirectory("/secret");
        drive.SetLabel("/secret", "finance:secret");
        drive.Write("/secret/file", "x");
        drive.Write("/free", "y");
        drive.Remount();
        NodeId free = drive.Node("/free");
        Assert.Equal(VaultStatus.NoAttribute, drive.Files.GetXattr(drive.Me, free, "user.securevault.label"u8, [], out _)); // remembered: unlabelled
        File.WriteAllBytes(drive.StoredPath("/free"), File.ReadAllBytes(drive.StoredPath("/secret/file")));
        Assert.Equal(VaultStatus.Corrupt, drive.Files.Open(new Caller(54_321, 54_321, 1), free, OpenIntent.Read, out _, out _));
        Assert.Equal(VaultStatus.Corrupt, drive.Files.Open(drive.Me, free, OpenIntent.Read, out _, out _));
    }

    [Fact]
    public void A_damaged_file_is_seen_refused_named_in_the_log_and_can_be_deleted()
    {
        using var drive = new TestDrive();
        drive.Write("/cut", "some content");
        drive.Write("/empty", "some content");
        drive.Write("/header", "some content");
        drive.Remount();
        File.WriteAllBytes(drive.StoredPath("/cut"), File.ReadAllBytes(drive.StoredPath("/cut"))[..520]);
        File.WriteAllBytes(drive.StoredPath("/empty"), []);
        byte[] header = File.ReadAllBytes(drive.StoredPath("/header"));
        header[60] ^= 1;
        File.WriteAllBytes(drive.StoredPath("/header"), header);
        foreach (string path in new[] { "/cut", "/empty", "/header" })
        {
            Assert.Equal(VaultStatus.Corrupt, drive.Files.Open(drive.Me, drive.Node(path), OpenIntent.Read, out _, out _));
            Assert.Equal((AuditEvent.IntegrityFailure, path), (drive.Audit.Last.Event, drive.Audit.Last.Path));
            Assert.Equal(VaultStatus.Ok, drive.Files.Unlink(drive.Me, NodeId.Root, System.Text.Encoding.ASCII.GetBytes(path[1..])));
        }

        Assert.Empty(drive.List(""));
    }

    [Fact]
    public void Half_made_folders_are_not_shown_and_do_not_hold_a_folder_back()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/a");
        Directory.CreateDirectory(Path.Combine(drive.StoredPath("/a"), "securevault.tmp.0123"));
        File.WriteAllText(Path.Combine(drive.StoredPath("/a"), "securevault.tmp.0123", "securevault.dir"), "");
        Assert.Empty(drive.List("/a"));
        Assert.Equal(VaultStatus.Ok, drive.Files.RemoveDirectory(drive.Me, NodeId.Root, "a"u8));
        Assert.Empty(drive.List(""));
    }

    [Fact]
    public void Unlabelled_new_files_stay_clear_only_where_folder_or_user_says_so()
    {
        using var drive = new TestDrive();
        drive.MakeDirectory("/mandatory");
        drive.MakeDirectory("/optional");
        string folder = drive.StoredPath("/optional");
        SecureVault.Format.V1.DirectoryRecord record = drive.ReadRecord(folder);
        record.NewFiles = SecureVault.Format.V1.Protection.Clear;
        drive.WriteRecord(folder, record);
        drive.Policy.Edit(p => new PolicyEdit(p.WithLabelsChanged(p.KeyringVersion, 0), null));
        drive.Write("/mandatory/file", "plain words");
        drive.Write("/optional/file", "plain words");
        Assert.False(IsClear(drive, "/mandatory/file"));
        Assert.True(IsClear(drive, "/optional/file"));
        drive.Policy.Edit(p => p.AddUser("me", drive.Me.Uid, null, null, EncryptionMode.Optional));
        drive.Write("/mandatory/own", "plain words");
        Assert.True(IsClear(drive, "/mandatory/own"));
    }

    private static bool IsClear(TestDrive drive, string path) => File.ReadAllBytes(drive.StoredPath(path)).AsSpan().IndexOf("plain words"u8) >= 0;
}
