using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Threading;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>The open files that were written since their last flush: what SyncAll has to make durable.</summary>
/// <remarks>
/// <para>Windows flushes a whole volume for administrators only, so the store knows what it wrote and flushes file by file.</para>
/// <para>
/// Why this keeps FORMAT.md's rule (a file's record is changed only when all it vouches for is durable): a caller relies on SyncAll for writes
/// that had returned before it. Such a write was noted before it returned; its file is then among those SyncAll flushes, or was flushed since,
/// or was closed, and closing flushes first. What a flush at closing could not write fails the next SyncAll, so that no record vouches for it.
/// A name needs no flush of its own: NTFS journals names in the order they were made, and flushing a file carries its journal that far.
/// </para>
/// <para>_gate protects the set and the handles' Unflushed. A leaf: nothing is flushed under it.</para>
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed unsafe class DirtyFiles
{
    private readonly Lock _gate = new();
    private readonly HashSet<WindowsHandle> _files = [];
    private int _lost;

    /// <summary>Called after a write and before it is answered.</summary>
    internal void Wrote(WindowsHandle file)
    {
        if (file.Unflushed)
        {
            return;
        }

        lock (_gate)
        {
            file.Unflushed = true;
            _ = _files.Add(file);
        }
    }

    /// <summary>Flushes one file or folder, written or not.</summary>
    internal VaultStatus Flush(WindowsHandle file)
    {
        bool unflushed = Forget(file);
        IO_STATUS_BLOCK io;
        int status = NtDll.NtFlushBuffersFile(file, &io);
        if (unflushed && !NtStatus.IsOk(status) && !IsGone(status))
        {
            Wrote(file);
        }

        return IsGone(status) ? VaultStatus.Ok : NtStatus.ToStatus(status);
    }

    /// <summary>Makes durable what had been written when this was called. Not Ok, once, when a file was closed whose last flush failed.</summary>
    internal VaultStatus FlushAll()
    {
        List<WindowsHandle> files = Hold();
        VaultStatus worst = Interlocked.Exchange(ref _lost, 0) == 0 ? VaultStatus.Ok : VaultStatus.InputOutput;
        foreach (WindowsHandle file in files)
        {
            VaultStatus status = Flush(file);
            worst = worst == VaultStatus.Ok ? status : worst;
            file.DangerousRelease();
        }

        return worst;
    }

    /// <summary>The last moment of a handle: nobody else uses it any more.</summary>
    internal void Closing(WindowsHandle file, nint handle)
    {
        if (Forget(file))
        {
            IO_STATUS_BLOCK io;
            int status = NtDll.NtFlushBuffersFile(handle, &io);
            if (!NtStatus.IsOk(status) && !IsGone(status))
            {
                Volatile.Write(ref _lost, 1);
            }
        }
    }

    /// <summary>The written files, kept from being closed. One that is closing flushes itself.</summary>
    private List<WindowsHandle> Hold()
    {
        lock (_gate)
        {
            var held = new List<WindowsHandle>(_files.Count);
            foreach (WindowsHandle file in _files)
            {
                bool holds = false;
                try
                {
                    file.DangerousAddRef(ref holds);
                    held.Add(file);
                }
                catch (ObjectDisposedException)
                {
                    continue;
                }
            }

            return held;
        }
    }

    /// <summary>Takes a file out of the set. True when it was written since its last flush.</summary>
    private bool Forget(WindowsHandle file)
    {
        lock (_gate)
        {
            bool unflushed = file.Unflushed;
            file.Unflushed = false;
            return unflushed && _files.Remove(file);
        }
    }

    /// <summary>A file without a name left has nothing to keep.</summary>
    private static bool IsGone(int status) => unchecked((uint)status) is NtStatus.STATUS_FILE_DELETED or NtStatus.STATUS_DELETE_PENDING;
}
