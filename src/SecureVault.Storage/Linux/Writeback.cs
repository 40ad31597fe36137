using System;
using System.Threading;
using SecureVault.Storage.Linux.Native;

namespace SecureVault.Storage.Linux;

/// <summary>A thread that has the kernel begin to write parts of files to the disk: whoever wrote them goes on meanwhile.</summary>
/// <remarks>
/// sync_file_range(2) with SYNC_FILE_RANGE_WRITE finds room on the disk for the part and queues its pages; while the disk's queue is full, it waits. What is
/// asked for meanwhile takes the place of what was asked before, unless it goes on from it: on a disk that cannot keep up most is left to the
/// kernel, which writes when it thinks best. It neither flushes a disk's own cache nor tells what failed: fsync does. Any thread.
/// </remarks>
/// <param name="idle">How long without work its thread lives; a second when null.</param>
internal class Writeback(TimeSpan? idle = null)
{
    private readonly TimeSpan _idle = idle ?? TimeSpan.FromSeconds(1);
    private readonly object _monitor = new();
    private StoreHandle? _file;
    private long _from;
    private long _to;
    private bool _running;

    /// <summary>Whether its thread lives.</summary>
    internal bool Runs
    {
        get
        {
            lock (_monitor)
            {
                return _running;
            }
        }
    }

    internal void Begin(StoreHandle file, long offset, long length)
    {
        lock (_monitor)
        {
            _from = _file == file && _to == offset ? _from : offset;
            (_file, _to) = (file, offset + length);
            if (_running)
            {
                Monitor.Pulse(_monitor);
            }
            else
            {
                Start();
            }
        }
    }

    /// <summary>Queues the part's pages. The writeback's thread.</summary>
    protected virtual void Queue(StoreHandle file, long offset, long length) => _ = LibC.sync_file_range(file, offset, length, Kernel.SYNC_FILE_RANGE_WRITE);

    private void Start()
    {
        try
        {
            new Thread(Serve) { IsBackground = true, Name = "writeback" }.Start();
            _running = true;
        }
        catch (OutOfMemoryException)
        {
            _file = null; // no thread to be had: it was a hint
        }
    }

    private void Serve()
    {
        while (Take(out StoreHandle? file, out long from, out long to))
        {
            try
            {
                Queue(file!, from, to - from);
            }
            catch (ObjectDisposedException)
            {
                // Closed meanwhile.
            }
        }
    }

    /// <summary>False when nothing came for a while: the thread is to end.</summary>
    private bool Take(out StoreHandle? file, out long from, out long to)
    {
        lock (_monitor)
        {
            _ = _file is not null || Monitor.Wait(_monitor, _idle);
            (file, from, to) = (_file, _from, _to);
            _file = null;
            return _running = file is not null;
        }
    }
}
