using System;
using System.IO;
using SecureVault.MountTests.Support;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The disk under the vault fails while a drive is mounted: nobody is told that everything is saved.</summary>
public sealed class FailedDiskTests
{
    // FS_IOC_SHUTDOWN with FS_SHUTDOWN_FLAGS_NOLOGFLUSH: _IOR('X', 125, __u32) of linux/fs.h.
    private const string Fail = "python3 -c \"import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))\"";

    [SkippableTheory]
    [InlineData("xfs")]
    [InlineData("ext4")]
    public void Unmount_says_what_may_not_be_saved(string type)
    {
        Require.Mounts();
        Require.LoopDevices();
        Require.Tool("mkfs." + type);
        Require.Tool("python3");
        using var disk = new LoopDisk(type, "330M");
        using var drive = new Drive(mounted: false, people: false, store: disk.Folder);
        drive.Mount();
        using (FileStream file = File.Create(drive.MountPoint + "/written", 1))
        {
            file.Write("before"u8);
            Assert.Equal(0, Programs.Shell($"{Fail} '{disk.Folder}'").ExitCode);
        }

        Ended ended = Programs.Securevault("unmount", drive.MountPoint);
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("not everything is saved", ended.Error, StringComparison.Ordinal);
        Assert.Contains("/written", ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
        Assert.False(drive.IsMounted);
        disk.Again();
        drive.Mount();
        drive.Unmount();
        Programs.Done("verify", drive.Vault);
    }

    [SkippableFact]
    public void A_disk_that_fails_when_all_was_saved_does_not_take_the_end_and_unmount_says_so()
    {
        Require.Mounts();
        Require.LoopDevices();
        Require.Tool("mkfs.ext4");
        Require.Tool("python3");
        using var disk = new LoopDisk("ext4", "330M");
        using var drive = new Drive(mounted: false, people: false, store: disk.Folder);
        drive.Mount();
        Assert.Equal(0, Programs.Shell($"{Fail} '{disk.Folder}'").ExitCode);
        Ended ended = Programs.Securevault("unmount", drive.MountPoint);
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("may not be saved", ended.Error, StringComparison.Ordinal);
        disk.Again();
        drive.Mount();
    }
}
