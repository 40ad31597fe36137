using System.Runtime.InteropServices;
using System.Threading;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Session;

/// <summary>What the drive tells the kernel unasked.</summary>
/// <remarks>
/// Any thread but one that serves a request: the kernel waits for requests under way that have the page, and so would such a thread for itself.
/// </remarks>
/// <param name="descriptor">The connection's; not closed before Stop.</param>
internal sealed class KernelNotices(int descriptor)
{
    /// <summary>Held while the kernel is told, so that the descriptor is not closed meanwhile. A leaf.</summary>
    private readonly Lock _telling = new();
    private bool _stopped;

    /// <summary>Drops all cached pages of a file; a kernel that has none of it is none the worse. FUSE_NOTIFY_INVAL_INODE, fs/fuse/inode.c fuse_reverse_inval_inode.</summary>
    public unsafe void DropPages(ulong node)
    {
        var notice = new InvalidateInode
        {
            Header = new fuse_out_header { len = (uint)sizeof(InvalidateInode), error = fuse_notify_inval_inode_out.Code },
            Body = new fuse_notify_inval_inode_out { ino = node },
        };
        lock (_telling)
        {
            if (!_stopped)
            {
                _ = LibC.write(descriptor, (byte*)&notice, (nuint)sizeof(InvalidateInode));
            }
        }
    }

    /// <summary>Says no more; waits for what is being said.</summary>
    public void Stop()
    {
        lock (_telling)
        {
            _stopped = true;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct InvalidateInode
    {
        public fuse_out_header Header;
        public fuse_notify_inval_inode_out Body;
    }
}
