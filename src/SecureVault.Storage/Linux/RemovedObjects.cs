using System;
using System.Collections.Generic;
using System.Threading;
using SecureVault.Storage.Linux.Native;

namespace SecureVault.Storage.Linux;

/// <summary>
/// Objects whose name was removed, held open for a moment more: the file system frees their blocks when they are let go, which a thread here does
/// while the next name is removed.
/// </summary>
/// <remarks>
/// Any thread. The name is gone when Unlink returns; a crash frees what is held, as it does any file that was removed while open. At most
/// <see cref="Most"/> are held, for about a millisecond each; who asks for the free space, finds none, or syncs the whole store (as a drive's end does), waits for them.
/// </remarks>
internal sealed unsafe class RemovedObjects
{
    internal const int Most = 256;

    /// <summary>Between two looks. To wake the thread for each object would cost whoever removes as much as it saves.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Looks in vain after which the thread ends; the next removal starts another.</summary>
    private const int IdleLooks = 50;

    private readonly object _monitor = new();
    private readonly Queue<int> _held = new(Most);
    private long _added;
    private long _freed;
    private bool _running;

    /// <summary>A descriptor (O_PATH) for what a name is about to lose; below zero where the object is not to outlive its name.</summary>
    /// <remarks>A network's file system would keep the object under another name instead, and then refuse to remove its folder: only local ones known to free it quietly.</remarks>
    internal static int Open(StoreHandle parent, byte* name)
    {
        statfs_t raw;
        bool known = LibC.fstatfs(parent, &raw) == 0 && raw.f_type is Kernel.EXT4_SUPER_MAGIC or Kernel.XFS_SUPER_MAGIC or Kernel.BTRFS_SUPER_MAGIC;
        return known ? LibC.openat(parent, name, Kernel.O_PATH | Kernel.O_NOFOLLOW | Kernel.O_CLOEXEC, 0) : -1;
    }

    /// <summary>Takes a descriptor that <see cref="Open"/> gave, and lets it go soon.</summary>
    internal void Add(int descriptor)
    {
        if (descriptor >= 0 && !Hold(descriptor))
        {
            _ = LibC.close(descriptor);
        }
    }

    /// <summary>Returns when everything added before has been let go.</summary>
    internal void Settle()
    {
        lock (_monitor)
        {
            long last = _added;
            while (_freed < last)
            {
                Monitor.PulseAll(_monitor);
                _ = Monitor.Wait(_monitor);
            }
        }
    }

    private bool Hold(int descriptor)
    {
        lock (_monitor)
        {
            if (_held.Count == Most || !(_running || Start()))
            {
                return false;
            }

            _held.Enqueue(descriptor);
            _added++;
            return true;
        }
    }

    /// <summary>False when the system has no thread to give.</summary>
    private bool Start()
    {
        try
        {
            new Thread(Serve) { IsBackground = true, Name = "removed objects" }.Start();
            return _running = true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }

    private void Serve()
    {
        var batch = new List<int>(Most);
        while (Take(batch))
        {
            foreach (int descriptor in batch)
            {
                _ = LibC.close(descriptor);
            }

            Freed(batch.Count);
        }
    }

    /// <summary>False when nothing came for a while: the thread is to end.</summary>
    private bool Take(List<int> batch)
    {
        batch.Clear();
        lock (_monitor)
        {
            for (int look = 0; look == 0 || (_held.Count == 0 && look <= IdleLooks); look++)
            {
                _ = Monitor.Wait(_monitor, Pause);
            }

            while (_held.TryDequeue(out int descriptor))
            {
                batch.Add(descriptor);
            }

            return _running = batch.Count > 0;
        }
    }

    private void Freed(int count)
    {
        lock (_monitor)
        {
            _freed += count;
            Monitor.PulseAll(_monitor);
        }
    }
}
