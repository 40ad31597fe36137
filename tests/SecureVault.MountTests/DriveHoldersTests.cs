using System;
using System.Globalization;
using System.IO;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>Somebody keeps a copy of the mount in a mount namespace of their own, or files open after a lazy unmount: when unmount has ended, nothing is served any more.</summary>
public sealed class DriveHoldersTests
{
    [SkippableFact]
    public void A_copy_of_the_mount_where_nothing_is_open_does_not_keep_the_drive()
    {
        Require.Mounts();
        Require.Tool("unshare");
        using var drive = new Drive(people: false);
        File.WriteAllText(drive.Open + "/note", "shared\n");
        int pid = drive.Pid();
        using var carol = new Elsewhere(Drive.Carol);
        Assert.Equal(0, carol.Do($"cat '{drive.Open}/note'", out string read));
        Assert.Equal("shared\n", read);
        Assert.Contains("everything is saved", Programs.Done("unmount", drive.MountPoint), StringComparison.Ordinal);
        DriveStateTests.AwaitEnd(pid);
        Assert.NotEqual(0, carol.Do($"cat '{drive.Open}/note' 2>/dev/null", out _));
        Assert.DoesNotContain(drive.MountPoint, Programs.Done("status", "--json"), StringComparison.Ordinal);
        drive.Mount();
        Assert.Equal("shared\n", File.ReadAllText(drive.Open + "/note"));
    }

    [SkippableFact]
    public void Who_has_a_file_open_there_is_named_and_force_cuts_them_off_with_everything_saved()
    {
        Require.Mounts();
        Require.Tool("unshare");
        using var drive = new Drive(people: false);
        int pid = drive.Pid();
        using var carol = new Elsewhere(Drive.Carol);
        Assert.Equal(0, carol.Do($"exec 3<>'{drive.Open}/held'; echo first >&3", out _));
        Ended busy = Programs.Securevault("unmount", drive.MountPoint);
        Assert.Equal(1, busy.ExitCode);
        Assert.Contains($"({carol.Pid.ToString(CultureInfo.InvariantCulture)}) in another mount namespace", busy.Error, StringComparison.Ordinal);
        Assert.Contains("unmount --force", busy.Error, StringComparison.Ordinal);
        Assert.True(drive.IsMounted);
        Assert.Equal(0, carol.Do("echo second >&3", out _));
        Assert.Contains("saved", Programs.Done("unmount", "--force", drive.MountPoint), StringComparison.Ordinal);
        DriveStateTests.AwaitEnd(pid);
        Assert.NotEqual(0, carol.Do($"(echo third >&3) 2>/dev/null", out _));
        Assert.NotEqual(0, carol.Do($"cat '{drive.Open}/held' 2>/dev/null", out _));
        drive.Mount();
        Assert.Equal("first\nsecond\n", File.ReadAllText(drive.Open + "/held"));
        drive.Unmount();
        Programs.Done("verify", drive.Vault);
    }

    [SkippableFact]
    public void After_a_plain_umount_status_says_who_still_holds_the_drive_and_unmount_ends_it()
    {
        Require.Mounts();
        Require.Tool("unshare");
        using var drive = new Drive(people: false);
        int pid = drive.Pid();
        using var carol = new Elsewhere(Drive.Carol);
        Assert.Equal(0, Programs.Shell($"umount '{drive.MountPoint}'").ExitCode);
        Assert.Equal("held", DriveStateTests.RowOf(Programs.Securevault("status", "--json"), drive.MountPoint).GetProperty("state").GetString());
        Ended status = Programs.Securevault("status");
        Assert.Contains($"({carol.Pid.ToString(CultureInfo.InvariantCulture)}) in another mount namespace", status.Error, StringComparison.Ordinal);
        Assert.Contains("everything is saved", Programs.Done("unmount", drive.MountPoint), StringComparison.Ordinal);
        DriveStateTests.AwaitEnd(pid);
        drive.Mount();
    }

    [SkippableFact]
    public void After_a_lazy_unmount_files_that_are_open_keep_the_drive_until_they_are_closed_or_cut_off()
    {
        Require.Mounts();
        using var drive = new Drive(people: false);
        int pid = drive.Pid();
        using (FileStream held = File.Create(drive.Open + "/held", 1))
        {
            held.WriteByte((byte)'a');
            Assert.Equal(0, Programs.Shell($"umount -l '{drive.MountPoint}'").ExitCode);
            Ended busy = Programs.Securevault("unmount", drive.MountPoint);
            Assert.Equal(1, busy.ExitCode);
            Assert.Contains("unmount --force", busy.Error, StringComparison.Ordinal);
            held.WriteByte((byte)'b');
            Programs.Done("unmount", "--force", drive.MountPoint);
            Assert.Throws<IOException>(() => held.WriteByte((byte)'c'));
        }

        DriveStateTests.AwaitEnd(pid);
        drive.Mount();
        Assert.Equal("ab", File.ReadAllText(drive.Open + "/held"));
    }
}
