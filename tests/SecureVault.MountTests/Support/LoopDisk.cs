using System;
using System.IO;
using SecureVault.Tests;

namespace SecureVault.MountTests.Support;

/// <summary>A disk in a file, with a file system of its own, mounted. Dispose removes all of it.</summary>
public sealed class LoopDisk : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("securevault-disk-").FullName;

    /// <param name="type">As mkfs calls it.</param>
    /// <param name="size">As truncate takes it.</param>
    public LoopDisk(string type, string size)
    {
        File.SetUnixFileMode(_top, (UnixFileMode)0x1ED);
        Directory.CreateDirectory(Folder);
        Do($"truncate -s {size} '{_top}/image' && mkfs.{type} -q '{_top}/image' && mount -o loop '{_top}/image' '{Folder}'");
    }

    /// <summary>Where it is mounted.</summary>
    public string Folder => _top + "/disk";

    /// <summary>Takes it off and mounts it again, as after a restart of the machine.</summary>
    public void Again()
    {
        TakeOff();
        Do($"mount -o loop '{_top}/image' '{Folder}'");
    }

    public void Dispose()
    {
        TakeOff();
        Directory.Delete(_top, recursive: true);
    }

    private void TakeOff() => Patience.Until(() => !Drive.IsMountPoint(Folder) || Programs.Shell($"umount '{Folder}'").ExitCode == 0, $"{Folder} to be unmounted");

    private static void Do(string command)
    {
        Ended ended = Programs.Shell(command);
        Xunit.Assert.True(ended.ExitCode == 0, ended.Error);
    }
}
