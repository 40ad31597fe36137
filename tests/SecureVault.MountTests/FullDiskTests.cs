using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.MountTests.Support;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.MountTests;

/// <summary>The backing store on a small disk of its own (a loop device): what was removed is free for whoever asks or writes next.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Rounds = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("securevault-full-").FullName;
    private readonly LinuxStore _store = new();

    private string Disk => _folder + "/disk";

    public void Dispose()
    {
        if (Drive.IsMountPoint(Disk))
        {
            Done($"umount {Disk}");
        }

        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public void What_was_removed_makes_room_at_once()
    {
        Require.Mounts();
        Require.LoopDevices();
        Require.Tool("mkfs.ext4");
        Directory.CreateDirectory(Disk);
        Done($"truncate -s 64M {_folder}/image && mkfs.ext4 -q -m 0 {_folder}/image && mount -o loop {_folder}/image {Disk}");
        Ok(_store.OpenRoot(Disk, out StoreHandle? root));
        using (root)
        {
            FreeSpaceFollows(root!);
            RoomIsFound(root!);
        }
    }

    private void FreeSpaceFollows(StoreHandle root)
    {
        long free = Free(root);
        byte[] most = new byte[free * 3 / 5];
        for (int round = 0; round < Rounds; round++)
        {
            Write(root, "most"u8, most);
            Assert.InRange(Free(root), 0, free / 2);
            Ok(_store.Unlink(root, "most"u8));
            Assert.InRange(Free(root), free * 9 / 10, free);
        }
    }

    /// <summary>On a disk that has room for many small files, or for one as large as all of them.</summary>
    private void RoomIsFound(StoreHandle root)
    {
        const int small = 4096, count = 200, room = count + 16;
        Write(root, "ballast"u8, new byte[Free(root) - (small * room)]);
        byte[][] names = [.. Enumerable.Range(0, count).Select(i => Encoding.ASCII.GetBytes("small" + i))];
        for (int round = 0; round < Rounds; round++)
        {
            Array.ForEach(names, name => Write(root, name, new byte[small]));
            Array.ForEach(names, name => Ok(_store.Unlink(root, name)));
            Write(root, "all"u8, new byte[small * count]);
            Ok(_store.Unlink(root, "all"u8));
        }
    }

    private void Write(StoreHandle root, ReadOnlySpan<byte> name, byte[] bytes)
    {
        Ok(_store.OpenFile(root, name, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, 0x180, out StoreHandle? file));
        using (file)
        {
            Ok(_store.WriteAt(file!, bytes, 0, out _));
        }
    }

    /// <summary>Bytes.</summary>
    private long Free(StoreHandle root)
    {
        Ok(_store.GetStatistics(root, out StoreStatistics statistics));
        return (long)statistics.BlocksAvailable * statistics.BlockSize;
    }

    private static void Ok(VaultStatus status) => Assert.Equal(VaultStatus.Ok, status);

    private static void Done(string command)
    {
        Ended ended = Programs.Shell(command);
        Assert.True(ended.ExitCode == 0, $"{command}: {ended.Error}");
    }
}
