using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using Xunit;

namespace SecureVault.Tests.Storage;

public sealed class WritebackTests : LinuxStoreFolder
{
    [Fact]
    public void While_the_disk_is_busy_what_goes_on_is_joined_and_what_does_not_takes_its_place()
    {
        using StoreHandle one = Make("one");
        using StoreHandle other = Make("other");
        using var disk = new BusyDisk();
        disk.Begin(one, 0, 10);
        disk.AwaitWork();
        disk.Begin(one, 10, 10);
        disk.Begin(one, 20, 10);
        disk.Serve();
        disk.AwaitWork();
        disk.Begin(one, 40, 10);
        disk.Begin(other, 50, 10);
        disk.Serve();
        disk.AwaitWork();
        disk.Serve();
        Assert.Equal([(one, 0, 10), (one, 10, 20), (other, 50, 10)], disk.Asked.ToArray());
    }

    [Fact]
    public void A_file_that_was_closed_meanwhile_does_no_harm()
    {
        StoreHandle closed = Make("closed");
        using StoreHandle file = Make("file");
        using var disk = new BusyDisk();
        disk.Begin(closed, 0, 1 << 20);
        disk.AwaitWork();
        closed.Dispose();
        disk.Serve();
        disk.Begin(file, 0, 1 << 20);
        disk.AwaitWork();
        disk.Serve();
        Assert.Equal([(closed, 0, 1 << 20), (file, 0, 1 << 20)], disk.Asked.ToArray());
        Assert.Equal([1 << 16, 1 << 16], Directory.GetFiles(Folder).Select(path => new FileInfo(path).Length));
    }

    [Fact]
    public void It_goes_on_after_a_time_without_work()
    {
        using StoreHandle file = Make("file");
        using var disk = new BusyDisk(TimeSpan.FromMilliseconds(1));
        disk.Begin(file, 0, 10);
        disk.AwaitWork();
        disk.Serve();
        Patience.Until(() => !disk.Runs, "the end of its thread");
        disk.Begin(file, 0, 10);
        disk.AwaitWork();
        disk.Serve();
        Assert.Equal(2, disk.Asked.Count);
    }

    private StoreHandle Make(string name)
    {
        Assert.Equal(VaultStatus.Ok, Store.OpenFile(Root, System.Text.Encoding.UTF8.GetBytes(name), StoreOpen.ReadWrite | StoreOpen.Create, 0x180, out StoreHandle? file));
        Assert.Equal(VaultStatus.Ok, Store.WriteAt(file!, new byte[1 << 16], 0, out _));
        return file!;
    }

    /// <summary>Takes one part at a time, and is busy until told otherwise before it passes it to the kernel.</summary>
    private sealed class BusyDisk(TimeSpan? idle = null) : Writeback(idle), IDisposable
    {
        private readonly SemaphoreSlim _began = new(0);
        private readonly SemaphoreSlim _served = new(0);

        internal ConcurrentQueue<(StoreHandle File, long Offset, long Length)> Asked { get; } = [];

        internal void AwaitWork() => Patience.Until(_began, "the disk's next work");

        internal void Serve() => _served.Release();

        public void Dispose()
        {
            _began.Dispose();
            _served.Dispose();
        }

        protected override void Queue(StoreHandle file, long offset, long length)
        {
            Asked.Enqueue((file, offset, length));
            _ = _began.Release();
            _ = _served.Wait(Patience.Long);
            base.Queue(file, offset, length);
        }
    }
}
