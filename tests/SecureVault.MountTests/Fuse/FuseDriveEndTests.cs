using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Fuse;
using SecureVault.Fuse.Drives;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests.Fuse;

/// <summary>How a mounted drive ends: asked, lazily, by force, by another process.</summary>
public sealed class FuseDriveEndTests : MemoryMount
{
    [SkippableFact]
    public void A_busyDrive_says_so_and_stays()
    {
        string m = Mount();
        using (File.Create(m + "/open"))
        {
            Assert.Equal(UnmountResult.Busy, Drive!.Unmount(false, out string error));
            Assert.Contains(m, error, StringComparison.Ordinal);
            Assert.True(FuseDrive.IsMountPoint(m));
        }

        Patience.Until(() => Drive!.OpenHandles == 0, "the close of the last file");
        Assert.Equal(UnmountResult.Done, Drive!.Unmount(false, out _));
        Assert.True(Drive.WaitUntilUnmounted(Patience.Long));
        Assert.Equal(UnmountResult.NotMounted, FuseDrive.Unmount(m, false, out _));
        Assert.Equal(0, Memory.OpenCount);
    }

    [SkippableFact]
    public void A_lazy_unmount_takes_the_name_and_ends_with_the_last_file()
    {
        string m = Mount();
        using (FileStream file = File.Create(m + "/open"))
        {
            Assert.Equal(UnmountResult.Done, Drive!.Unmount(true, out _));
            Assert.False(FuseDrive.IsMountPoint(m));
            Assert.False(Drive.Ended);
            file.Write("still served"u8);
        }

        Assert.True(Drive!.WaitUntilUnmounted(Patience.Long));
        Assert.Equal(0, Memory.OpenCount);
    }

    [SkippableFact]
    public void Dispose_ends_a_busyDrive_and_releases_every_handle()
    {
        string m = Mount();
        var files = new List<FileStream>(Enumerable.Range(0, 20).Select(i => File.Create($"{m}/f{i}", 1)));
        Assert.Equal(20, Memory.OpenCount);
        Drive!.Dispose();
        Assert.True(Drive.Ended);
        Assert.Equal(0, Memory.OpenCount);
        Assert.False(FuseDrive.IsMountPoint(m));
        Assert.Throws<IOException>(() => files[0].WriteByte(1));
        files.ForEach(f => f.Dispose());
    }

    [SkippableFact]
    public void A_copy_of_the_mount_in_another_namespace_is_held_and_Dispose_cuts_it_off()
    {
        string m = Mount();
        Require.Tool("unshare");
        File.WriteAllText(m + "/f", "text");
        using var other = new Elsewhere(0);
        Assert.Equal(0, other.Do($"exec 3<'{m}/f'", out _));
        Assert.Equal(UnmountResult.Held, Drive!.Unmount(false, out _));
        Assert.False(Drive.Ended);
        Assert.Equal("", Drive.Place);
        Drive.Dispose();
        Assert.True(Drive.Ended);
        Assert.Equal(0, Memory.OpenCount);
        Assert.NotEqual(0, other.Do($"cat '{m}/f' 2>/dev/null", out _));
    }

    [SkippableFact]
    public void Umount_by_another_process_ends_theDrive()
    {
        string m = Mount();
        Sh($"echo hello > {m}/a; umount {m}");
        Assert.True(Drive!.WaitUntilUnmounted(Patience.Long));
        Assert.Equal(0, Memory.OpenCount);
    }

    [SkippableFact]
    public void A_forced_unmount_of_a_busyDrive_leaves_no_dead_name_behind()
    {
        string m = Mount();
        using FileStream file = File.Create(m + "/open", 1);
        Programs.Shell($"umount -f {m}");
        Assert.True(Drive!.WaitUntilUnmounted(Patience.Long));
        Assert.Equal(0, Memory.OpenCount);
        Assert.True(FuseDrive.IsDead(m));
        Drive.Dispose();
        Assert.False(FuseDrive.IsMountPoint(m));
        Assert.False(FuseDrive.IsDead(m));
    }
}
