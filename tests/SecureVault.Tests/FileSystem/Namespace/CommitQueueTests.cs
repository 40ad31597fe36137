using System;
using System.Collections.Generic;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Storage;
using SecureVault.Tests.FileSystem.Storage;
using Xunit;

namespace SecureVault.Tests.FileSystem.Namespace;

/// <summary>How many closed files wait open for their clean records, and how often the store is synced for them.</summary>
public sealed class CommitQueueTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(20)]
    public void Waiting_files_keep_within_half_of_what_may_be_open(int limit)
    {
        const int Files = 400;
        var store = new WatchedStore(limit);
        using var drive = new TestDrive(store);
        int most = 0;
        for (int i = 0; i < Files; i++)
        {
            drive.Write($"/{i}", "text");
            most = Math.Max(most, store.Open);
        }

        Assert.InRange(most, 1, limit / 2);
        for (int i = 0; i < Files; i++)
        {
            Assert.Equal("text", drive.Read($"/{i}"));
        }
    }

    [Fact]
    public void A_rush_of_files_is_synced_once_in_a_period_and_not_by_its_number()
    {
        const int Files = 1300;
        var store = new WatchedStore(int.MaxValue);
        using var drive = new TestDrive(store);
        long start = Environment.TickCount64;
        for (int i = 0; i < Files; i++)
        {
            drive.Write($"/{i}", "text");
        }

        // The periods of two seconds that can have ended meanwhile.
        Assert.InRange(store.Syncs, 0, 1 + (Environment.TickCount64 - start) / 2000);
    }

    /// <summary>Counts open files and syncs of the whole store.</summary>
    private sealed class WatchedStore(int limit) : DelegatingStore
    {
        private readonly List<StoreHandle> _files = [];
        private int _syncs;

        public override int OpenLimit => limit;

        public int Syncs => System.Threading.Volatile.Read(ref _syncs);

        public int Open
        {
            get
            {
                lock (_files)
                {
                    _ = _files.RemoveAll(file => file.IsClosed);
                    return _files.Count;
                }
            }
        }

        public override VaultStatus OpenFile(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file)
        {
            VaultStatus status = base.OpenFile(directory, name, open, mode, out file);
            if (file is not null)
            {
                lock (_files)
                {
                    _files.Add(file);
                }
            }

            return status;
        }

        public override VaultStatus SyncAll(StoreHandle directory)
        {
            _ = System.Threading.Interlocked.Increment(ref _syncs);
            return VaultStatus.Ok; // a busy disk's sync would hold up what is tested
        }
    }
}
