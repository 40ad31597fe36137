using System.IO;
using SecureVault.MountTests.Support;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The store's machine stops (FS_IOC_SHUTDOWN on a loop device: the journal stays, what was not written is lost): what is left can be used and removed, and what was synced is there.</summary>
public sealed class PowerCutTests
{
    // FS_IOC_SHUTDOWN with FS_SHUTDOWN_FLAGS_LOGFLUSH: _IOR('X', 125, __u32) of linux/fs.h.
    private const string Cut = "python3 -c \"import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 1))\"";

    [SkippableTheory]
    [InlineData("xfs")]
    [InlineData("ext4")]
    public void What_was_being_made_is_empty_and_usable_and_what_was_synced_is_whole(string type)
    {
        Require.Mounts();
        Require.LoopDevices();
        Require.Tool("mkfs." + type);
        Require.Tool("python3");
        using var disk = new LoopDisk(type, "330M");
        using var drive = new Drive(mounted: false, people: false, store: disk.Folder);
        drive.Mount();
        Directory.CreateDirectory(drive.Open);
        File.WriteAllText(drive.Open + "/kept", "kept");
        Programs.Shell("sync");
        Python(drive, """
            os.mkdir('folder'); os.mkdir('folder/inner')
            for n in range(40): open('folder/f%d' % n, 'wb').write(b'x' * 9000)
            for n in range(40): open('file%d' % n, 'wb').write(b'x' * 9000 * n)
            open('n' * 220, 'wb').write(b'x' * 9000)
            for n in range(20): os.rename('file%d' % n, 'moved%d' % n)
            os.link('file25', 'linked'); open('grown', 'wb').close(); os.truncate('grown', 60000)
            os.mkdir('other'); os.rename('folder', 'other/folder')
            os.mkdir('d'); f = open('d/synced', 'wb'); f.write(b's' * 9000); f.flush(); os.fsync(f.fileno())
            fd = os.open('.', os.O_RDONLY); os.fsync(fd)
            """);
        Assert.Equal(0, Programs.Shell($"{Cut} '{disk.Folder}'").ExitCode);
        int pid = drive.Pid();
        Programs.Shell($"kill -9 {pid}; umount -l '{drive.MountPoint}'");
        Patience.Until(() => !Directory.Exists($"/proc/{pid}"), "the end of the drive");
        disk.Again();
        Assert.Equal(0, Programs.Securevault("verify", drive.Vault).ExitCode);
        drive.Mount();
        Python(drive, """
            assert open('kept').read() == 'kept'
            assert open('d/synced', 'rb').read() == b's' * 9000
            for top, folders, files in os.walk('.', topdown=False):
                for name in files:
                    path = os.path.join(top, name)
                    data = open(path, 'rb').read()
                    assert set(data) <= set(b'x\0more') or name in ('kept', 'synced'), path
                    with open(path, 'ab') as f: f.write(b'more')
                    assert open(path, 'rb').read() == data + b'more', path
                    os.rename(path, path + '.gone'); os.unlink(path + '.gone')
                for name in folders:
                    path = os.path.join(top, name)
                    open(path + '/new', 'w').close(); os.unlink(path + '/new'); os.rmdir(path)
            assert os.listdir('.') == []
            """);
        drive.Unmount();
        Programs.Done("verify", drive.Vault);
        Programs.Done("audit", "verify", drive.Vault);
    }

    private static void Python(Drive drive, string script)
    {
        Ended ended = Programs.Run("python3", ["-c", $"import os; os.chdir('{drive.Open}')\n{script}"], []);
        Assert.True(ended.ExitCode == 0, ended.Error);
    }
}
