using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Storage;
using SecureVault.FileSystem.Storage.Linux;
using Xunit;

namespace SecureVault.Tests.FileSystem.Storage;

public sealed class WritebackTests : IDisposable
{
    private readonly LinuxStore _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("writeback-").FullName;
    private readonly StoreHandle _root;

    public WritebackTests()
    {
        Assert.Equal(VaultStatus.Ok, _store.OpenRoot(_folder, out StoreHandle? root));
        _root = root!;
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

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
        for (int round = 0; round < 300; round++)
        {
            StoreHandle file = Make($"file {round}");
            _store.BeginWriteback(file, 0, 1 << 20);
            file.Dispose();
        }

        Assert.Equal(300, Directory.GetFiles(_folder).Count(path => new FileInfo(path).Length == 1 << 16));
    }

    [Fact]
    public void It_goes_on_after_a_time_without_work()
    {
        using StoreHandle file = Make("file");
        using var disk = new BusyDisk();
        for (int round = 0; round < 2; round++)
        {
            disk.Begin(file, 0, 10);
            disk.AwaitWork();
            disk.Serve();
            Thread.Sleep(1500); // its thread ends after a second
        }
    }

    private StoreHandle Make(string name)
    {
        Assert.Equal(VaultStatus.Ok, _store.OpenFile(_root, System.Text.Encoding.UTF8.GetBytes(name), StoreOpen.ReadWrite | StoreOpen.Create, 0x180, out StoreHandle? file));
        Assert.Equal(VaultStatus.Ok, _store.WriteAt(file!, new byte[1 << 16], 0, out _));
        return file!;
    }

    /// <summary>Takes one part at a time, and is busy with it until told otherwise.</summary>
    private sealed class BusyDisk : Writeback, IDisposable
    {
        private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

        private readonly SemaphoreSlim _began = new(0);
        private readonly SemaphoreSlim _served = new(0);

        internal ConcurrentQueue<(StoreHandle File, long Offset, long Length)> Asked { get; } = [];

        internal void AwaitWork() => Assert.True(_began.Wait(Long));

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
            _ = _served.Wait(Long);
        }
    }
}
