using System;
using System.IO;
using System.Linq;
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
        Assert.Contains("does not match", record.Detail, System.StringComparison.Ordinal);
        if (how != "exchanged")
        {
            Assert.Equal("of a", drive.Read("/a"));
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
