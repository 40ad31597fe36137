using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using SecureVault.Storage;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.FileSystem.Contract;

/// <summary>What every backing store does with names, on every system: one method a case, each over an empty folder of its own.</summary>
public sealed class StoreNameContract(IBackingStore store, string folder) : IDisposable
{
    private readonly StoreHandle _root = OpenRoot(store, folder);

    public void Dispose() => _root.Dispose();

    public void Names_that_leave_the_folder_are_refused()
    {
        foreach (string name in new[] { "", ".", "..", "a/b", "a\0b", "../x" })
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            Assert.Equal(VaultStatus.Invalid, store.OpenFile(_root, bytes, StoreOpen.Read, 0, out _));
            Assert.Equal(VaultStatus.Invalid, store.OpenDirectory(_root, bytes, out _));
            Assert.Equal(VaultStatus.Invalid, store.MakeDirectory(_root, bytes, 0x1C0));
            Assert.Equal(VaultStatus.Invalid, store.Unlink(_root, bytes));
            Assert.Equal(VaultStatus.Invalid, store.Rename(_root, bytes, _root, "x"u8, RenameKind.Replace));
            Assert.Equal(VaultStatus.Invalid, store.Stat(_root, bytes, out _));
            Assert.Equal(VaultStatus.Invalid, store.Identify(_root, bytes, out _));
        }

        Make("f").Dispose();
        Assert.Equal(VaultStatus.Invalid, store.Rename(_root, "f"u8, _root, "../f"u8, RenameKind.Replace));
        Assert.Equal(VaultStatus.Invalid, store.Link(_root, "f"u8, _root, "a/f"u8));
        Assert.Equal(VaultStatus.NameTooLong, store.Stat(_root, new byte[256], out _));
    }

    public void The_longest_stored_name_works()
    {
        byte[] name = Encoding.ASCII.GetBytes(new string('n', 255));
        Ok(store.MakeDirectory(_root, name, 0x1C0));
        Ok(store.OpenDirectory(_root, name, out StoreHandle? below));
        using (below)
        {
            Ok(store.OpenFile(below!, name, StoreOpen.ReadWrite | StoreOpen.Create, 0x180, out StoreHandle? file));
            file!.Dispose();
            Ok(store.Stat(below!, name, out _));
        }
    }

    public void A_name_is_identified_by_its_object_and_size()
    {
        Assert.Equal(VaultStatus.NotFound, store.Identify(_root, "f"u8, out _));
        using StoreHandle made = Make("f");
        using StoreHandle other = Make("g");
        Ok(store.WriteAt(made, "text"u8, 0, out _));
        Ok(store.Identify(_root, "f"u8, out StoreIdentity first));
        Ok(store.Stat(_root, "f"u8, out StoreStat stat));
        Assert.Equal(new StoreIdentity(stat.Inode, 4), first);
        Ok(store.WriteAt(made, "more"u8, 4, out _));
        Ok(store.Identify(_root, "f"u8, out StoreIdentity grown));
        Assert.Equal(first with { Size = 8 }, grown);
        Ok(store.Rename(_root, "g"u8, _root, "f"u8, RenameKind.Replace));
        Ok(store.Identify(_root, "f"u8, out StoreIdentity replaced));
        Assert.NotEqual(first.Inode, replaced.Inode);
        Assert.Equal(0, replaced.Size);
    }

    public void Opens_keep_their_promises()
    {
        Assert.Equal(VaultStatus.NotFound, store.OpenFile(_root, "f"u8, StoreOpen.Read, 0, out StoreHandle? file));
        Assert.Null(file);
        using (StoreHandle made = Make("f"))
        {
            Ok(store.WriteAt(made, "text"u8, 0, out _));
        }

        Assert.Equal(VaultStatus.Exists, store.OpenFile(_root, "f"u8, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, 0x180, out _));
        Ok(store.OpenFile(_root, "f"u8, StoreOpen.ReadWrite | StoreOpen.Create, 0x180, out file));
        using (file)
        {
            Ok(store.Stat(file!, out StoreStat stat));
            Assert.Equal(4, stat.Size);
        }

        Ok(store.OpenFile(_root, "f"u8, StoreOpen.ReadWrite | StoreOpen.Truncate, 0, out file));
        using (file)
        {
            Ok(store.Stat(file!, out StoreStat stat));
            Assert.Equal(0, stat.Size);
        }

        Ok(store.OpenFile(_root, "f"u8, StoreOpen.Read, 0, out file));
        using (file)
        {
            Assert.NotEqual(VaultStatus.Ok, store.WriteAt(file!, "x"u8, 0, out _));
        }

        Assert.Equal(VaultStatus.NotDirectory, store.OpenDirectory(_root, "f"u8, out _));
        Ok(store.MakeDirectory(_root, "d"u8, 0x1C0));
        Assert.Equal(VaultStatus.Exists, store.MakeDirectory(_root, "d"u8, 0x1C0));
        Assert.Equal(VaultStatus.IsDirectory, store.OpenFile(_root, "d"u8, StoreOpen.ReadWrite, 0, out _));
        Assert.Equal(VaultStatus.NotFound, store.OpenDirectory(_root, "none"u8, out _));
        Assert.Equal(VaultStatus.NotFound, store.OpenRoot(Path.Combine(folder, "none"), out _));
        Assert.Equal(VaultStatus.NotDirectory, store.OpenRoot(Path.Combine(folder, "f"), out _));
        Assert.Equal(VaultStatus.Invalid, store.OpenRoot("", out _));
    }

    public void Renames_keep_their_kinds()
    {
        Make("a").Dispose();
        Ok(store.MakeDirectory(_root, "d"u8, 0x1C0));
        Assert.Equal(VaultStatus.Exists, store.Rename(_root, "a"u8, _root, "d"u8, RenameKind.NoReplace));
        Assert.Equal(VaultStatus.NotFound, store.Rename(_root, "none"u8, _root, "x"u8, RenameKind.Replace));
        Ok(store.Rename(_root, "a"u8, _root, "b"u8, RenameKind.NoReplace));
        Assert.Equal(VaultStatus.NotFound, store.Stat(_root, "a"u8, out _));
        Ok(store.OpenDirectory(_root, "d"u8, out StoreHandle? below));
        using (below)
        {
            Ok(store.Rename(_root, "b"u8, below!, "c"u8, RenameKind.Replace));
            Ok(store.Stat(below!, "c"u8, out StoreStat stat));
            Assert.Equal(NodeKind.File, stat.Kind);
        }

        Ok(store.Rename(_root, "d"u8, _root, "e"u8, RenameKind.NoReplace));
        Ok(store.Stat(_root, "e"u8, out StoreStat moved));
        Assert.Equal(NodeKind.Directory, moved.Kind);
    }

    public void An_open_file_is_replaced_and_removed_and_still_read()
    {
        using StoreHandle old = Make("old");
        Ok(store.WriteAt(old, "old"u8, 0, out _));
        using StoreHandle young = Make("young");
        Ok(store.WriteAt(young, "young"u8, 0, out _));
        Ok(store.Rename(_root, "young"u8, _root, "old"u8, RenameKind.Replace));
        byte[] bytes = new byte[8];
        Ok(store.ReadAt(old, bytes, 0, out int read));
        Assert.Equal("old", Encoding.ASCII.GetString(bytes, 0, read));
        Ok(store.Stat(young, out StoreStat held));
        Ok(store.Stat(_root, "old"u8, out StoreStat named));
        Assert.Equal((held.Inode, held.Device), (named.Inode, named.Device));
        Assert.Equal(VaultStatus.NotFound, store.Stat(_root, "young"u8, out _));
        Ok(store.Unlink(_root, "old"u8));
        Ok(store.ReadAt(young, bytes, 0, out read));
        Assert.Equal("young", Encoding.ASCII.GetString(bytes, 0, read));
    }

    public void Links_share_their_content_and_count()
    {
        StoreHandle file = Make("a");
        Ok(store.Link(_root, "a"u8, _root, "b"u8));
        Assert.Equal(VaultStatus.Exists, store.Link(_root, "a"u8, _root, "b"u8));
        Ok(store.Stat(file, out StoreStat stat));
        Assert.Equal(2u, stat.Links);
        Ok(store.Stat(_root, "b"u8, out StoreStat other));
        Assert.Equal(stat.Inode, other.Inode);
        file.Dispose();
        Ok(store.Unlink(_root, "a"u8));
        Ok(store.Stat(_root, "b"u8, out stat));
        Assert.Equal(1u, stat.Links);
        Ok(store.MakeDirectory(_root, "d"u8, 0x1C0));
        Assert.Equal(VaultStatus.NotPermitted, store.Link(_root, "d"u8, _root, "e"u8));
    }

    public void Removal_tells_files_from_folders()
    {
        Make("f").Dispose();
        Ok(store.MakeDirectory(_root, "d"u8, 0x1C0));
        Assert.Equal(VaultStatus.IsDirectory, store.Unlink(_root, "d"u8));
        Assert.Equal(VaultStatus.NotDirectory, store.RemoveDirectory(_root, "f"u8));
        Assert.Equal(VaultStatus.NotFound, store.Unlink(_root, "none"u8));
        Ok(store.OpenDirectory(_root, "d"u8, out StoreHandle? below));
        Ok(store.MakeDirectory(below!, "in"u8, 0x1C0));
        Assert.Equal(VaultStatus.NotEmpty, store.RemoveDirectory(_root, "d"u8));
        Ok(store.RemoveDirectory(below!, "in"u8));
        below!.Dispose();
        Ok(store.RemoveDirectory(_root, "d"u8));
        Assert.Equal(VaultStatus.NotFound, store.Stat(_root, "d"u8, out _));
    }

    public void Listing_begins_again_from_any_cookie()
    {
        for (int index = 0; index < 500; index++)
        {
            Make($"file{index:d3}").Dispose();
        }

        var all = new Listing(int.MaxValue);
        Ok(store.List(_root, 0, all));
        Assert.Equal(500, new HashSet<string>(all.Names).Count);
        for (int stop = 1; stop < 500; stop += 37)
        {
            var first = new Listing(stop);
            Ok(store.List(_root, 0, first));
            var rest = new Listing(int.MaxValue);
            Ok(store.List(_root, first.Cookie, rest));
            Assert.Equal(all.Names, [.. first.Names, .. rest.Names]);
        }
    }

    public void A_listing_goes_on_though_its_beginning_is_removed()
    {
        for (int index = 0; index < 100; index++)
        {
            Make($"file{index:d3}").Dispose();
        }

        var first = new Listing(50);
        Ok(store.List(_root, 0, first));
        foreach (string name in first.Names)
        {
            Ok(store.Unlink(_root, Encoding.ASCII.GetBytes(name)));
        }

        var rest = new Listing(int.MaxValue);
        Ok(store.List(_root, first.Cookie, rest));
        Assert.Equal(50, rest.Names.Count);
        Assert.Equal(100, new HashSet<string>([.. first.Names, .. rest.Names]).Count);
    }

    public void A_listing_knows_kinds_and_inodes()
    {
        Ok(store.MakeDirectory(_root, "d"u8, 0x1C0));
        Ok(store.Stat(_root, "d"u8, out StoreStat stat));
        var listing = new Listing(int.MaxValue);
        Ok(store.List(_root, 0, listing));
        Assert.Equal([("d", stat.Inode, NodeKind.Directory)], listing.Entries);
    }

    private static StoreHandle OpenRoot(IBackingStore store, string folder)
    {
        Ok(store.OpenRoot(folder, out StoreHandle? root));
        return root!;
    }

    private static void Ok(VaultStatus status) => Assert.Equal(VaultStatus.Ok, status);

    private StoreHandle Make(string name, uint mode = 0x1A4)
    {
        Ok(store.OpenFile(_root, Encoding.UTF8.GetBytes(name), StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, mode, out StoreHandle? file));
        return file!;
    }

    private sealed class Listing(int stop) : IStoreEntrySink
    {
        internal List<string> Names { get; } = [];

        internal List<(string Name, ulong Inode, NodeKind Kind)> Entries { get; } = [];

        internal ulong Cookie { get; private set; }

        public bool Add(ReadOnlySpan<byte> storedName, ulong inode, NodeKind kind, ulong nextCookie)
        {
            if (Names.Count == stop)
            {
                return false;
            }

            string name = Encoding.UTF8.GetString(storedName);
            Names.Add(name);
            Entries.Add((name, inode, kind));
            Cookie = nextCookie;
            return true;
        }
    }
}
