using System;
using System.Collections.Generic;
using System.Threading;
using SecureVault.Content;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Trail;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Stored;

/// <summary>Closes written files in batches: one sync of the store for all of them, then each file's clean record.</summary>
/// <remarks>
/// One worker thread. A file that is used again comes out by itself: the worker passes over it, and its next last Return
/// brings it back. _gate protects the lists, and _wake from a tick after its end, and is a leaf; the worker takes a SharedContent only without it.
/// </remarks>
internal sealed class CommitQueue : IDisposable
{
    /// <summary>Waiting files beyond which the callers wait, when the store has room for as many: each is an open descriptor and some KiB.</summary>
    /// <remarks>Half of it makes the worker start before its period is over; each start syncs the whole store, which costs those who write meanwhile a tenth.</remarks>
    public const int Most = 8192;

    /// <summary>From the end of one batch to the next.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly ContentContext _context;
    private readonly NodeTable _nodes;
    private readonly FolderHandles _handles;
    private readonly AuditTrail _trail;
    private readonly object _gate = new();
    private readonly Lock _commit = new(); // one batch at a time: worker or Drain
    private readonly AutoResetEvent _wake = new(false);
    private readonly ITimer _period;
    private readonly Thread _worker;
    private readonly int _limit;
    private List<Node> _waiting = [];
    private List<Node> _folders = [];
    private volatile bool _stopping;

    public CommitQueue(ContentContext context, NodeTable nodes, FolderHandles handles, AuditTrail trail)
    {
        _context = context;
        _nodes = nodes;
        _handles = handles;
        _trail = trail;
        _limit = Math.Min(Most, context.Store.OpenLimit / 4); // as many again may be in the worker's hands
        _period = context.Clock.CreateTimer(_ => WakeUnlessStopping(), null, Period, Timeout.InfiniteTimeSpan);
        _worker = new Thread(Work) { IsBackground = true, Name = "commit" };
        _worker.Start();
    }

    /// <summary>What could not be committed.</summary>
    public UnsavedFiles Unsaved { get; } = new();

    /// <summary>Adds a file without users; the caller holds shared's monitor. True when the caller should WaitForRoom after leaving it.</summary>
    public bool Enqueue(Node node, SharedContent shared)
    {
        if (shared.Queued)
        {
            return false;
        }

        shared.Queued = true;
        int count;
        lock (_gate)
        {
            _waiting.Add(node);
            count = _waiting.Count;
        }

        if (count >= _limit / 2)
        {
            _ = _wake.Set();
        }

        return count >= _limit;
    }

    /// <summary>A new folder whose record is not durable yet: the next batch's sync makes it so.</summary>
    public void Enqueue(Node folder)
    {
        lock (_gate)
        {
            _folders.Add(folder);
        }
    }

    /// <summary>Waits, bounded, until the worker has made room. Holds nothing.</summary>
    public void WaitForRoom()
    {
        long start = _context.Clock.GetTimestamp();
        lock (_gate)
        {
            while (_waiting.Count >= _limit && !_stopping && _context.Clock.GetElapsedTime(start) < Period)
            {
                _ = Monitor.Wait(_gate, Period);
            }
        }
    }

    /// <summary>Closes a content without commit; the caller holds shared's monitor.</summary>
    public void Close(Node node, SharedContent shared)
    {
        shared.ClearModified();
        shared.Content!.Dispose();
        shared.Content = null;
        shared.Writable = false;
        _nodes.Unpin(node);
    }

    /// <summary>Commits everything that waits or is still open. Not Ok when some file could not be made clean.</summary>
    public VaultStatus Drain()
    {
        _stopping = true;
        _ = _wake.Set();
        if (_worker != Thread.CurrentThread)
        {
            _worker.Join();
        }

        foreach (Node node in _nodes.All)
        {
            if (node.File is { } shared)
            {
                lock (shared)
                {
                    shared.Users = shared.Content is null ? shared.Users : 0;
                    _ = shared.Content is not null && Enqueue(node, shared);
                }
            }
        }

        VaultStatus status = CommitWaiting();
        return status == VaultStatus.Ok && Unsaved.Any ? VaultStatus.InputOutput : status;
    }

    public void Dispose()
    {
        _period.Dispose(); // does not wait for a tick that is under way
        lock (_gate)
        {
            _stopping = true;
            _wake.Dispose();
        }
    }

    private void WakeUnlessStopping()
    {
        lock (_gate)
        {
            _ = _stopping || _wake.Set();
        }
    }

    private void Work()
    {
        while (!_stopping)
        {
            _ = _wake.WaitOne();
            try
            {
                _ = CommitWaiting();
            }
            catch (Exception e)
            {
                // A bug must not end the drive: what was being committed stays open and is tried again at the end, which then
                // is no clean one.
                Unsaved.Note();
                _trail.Damaged("/", "files could not be committed: " + e);
            }

            _ = _period.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    private VaultStatus CommitWaiting()
    {
        lock (_commit)
        {
            (List<Node> files, List<Node> folders) = Take();
            if (files.Count == 0 && folders.Count == 0)
            {
                return VaultStatus.Ok;
            }

            List<Waiting> batch = Still(files);
            bool durable = _context.Store.SyncAll(_handles.RootHandle) == VaultStatus.Ok;
            foreach (Node folder in folders)
            {
                folder.Folder!.Durable |= durable;
            }

            VaultStatus worst = VaultStatus.Ok;
            foreach (Waiting file in batch)
            {
                VaultStatus status = CommitOne(file, durable);
                worst = status == VaultStatus.Ok ? worst : status;
            }

            return worst;
        }
    }

    // The disk may have room again later: the file waits for the next period, without waking the worker for it.
    private void Keep(Node node, SharedContent shared)
    {
        shared.Queued = true;
        lock (_gate)
        {
            _waiting.Add(node);
        }
    }

    private (List<Node> Files, List<Node> Folders) Take()
    {
        lock (_gate)
        {
            (List<Node>, List<Node>) taken = (_waiting, _folders);
            _waiting = [];
            _folders = [];
            Monitor.PulseAll(_gate);
            return taken;
        }
    }

    // The files that nobody uses now, each with the generation that the sync to come covers.
    private static List<Waiting> Still(List<Node> files)
    {
        var batch = new List<Waiting>(files.Count);
        foreach (Node node in files)
        {
            SharedContent shared = node.File!;
            lock (shared)
            {
                shared.Queued = false;
                if (shared.Users == 0 && shared.Content is not null)
                {
                    batch.Add(new Waiting(node, shared.Generation, shared.Content.Changes));
                }
            }
        }

        return batch;
    }

    private VaultStatus CommitOne(in Waiting file, bool durable)
    {
        Node node = file.Node;
        SharedContent shared = node.File!;
        lock (shared)
        {
            if (shared.Content is null || shared.Users > 0 || shared.Generation != file.Generation || shared.Queued)
            {
                return VaultStatus.Ok;
            }

            VaultStatus status = node.Unlinked ? VaultStatus.Ok : CommitQuietly(shared, durable, file.Changes);
            if (status != VaultStatus.Ok)
            {
                bool last = _stopping;
                Unsaved.Note(node, status, last);
                if (!last)
                {
                    Keep(node, shared);
                    return status;
                }
            }

            Close(node, shared);
            return status;
        }
    }

    // A commit is no change: the file leaves with the times that its users see.
    private VaultStatus CommitQuietly(SharedContent shared, bool durable, ulong changes)
    {
        StoreHandle handle = shared.Content!.Handle;
        var quiet = new QuietWrite(_context.Store, shared, handle);
        VaultStatus status = shared.Content.Commit(durable, changes);
        if (shared.TryGetModified(out FileTime modified) || quiet.TryGetModified(out modified))
        {
            _ = _context.Store.SetTimes(handle, null, false, modified, false);
        }

        quiet.End();
        return status;
    }

    private readonly record struct Waiting(Node Node, long Generation, ulong Changes);
}
