using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Storage;
using Xunit;

namespace SecureVault.Tests.FileSystem.Contract;

/// <summary>What every backing store does, on every system: one method a case, each over an empty folder of its own.</summary>
public sealed class StoreContract(IBackingStore store, string folder) : IDisposable
{
    private readonly StoreHandle _root = OpenRoot(store, folder);

    public void Dispose() => _root.Dispose();

    public void Files_are_read_written_and_sized()
    {
        using StoreHandle file = Make("f");
        Ok(store.WriteAt(file, "hello"u8, 10_000, out int written));
        Assert.Equal(5, written);
        byte[] bytes = new byte[8];
        Ok(store.ReadAt(file, bytes, 9_998, out int read));
        Assert.Equal(7, read);
        Assert.Equal("\0\0hello", Encoding.ASCII.GetString(bytes, 0, 7));
        Ok(store.ReadAt(file, bytes, 10_005, out read));
        Assert.Equal(0, read);
        Ok(store.ReadAt(file, bytes, 1L << 40, out read));
        Assert.Equal(0, read);
        Ok(store.SetSize(file, 20_000));
        Ok(store.Stat(file, out StoreStat stat));
        Assert.Equal((20_000, NodeKind.File, 1u), (stat.Size, stat.Kind, stat.Links));
        Ok(store.SetSize(file, 3));
        Ok(store.ReadAt(file, bytes, 0, out read));
        Assert.Equal(3, read);
        Ok(store.SetSize(file, 1L << 32));
        Ok(store.WriteAt(file, "end"u8, (1L << 32) - 3, out _));
        Ok(store.ReadAt(file, bytes, (1L << 32) - 5, out read));
        Assert.Equal("\0\0end", Encoding.ASCII.GetString(bytes, 0, read));
        Ok(store.ReadAt(file, bytes, 1L << 31, out read));
        Assert.Equal(new byte[8], bytes);
    }

    public void Writes_are_made_durable_one_by_one_and_together()
    {
        StoreHandle first = Make("f");
        using StoreHandle second = Make("g");
        Ok(store.WriteAt(first, "one"u8, 0, out _));
        Ok(store.WriteAt(second, "two"u8, 0, out _));
        Ok(store.Sync(first, dataOnly: false));
        Ok(store.Sync(first, dataOnly: true));
        Ok(store.Sync(_root, dataOnly: false));
        Ok(store.WriteAt(first, "1"u8, 0, out _));
        first.Dispose();
        Ok(store.SyncAll(_root));
        Ok(store.WriteAt(second, "2"u8, 0, out _));
        Ok(store.Unlink(_root, "g"u8));
        Ok(store.SyncAll(_root));
    }

    public void A_hole_reads_as_zeros_or_is_not_made()
    {
        using StoreHandle file = Make("f");
        byte[] ones = new byte[1 << 20];
        Array.Fill(ones, (byte)1);
        Ok(store.WriteAt(file, ones, 0, out _));
        VaultStatus status = store.PunchHole(file, 1 << 16, 1 << 19);
        Assert.True(status is VaultStatus.Ok or VaultStatus.NotSupported, $"{status}");
        byte[] bytes = new byte[1 << 20];
        Ok(store.ReadAt(file, bytes, 0, out int read));
        Assert.Equal(bytes.Length, read);
        if (status == VaultStatus.Ok)
        {
            Array.Clear(ones, 1 << 16, 1 << 19);
        }

        Assert.True(bytes.AsSpan().SequenceEqual(ones));
        Ok(store.Stat(file, out StoreStat stat));
        Assert.Equal(1 << 20, stat.Size);
    }

    public void Space_is_reserved_beyond_the_end_or_with_it()
    {
        using StoreHandle file = Make("f");
        Ok(store.WriteAt(file, "data"u8, 0, out _));
        VaultStatus status = store.Allocate(file, 0, 30_000, keepSize: true);
        Assert.True(status is VaultStatus.Ok or VaultStatus.NotSupported, $"{status}");
        Ok(store.Stat(file, out StoreStat stat));
        Assert.Equal(4, stat.Size);
        Ok(store.Allocate(file, 0, 2, keepSize: false));
        Ok(store.Stat(file, out stat));
        Assert.Equal(4, stat.Size);
        Ok(store.Allocate(file, 0, 30_000, keepSize: false));
        Ok(store.Stat(file, out stat));
        Assert.Equal(30_000, stat.Size);
    }

    public void Data_and_holes_are_found()
    {
        using StoreHandle file = Make("f");
        Ok(store.SetSize(file, 10 << 20));
        Ok(store.WriteAt(file, "x"u8, 5 << 20, out _));
        Ok(store.Seek(file, SeekKind.Data, 0, out long found));
        Assert.InRange(found, 0, 5 << 20);
        Ok(store.Seek(file, SeekKind.Data, 5 << 20, out found));
        Assert.Equal(5 << 20, found);
        Ok(store.Seek(file, SeekKind.Hole, 5 << 20, out found));
        Assert.InRange(found, (5 << 20) + 1, 10 << 20);
        Assert.Equal(VaultStatus.NoSuchOffset, store.Seek(file, SeekKind.Data, 11 << 20, out _));
        Assert.Equal(VaultStatus.NoSuchOffset, store.Seek(file, SeekKind.Hole, 10 << 20, out _));
    }

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

    public void Appended_writes_go_to_the_end()
    {
        using (StoreHandle file = Make("f"))
        {
            Ok(store.WriteAt(file, "abc"u8, 0, out _));
        }

        Ok(store.OpenFile(_root, "f"u8, StoreOpen.ReadWrite | StoreOpen.Append, 0, out StoreHandle? end));
        using (end)
        {
            Ok(store.WriteAt(end!, "de"u8, 0, out _));
            byte[] bytes = new byte[8];
            Ok(store.ReadAt(end!, bytes, 0, out int read));
            Assert.Equal("abcde", Encoding.ASCII.GetString(bytes, 0, read));
        }
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

    public void A_lock_excludes_other_opens_until_it_ends()
    {
        using StoreHandle file = Make("f");
        Ok(store.WriteAt(file, "note"u8, 0, out _));
        Ok(store.OpenFile(_root, "f"u8, StoreOpen.ReadWrite, 0, out StoreHandle? second));
        Ok(store.Lock(file, wait: false));
        Assert.Equal(VaultStatus.Busy, store.Lock(second!, wait: false));
        byte[] bytes = new byte[4];
        Ok(store.ReadAt(second!, bytes, 0, out _));
        Ok(store.WriteAt(second!, "NOTE"u8, 0, out _));
        Ok(store.Unlock(file));
        Ok(store.Lock(second!, wait: false));
        Task<VaultStatus> waiting = Task.Run(() => store.Lock(file, wait: true));
        Assert.False(waiting.Wait(TimeSpan.FromMilliseconds(200)));
        second!.Dispose();
        Assert.True(waiting.Wait(TimeSpan.FromSeconds(20)));
        Ok(waiting.Result);
        Ok(store.OpenFile(_root, "f"u8, StoreOpen.Read, 0, out StoreHandle? reader));
        using (reader)
        {
            Assert.Equal(VaultStatus.Busy, store.Lock(reader!, wait: false));
        }
    }

    public void Times_are_set_left_and_moved_on()
    {
        using StoreHandle file = Make("f");
        Ok(store.Stat(file, out StoreStat before));
        var modified = new FileTime(1_000_000_000, 123_456_700);
        Ok(store.SetTimes(file, null, accessedNow: false, modified, modifiedNow: false));
        Ok(store.Stat(file, out StoreStat after));
        Assert.Equal((modified, before.Accessed), (after.Modified, after.Accessed));
        Assert.True(after.Changed.Seconds >= before.Changed.Seconds);
        var accessed = new FileTime(1_500_000_000, 0);
        Ok(store.SetTimes(_root, "f"u8, accessed, accessedNow: false, null, modifiedNow: false));
        Ok(store.Stat(_root, "f"u8, out after));
        Assert.Equal((modified, accessed), (after.Modified, after.Accessed));
        Ok(store.SetTimes(_root, "f"u8, null, accessedNow: true, null, modifiedNow: true));
        Ok(store.Stat(file, out after));
        Assert.True(after.Modified.Seconds >= before.Modified.Seconds && after.Accessed.Seconds >= before.Accessed.Seconds);
        Ok(store.SetTimes(_root, null, accessedNow: false, modified, modifiedNow: false));
        Ok(store.Stat(_root, out after));
        Assert.Equal(modified, after.Modified);
    }

    public void A_file_without_the_write_bit_is_still_written_and_removed()
    {
        Make("f", 0x124).Dispose();
        Make("g").Dispose();
        Ok(store.Stat(_root, "f"u8, out StoreStat stat));
        Assert.Equal(0x124u, stat.Mode);
        Ok(store.OpenFile(_root, "f"u8, StoreOpen.ReadWrite, 0, out StoreHandle? file));
        using (file)
        {
            Ok(store.WriteAt(file!, "x"u8, 0, out _));
            Ok(store.Stat(file!, out stat));
            Assert.Equal(0x124u, stat.Mode);
            Ok(store.SetMode(file!, 0x1B6));
            Ok(store.Stat(_root, "f"u8, out stat));
            Assert.Equal(0x1B6u, stat.Mode);
        }

        Ok(store.SetMode(_root, "f"u8, 0x124));
        Ok(store.Rename(_root, "g"u8, _root, "f"u8, RenameKind.Replace));
        Ok(store.SetMode(_root, "f"u8, 0x124));
        Ok(store.Rename(_root, "f"u8, _root, "h"u8, RenameKind.NoReplace));
        Ok(store.Unlink(_root, "h"u8));
        Assert.Equal(VaultStatus.NotFound, store.Stat(_root, "h"u8, out _));
    }

    public void Owners_and_statistics_go_through()
    {
        using StoreHandle file = Make("f");
        Ok(store.Stat(file, out StoreStat before));
        Ok(store.SetOwner(file, before.Uid, null));
        Ok(store.SetOwner(_root, "f"u8, null, before.Gid));
        Ok(store.GetStatistics(_root, out StoreStatistics statistics));
        Assert.True(statistics.Blocks > 0 && statistics.BlockSize > 0 && statistics.NameLength >= 255);
        Assert.Equal(VaultStatus.NoAttribute, store.GetXattr(file, "user.a"u8, new byte[5], out _));
        Assert.Equal(VaultStatus.NoAttribute, store.RemoveXattr(file, "user.a"u8));
    }

    public void Several_threads_use_one_handle()
    {
        using StoreHandle file = Make("f");
        Parallel.For(0, 8, worker =>
        {
            byte[] bytes = new byte[4096];
            for (int round = 0; round < 50; round++)
            {
                Array.Fill(bytes, (byte)(worker + round));
                Ok(store.WriteAt(file, bytes, worker * 4096L, out _));
                Array.Clear(bytes);
                Ok(store.ReadAt(file, bytes, worker * 4096L, out int read));
                Assert.Equal(4096, read);
                Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)(worker + round)));
                Ok(round % 10 == 0 ? store.SyncAll(_root) : VaultStatus.Ok);
            }
        });
    }

    public void Reading_writing_and_stat_allocate_nothing()
    {
        using StoreHandle file = Make("f");
        byte[] bytes = new byte[4096];
        void Work()
        {
            store.WriteAt(file, bytes, 0, out _);
            store.ReadAt(file, bytes, 0, out _);
            store.Stat(file, out _);
        }

        for (int round = 0; round < 100; round++)
        {
            Work();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 100; round++)
        {
            Work();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
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
