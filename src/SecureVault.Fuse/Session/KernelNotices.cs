using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Session;

/// <summary>What the drive tells the kernel unasked, from a thread of its own: within the write the kernel waits for pages that requests under way are filling, so neither who serves one nor who holds a lock may make it.</summary>
/// <remarks>Any thread may ask, one that serves a request too. Owns the descriptor. Run ends after Stop.</remarks>
/// <param name="descriptor">A clone of the connection's; -1: the kernel gives none, and is told nothing.</param>
internal sealed class KernelNotices(int descriptor, IFuseLog log)
{
    // EBUSY: a page was in use just then, by a splice or by a device.
    private const int MostRetries = 20;
    private const int RetryMilliseconds = 50;

    /// <summary>Protects what is asked for and the stop. A leaf: the kernel is told without it.</summary>
    private readonly object _gate = new();
    private readonly HashSet<ulong> _asked = [];
    private bool _stopped;

    /// <summary>Drops all cached pages of a file, soon. FUSE_NOTIFY_INVAL_INODE, fs/fuse/inode.c fuse_reverse_inval_inode.</summary>
    public void DropPages(NodeId node)
    {
        lock (_gate)
        {
            _ = _asked.Add(node.Value);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Says no more. Does not wait.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>The thread.</summary>
    public void Run()
    {
        while (Next() is { } nodes)
        {
            foreach (ulong node in nodes)
            {
                Tell(node);
            }
        }

        _ = LibC.close(descriptor);
    }

    /// <summary>Waits until something is asked for; null after Stop.</summary>
    private ulong[]? Next()
    {
        lock (_gate)
        {
            while (_asked.Count == 0 && !_stopped)
            {
                _ = Monitor.Wait(_gate);
            }

            ulong[] nodes = [.. _asked];
            _asked.Clear();
            return _stopped ? null : nodes;
        }
    }

    private void Tell(ulong node)
    {
        int errno = Send(node);
        for (int again = 0; errno == Errno.EBUSY && again < MostRetries; again++)
        {
            lock (_gate)
            {
                _ = _stopped || Monitor.Wait(_gate, RetryMilliseconds);
            }

            errno = Send(node);
        }

        // ENOENT: the kernel has none of it. The others: the drive is gone.
        if (errno is not (0 or Errno.ENOENT or Errno.ENODEV or Errno.ENOTCONN or Errno.ECONNABORTED))
        {
            log.Trouble($"The kernel could not drop the pages of a file that somebody lost a right to: {Mount.MountRequest.ErrorText(errno)}.");
        }
    }

    private unsafe int Send(ulong node)
    {
        var notice = new InvalidateInode
        {
            Header = new fuse_out_header { len = (uint)sizeof(InvalidateInode), error = fuse_notify_inval_inode_out.Code },
            Body = new fuse_notify_inval_inode_out { ino = node },
        };
        return LibC.write(descriptor, (byte*)&notice, (nuint)sizeof(InvalidateInode)) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct InvalidateInode
    {
        public fuse_out_header Header;
        public fuse_notify_inval_inode_out Body;
    }
}
