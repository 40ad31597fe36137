using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using SecureVault.Storage;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.FileSystem.Contract;

/// <summary>What every backing store does with files, on every system: one method a case, each over an empty folder of its own.</summary>
public sealed class StoreFileContract(IBackingStore store, string folder) : IDisposable
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
        store.BeginWriteback(first, 0, 4096);
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
        using var asks = new ManualResetEventSlim();
        Task<VaultStatus> waiting = Task.Factory.StartNew(() => Ask(asks, file), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Patience.Until(asks, "the thread that asks for the lock");
        Assert.False(waiting.Wait(TimeSpan.FromMilliseconds(50)));
        second!.Dispose();
        Ok(Patience.Of(waiting, "the lock that was given back"));
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
        SideBySide.Run(8, worker =>
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
        Allocations.Hold("store.read-write-stat", () =>
        {
            store.WriteAt(file, bytes, 0, out _);
            store.ReadAt(file, bytes, 0, out _);
            store.Stat(file, out _);
        });
    }

    private static StoreHandle OpenRoot(IBackingStore store, string folder)
    {
        Ok(store.OpenRoot(folder, out StoreHandle? root));
        return root!;
    }

    private static void Ok(VaultStatus status) => Assert.Equal(VaultStatus.Ok, status);

    private VaultStatus Ask(ManualResetEventSlim asks, StoreHandle file)
    {
        asks.Set();
        return store.Lock(file, wait: true);
    }

    private StoreHandle Make(string name, uint mode = 0x1A4)
    {
        Ok(store.OpenFile(_root, Encoding.UTF8.GetBytes(name), StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, mode, out StoreHandle? file));
        return file!;
    }
}
