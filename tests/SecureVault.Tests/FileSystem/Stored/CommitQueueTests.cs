using System;
using System.Collections.Generic;
using System.Threading;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Stored;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Tests.FileSystem.Namespace;
using SecureVault.Tests.Storage;
using Xunit;

namespace SecureVault.Tests.FileSystem.Stored;

/// <summary>How many closed files wait open for their clean records, how often the store is synced for them, and that it does not show in their times.</summary>
public sealed class CommitQueueTests
{
    private const int EachWakes = 8; // so few files may be open that each closed one wakes the worker

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
        for (int i = 0; i < Files; i++)
        {
            drive.Write($"/{i}", "text");
        }

        drive.Clock.Advance(CommitQueue.Period - TimeSpan.FromTicks(1));
        Assert.Equal((0, Files), (store.Syncs, store.Open));
        drive.Clock.Advance(TimeSpan.FromTicks(1));
        AwaitCommit(store);
        Assert.Equal(1, store.Syncs);
    }

    [Fact]
    public void Neither_an_fsync_nor_a_commit_changes_a_file_and_a_new_mode_does()
    {
        var store = new WatchedStore(EachWakes);
        using var drive = new TestDrive(store);
        drive.Clock.Advance(DateTimeOffset.UtcNow - drive.Clock.GetUtcNow() - TimeSpan.FromHours(1)); // the store's own clock decides
        NodeId node = drive.Write("/f", "text");
        (FileTime Changed, FileTime Modified) made = Times(drive, node);
        Assert.Equal(made, TimesAfterCommit(drive, store, node));

        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, node, OpenIntent.Write, out OpenFile? file, out _));
        FileClock.Tick();
        Assert.Equal(VaultStatus.Ok, file!.Write(2, "ES and more"u8, out _));
        (FileTime Changed, FileTime Modified) written = Times(drive, node);
        Assert.NotEqual(made, written);
        FileClock.Tick();
        Assert.Equal(VaultStatus.Ok, file.Sync(dataOnly: false));
        Assert.Equal(written, Times(drive, node));
        file.Release();
        Assert.Equal(written, TimesAfterCommit(drive, store, node));

        FileClock.Tick();
        Assert.Equal(VaultStatus.Ok, drive.Files.SetAttributes(drive.Me, node, null, new AttributeChange { Mode = 0x1A0 }, out NodeAttributes changed));
        Assert.NotEqual(written.Changed, changed.Changed);
        Assert.Equal(written.Modified, changed.Modified);
    }

    [Fact]
    public void Overwriting_is_a_change_also_while_the_block_is_in_the_journal()
    {
        var store = new WatchedStore(EachWakes);
        using var drive = new TestDrive(store);
        NodeId node = drive.Write("/f", "text");
        _ = TimesAfterCommit(drive, store, node);
        drive.Clock.Advance(TimeSpan.FromHours(1)); // years after the store's own clock, which an overwrite does not move
        Assert.Equal(VaultStatus.Ok, drive.Files.Open(drive.Me, node, OpenIntent.Write, out OpenFile? file, out _));
        Assert.Equal(VaultStatus.Ok, file!.Write(0, "T"u8, out _));
        (FileTime changed, FileTime modified) = Times(drive, node);
        Assert.Equal(drive.Clock.GetUtcNow().ToUnixTimeSeconds(), changed.Seconds);
        Assert.Equal(modified, changed);
        file.Release();
        Assert.Equal((changed, modified), TimesAfterCommit(drive, store, node));
    }

    [Theory]
    [InlineData(VaultStatus.InputOutput, VaultStatus.InputOutput)]
    [InlineData(VaultStatus.NoSpace, VaultStatus.Ok)]
    public void What_the_disk_lost_once_is_not_saved_when_the_next_sync_succeeds_and_want_of_room_loses_nothing(VaultStatus refusal, VaultStatus end)
    {
        var store = new FailingStore { Refusal = refusal };
        using var drive = new TestDrive(store) { AtEnd = end };
        drive.Write("/f", "text");
        drive.Clock.Advance(CommitQueue.Period);
        Patience.Until(() => store.Refused > 0 && (end == VaultStatus.Ok || drive.Files.Unsaved.Count > 0), "a commit that fails");
        store.Refusal = VaultStatus.Ok;
        Assert.Equal(end == VaultStatus.Ok ? [] : ["/f"], drive.Files.Unsaved);
    }

    private static (FileTime Changed, FileTime Modified) Times(TestDrive drive, NodeId node)
    {
        Assert.Equal(VaultStatus.Ok, drive.Files.GetAttributes(node, out NodeAttributes attributes));
        return (attributes.Changed, attributes.Modified);
    }

    private static (FileTime Changed, FileTime Modified) TimesAfterCommit(TestDrive drive, WatchedStore store, NodeId node)
    {
        FileClock.Tick();
        AwaitCommit(store);
        return Times(drive, node);
    }

    private static void AwaitCommit(WatchedStore store) => Patience.Until(() => store.Open == 0, "the commit of what was closed");

    /// <summary>A disk that takes no sync.</summary>
    private sealed class FailingStore : DelegatingStore
    {
        private int _refused;

        public VaultStatus Refusal { get; set; }

        public int Refused => Volatile.Read(ref _refused);

        public override VaultStatus Sync(StoreHandle handle, bool dataOnly) => Refuse() ?? base.Sync(handle, dataOnly);

        public override VaultStatus SyncAll(StoreHandle directory) => Refuse() ?? base.SyncAll(directory);

        private VaultStatus? Refuse()
        {
            _ = Interlocked.Increment(ref _refused);
            return Refusal == VaultStatus.Ok ? null : Refusal;
        }
    }

    /// <summary>Counts open files and syncs of the whole store.</summary>
    private sealed class WatchedStore(int limit) : DelegatingStore
    {
        private readonly List<StoreHandle> _files = [];
        private int _syncs;

        public override int OpenLimit => limit;

        public int Syncs => Volatile.Read(ref _syncs);

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
            _ = Interlocked.Increment(ref _syncs);
            return VaultStatus.Ok; // a busy disk's sync would hold up what is tested
        }
    }
}
