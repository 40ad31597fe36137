using System;
using System.IO;
using System.Text;
using SecureVault.Storage;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Storage;

public sealed class LinuxStoreTests : LinuxStoreFolder
{
    [Fact]
    public void Holes_are_punched_and_space_is_reserved()
    {
        using StoreHandle file = Make("f");
        Ok(Store.WriteAt(file, "hello"u8, 10_000, out _));
        Ok(Store.SetSize(file, 20_000));
        Ok(Store.PunchHole(file, 8192, 4096));
        byte[] bytes = new byte[5];
        Ok(Store.ReadAt(file, bytes, 10_000, out _));
        Assert.Equal(new byte[5], bytes);
        Ok(Store.Allocate(file, 0, 30_000, keepSize: true));
        Ok(Store.Stat(Root, "f"u8, out StoreStat stat));
        Assert.Equal(20_000, stat.Size);
    }

    [Fact]
    public void Stat_by_name_allocates_nothing()
    {
        Make("f").Dispose();
        Allocations.Hold("store.stat-by-name", () =>
        {
            Store.Stat(Root, "f"u8, out _);
            Store.Identify(Root, "f"u8, out _);
        });
    }

    [Fact]
    public void No_link_is_followed()
    {
        File.WriteAllText(Path.Combine(Folder, "target"), "secret");
        Directory.CreateDirectory(Path.Combine(Folder, "folder"));
        Ok(Store.MakeSymlink(Root, "link"u8, "target"u8));
        Ok(Store.MakeSymlink(Root, "way"u8, "folder"u8));
        Assert.Equal(VaultStatus.Invalid, Store.OpenFile(Root, "link"u8, StoreOpen.Read, 0, out _));
        Assert.NotEqual(VaultStatus.Ok, Store.OpenFile(Root, "link"u8, StoreOpen.ReadWrite | StoreOpen.Create, 0x180, out _));
        Assert.Equal(VaultStatus.NotDirectory, Store.OpenDirectory(Root, "way"u8, out _));
        Ok(Store.Stat(Root, "link"u8, out StoreStat stat));
        Assert.Equal(NodeKind.Symlink, stat.Kind);
        UnixFileMode mode = File.GetUnixFileMode(Path.Combine(Folder, "target"));
        Assert.NotEqual(VaultStatus.Ok, Store.SetMode(Root, "link"u8, 0x1FF));
        Assert.Equal(mode, File.GetUnixFileMode(Path.Combine(Folder, "target")));
        byte[] target = new byte[100];
        Ok(Store.ReadSymlink(Root, "link"u8, target, out int length));
        Assert.Equal("target", Encoding.ASCII.GetString(target, 0, length));
        Ok(Store.SetTimes(Root, "link"u8, new FileTime(5, 0), accessedNow: false, new FileTime(6, 7), modifiedNow: false));
        Ok(Store.Stat(Root, "link"u8, out stat));
        Assert.Equal(new FileTime(6, 7), stat.Modified);
    }

    [Fact]
    public void Modes_are_exact_whatever_the_umask()
    {
        using (_ = Make("f", 0x1B6))
        {
            Ok(Store.MakeDirectory(Root, "d"u8, 0x5FF));
            Ok(Store.MakeNode(Root, "p"u8, NodeKind.Fifo, 0x1B6, 0));
        }

        foreach ((string name, uint mode) in new[] { ("f", 0x1B6u), ("d", 0x5FFu), ("p", 0x1B6u) })
        {
            Ok(Store.Stat(Root, Encoding.ASCII.GetBytes(name), out StoreStat stat));
            Assert.Equal(mode, stat.Mode & ~0x400u | (mode & 0x400u));
        }
    }

    [Fact]
    public void Renames_keep_their_kinds()
    {
        Make("a").Dispose();
        Ok(Store.MakeDirectory(Root, "d"u8, 0x1C0));
        Assert.Equal(VaultStatus.Exists, Store.Rename(Root, "a"u8, Root, "d"u8, RenameKind.NoReplace));
        Ok(Store.Rename(Root, "a"u8, Root, "d"u8, RenameKind.Exchange));
        Ok(Store.Stat(Root, "a"u8, out StoreStat stat));
        Assert.Equal(NodeKind.Directory, stat.Kind);
        Assert.Equal(VaultStatus.NotFound, Store.Rename(Root, "none"u8, Root, "x"u8, RenameKind.Replace));
        Ok(Store.Link(Root, "d"u8, Root, "e"u8));
        Assert.Equal(VaultStatus.Exists, Store.Link(Root, "d"u8, Root, "e"u8));
        Ok(Store.Unlink(Root, "e"u8));
        Assert.Equal(VaultStatus.IsDirectory, Store.Unlink(Root, "a"u8));
        Ok(Store.OpenDirectory(Root, "a"u8, out StoreHandle? folder));
        using (folder)
        {
            Ok(Store.MakeDirectory(folder!, "in"u8, 0x1C0));
            Assert.Equal(VaultStatus.NotEmpty, Store.RemoveDirectory(Root, "a"u8));
            Ok(Store.RemoveDirectory(folder!, "in"u8));
        }

        Ok(Store.RemoveDirectory(Root, "a"u8));
    }

    [Fact]
    public void Attributes_are_set_listed_and_removed()
    {
        using StoreHandle file = Make("f");
        Assert.Equal(VaultStatus.NoAttribute, Store.GetXattr(file, "user.a"u8, new byte[5], out _));
        Ok(Store.SetXattr(file, "user.a"u8, "value"u8, create: true, replace: false));
        Assert.Equal(VaultStatus.Exists, Store.SetXattr(file, "user.a"u8, "x"u8, create: true, replace: false));
        Assert.Equal(VaultStatus.NoAttribute, Store.SetXattr(file, "user.b"u8, "x"u8, create: false, replace: true));
        byte[] value = new byte[10];
        Ok(Store.GetXattr(file, "user.a"u8, value, out int length));
        Assert.Equal("value", Encoding.ASCII.GetString(value, 0, length));
        Assert.Equal(VaultStatus.Range, Store.GetXattr(file, "user.a"u8, new byte[2], out _));
        Ok(Store.GetXattr(file, "user.a"u8, [], out length));
        Assert.Equal(5, length);
        byte[] names = new byte[200];
        Ok(Store.ListXattr(file, names, out length));
        Assert.Contains("user.a\0", Encoding.ASCII.GetString(names, 0, length), StringComparison.Ordinal);
        Ok(Store.RemoveXattr(file, "user.a"u8));
        Assert.Equal(VaultStatus.NoAttribute, Store.RemoveXattr(file, "user.a"u8));
    }

    [Fact]
    public void Owners_times_and_statistics_go_through()
    {
        using StoreHandle file = Make("f");
        Ok(Store.Stat(file, out StoreStat before));
        Ok(Store.SetOwner(file, before.Uid, null));
        Ok(Store.SetOwner(Root, "f"u8, null, before.Gid));
        Ok(Store.SetTimes(file, null, accessedNow: true, new FileTime(1_000_000_000, 123_456_789), modifiedNow: false));
        Ok(Store.SetMode(file, 0x124));
        Ok(Store.Stat(file, out StoreStat after));
        Assert.Equal(new FileTime(1_000_000_000, 123_456_789), after.Modified);
        Assert.True(after.Accessed.Seconds >= before.Accessed.Seconds);
        Assert.Equal((0x124u, before.Uid, before.Gid), (after.Mode, after.Uid, after.Gid));
        Ok(Store.GetStatistics(Root, out StoreStatistics statistics));
        Assert.True(statistics.Blocks > 0 && statistics.BlockSize > 0 && statistics.NameLength >= 255);
        Ok(Store.OpenFile(Root, "f"u8, StoreOpen.ReadWrite, 0, out StoreHandle? again));
        again!.Dispose();
        Ok(Store.Stat(file, out after));
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
        Ok(Store.OpenFile(Root, Encoding.UTF8.GetBytes(name), StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, mode, out StoreHandle? file));
        return file!;
    }
}
