using System;
using System.IO;
using System.Text;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Storage;
using SecureVault.FileSystem.Storage.Linux;
using SecureVault.FileSystem.Storage.Linux.Native;
using Xunit;

namespace SecureVault.Tests.FileSystem.Storage;

public sealed class LinuxStoreTests : IDisposable
{
    private readonly LinuxStore _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("store-").FullName;
    private readonly StoreHandle _root;

    public LinuxStoreTests()
    {
        Ok(_store.OpenRoot(_folder, out StoreHandle? root));
        _root = root!;
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Holes_are_punched_and_space_is_reserved()
    {
        using StoreHandle file = Make("f");
        Ok(_store.WriteAt(file, "hello"u8, 10_000, out _));
        Ok(_store.SetSize(file, 20_000));
        Ok(_store.PunchHole(file, 8192, 4096));
        byte[] bytes = new byte[5];
        Ok(_store.ReadAt(file, bytes, 10_000, out _));
        Assert.Equal(new byte[5], bytes);
        Ok(_store.Allocate(file, 0, 30_000, keepSize: true));
        Ok(_store.Stat(_root, "f"u8, out StoreStat stat));
        Assert.Equal(20_000, stat.Size);
    }

    [Fact]
    public void Stat_by_name_allocates_nothing()
    {
        Make("f").Dispose();
        Allocations.Hold("store.stat-by-name", () =>
        {
            _store.Stat(_root, "f"u8, out _);
            _store.Identify(_root, "f"u8, out _);
        });
    }

    [Fact]
    public void No_link_is_followed()
    {
        File.WriteAllText(Path.Combine(_folder, "target"), "secret");
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));
        Ok(_store.MakeSymlink(_root, "link"u8, "target"u8));
        Ok(_store.MakeSymlink(_root, "way"u8, "folder"u8));
        Assert.Equal(VaultStatus.Invalid, _store.OpenFile(_root, "link"u8, StoreOpen.Read, 0, out _));
        Assert.NotEqual(VaultStatus.Ok, _store.OpenFile(_root, "link"u8, StoreOpen.ReadWrite | StoreOpen.Create, 0x180, out _));
        Assert.Equal(VaultStatus.NotDirectory, _store.OpenDirectory(_root, "way"u8, out _));
        Ok(_store.Stat(_root, "link"u8, out StoreStat stat));
        Assert.Equal(NodeKind.Symlink, stat.Kind);
        UnixFileMode mode = File.GetUnixFileMode(Path.Combine(_folder, "target"));
        Assert.NotEqual(VaultStatus.Ok, _store.SetMode(_root, "link"u8, 0x1FF));
        Assert.Equal(mode, File.GetUnixFileMode(Path.Combine(_folder, "target")));
        byte[] target = new byte[100];
        Ok(_store.ReadSymlink(_root, "link"u8, target, out int length));
        Assert.Equal("target", Encoding.ASCII.GetString(target, 0, length));
        Ok(_store.SetTimes(_root, "link"u8, new FileTime(5, 0), accessedNow: false, new FileTime(6, 7), modifiedNow: false));
        Ok(_store.Stat(_root, "link"u8, out stat));
        Assert.Equal(new FileTime(6, 7), stat.Modified);
    }

    [Fact]
    public void Modes_are_exact_whatever_the_umask()
    {
        using (_ = Make("f", 0x1B6))
        {
            Ok(_store.MakeDirectory(_root, "d"u8, 0x5FF));
            Ok(_store.MakeNode(_root, "p"u8, NodeKind.Fifo, 0x1B6, 0));
        }

        foreach ((string name, uint mode) in new[] { ("f", 0x1B6u), ("d", 0x5FFu), ("p", 0x1B6u) })
        {
            Ok(_store.Stat(_root, Encoding.ASCII.GetBytes(name), out StoreStat stat));
            Assert.Equal(mode, stat.Mode & ~0x400u | (mode & 0x400u));
        }
    }

    [Fact]
    public void Renames_keep_their_kinds()
    {
        Make("a").Dispose();
        Ok(_store.MakeDirectory(_root, "d"u8, 0x1C0));
        Assert.Equal(VaultStatus.Exists, _store.Rename(_root, "a"u8, _root, "d"u8, RenameKind.NoReplace));
        Ok(_store.Rename(_root, "a"u8, _root, "d"u8, RenameKind.Exchange));
        Ok(_store.Stat(_root, "a"u8, out StoreStat stat));
        Assert.Equal(NodeKind.Directory, stat.Kind);
        Assert.Equal(VaultStatus.NotFound, _store.Rename(_root, "none"u8, _root, "x"u8, RenameKind.Replace));
        Ok(_store.Link(_root, "d"u8, _root, "e"u8));
        Assert.Equal(VaultStatus.Exists, _store.Link(_root, "d"u8, _root, "e"u8));
        Ok(_store.Unlink(_root, "e"u8));
        Assert.Equal(VaultStatus.IsDirectory, _store.Unlink(_root, "a"u8));
        Ok(_store.OpenDirectory(_root, "a"u8, out StoreHandle? folder));
        using (folder)
        {
            Ok(_store.MakeDirectory(folder!, "in"u8, 0x1C0));
            Assert.Equal(VaultStatus.NotEmpty, _store.RemoveDirectory(_root, "a"u8));
            Ok(_store.RemoveDirectory(folder!, "in"u8));
        }

        Ok(_store.RemoveDirectory(_root, "a"u8));
    }

    [Fact]
    public void Attributes_are_set_listed_and_removed()
    {
        using StoreHandle file = Make("f");
        Assert.Equal(VaultStatus.NoAttribute, _store.GetXattr(file, "user.a"u8, new byte[5], out _));
        Ok(_store.SetXattr(file, "user.a"u8, "value"u8, create: true, replace: false));
        Assert.Equal(VaultStatus.Exists, _store.SetXattr(file, "user.a"u8, "x"u8, create: true, replace: false));
        Assert.Equal(VaultStatus.NoAttribute, _store.SetXattr(file, "user.b"u8, "x"u8, create: false, replace: true));
        byte[] value = new byte[10];
        Ok(_store.GetXattr(file, "user.a"u8, value, out int length));
        Assert.Equal("value", Encoding.ASCII.GetString(value, 0, length));
        Assert.Equal(VaultStatus.Range, _store.GetXattr(file, "user.a"u8, new byte[2], out _));
        Ok(_store.GetXattr(file, "user.a"u8, [], out length));
        Assert.Equal(5, length);
        byte[] names = new byte[200];
        Ok(_store.ListXattr(file, names, out length));
        Assert.Contains("user.a\0", Encoding.ASCII.GetString(names, 0, length), StringComparison.Ordinal);
        Ok(_store.RemoveXattr(file, "user.a"u8));
        Assert.Equal(VaultStatus.NoAttribute, _store.RemoveXattr(file, "user.a"u8));
    }

    [Fact]
    public void Owners_times_and_statistics_go_through()
    {
        using StoreHandle file = Make("f");
        Ok(_store.Stat(file, out StoreStat before));
        Ok(_store.SetOwner(file, before.Uid, null));
        Ok(_store.SetOwner(_root, "f"u8, null, before.Gid));
        Ok(_store.SetTimes(file, null, accessedNow: true, new FileTime(1_000_000_000, 123_456_789), modifiedNow: false));
        Ok(_store.SetMode(file, 0x124));
        Ok(_store.Stat(file, out StoreStat after));
        Assert.Equal(new FileTime(1_000_000_000, 123_456_789), after.Modified);
        Assert.True(after.Accessed.Seconds >= before.Accessed.Seconds);
        Assert.Equal((0x124u, before.Uid, before.Gid), (after.Mode, after.Uid, after.Gid));
        Ok(_store.GetStatistics(_root, out StoreStatistics statistics));
        Assert.True(statistics.Blocks > 0 && statistics.BlockSize > 0 && statistics.NameLength >= 255);
        Ok(_store.OpenFile(_root, "f"u8, StoreOpen.ReadWrite, 0, out StoreHandle? again));
        again!.Dispose();
        Ok(_store.Stat(file, out after));
        Assert.Equal(0x124u, after.Mode);
    }

    [Fact]
    public void Every_error_number_has_a_status_and_none_but_zero_is_ok()
    {
        for (int errno = 1; errno < 200; errno++)
        {
            Assert.NotEqual(VaultStatus.Ok, Errno.ToStatus(errno));
        }

        Assert.Equal(VaultStatus.Ok, Errno.ToStatus(0));
        Assert.Equal(VaultStatus.NoSpace, Errno.ToStatus(Errno.EDQUOT));
        Assert.Equal(VaultStatus.InputOutput, Errno.ToStatus(5));
    }

    private static void Ok(VaultStatus status) => Assert.Equal(VaultStatus.Ok, status);

    private StoreHandle Make(string name, uint mode = 0x1A4)
    {
        Ok(_store.OpenFile(_root, Encoding.UTF8.GetBytes(name), StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, mode, out StoreHandle? file));
        return file!;
    }
}
