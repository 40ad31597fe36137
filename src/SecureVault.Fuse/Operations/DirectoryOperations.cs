using System;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>OPENDIR READDIR READDIRPLUS FSYNCDIR RELEASEDIR.</summary>
internal sealed class DirectoryOperations(DriveState state)
{
    public void AddTo(OperationTable table)
    {
        table.AddQuery(fuse_opcode.FUSE_OPENDIR, 8, OpenDirectory);
        table.AddQuery(fuse_opcode.FUSE_READDIR, 40, ReadNames);
        table.AddQuery(fuse_opcode.FUSE_READDIRPLUS, 40, ReadEntries);
        table.AddQuery(fuse_opcode.FUSE_FSYNCDIR, 16, FSync);
        table.AddQuery(fuse_opcode.FUSE_RELEASEDIR, 24, Release);
    }

    private int OpenDirectory(ref RequestReader request, ref ReplyWriter reply)
    {
        VaultStatus status = state.Drive.OpenDirectory(
            DriveState.CallerOf(request.Header), new NodeId(request.Header.nodeid), out IDriveDirectory? directory);
        if (status != VaultStatus.Ok || directory is null)
        {
            return ErrnoMap.ToErrno(status == VaultStatus.Ok ? VaultStatus.InputOutput : status);
        }

        if (!state.Directories.TryAdd(new DirectoryHandle(directory, state), out ulong handle))
        {
            directory.Release();
            return Errno.ENFILE;
        }

        fopen_flags flags = state.Options.CacheListings ? fopen_flags.FOPEN_CACHE_DIR | fopen_flags.FOPEN_KEEP_CACHE : fopen_flags.None;
        reply.Write(new fuse_open_out { fh = handle, open_flags = (uint)flags });
        return 0;
    }

    private int ReadNames(ref RequestReader request, ref ReplyWriter reply) => Read(ref request, ref reply, false);

    private int ReadEntries(ref RequestReader request, ref ReplyWriter reply) => Read(ref request, ref reply, true);

    private int Read(ref RequestReader request, ref ReplyWriter reply, bool plus)
    {
        if (!request.TryRead(out fuse_read_in input))
        {
            return Errno.EINVAL;
        }

        if (!state.Directories.TryFind(input.fh, out DirectoryHandle handle))
        {
            return Errno.EBADF;
        }

        int room = (int)Math.Min(input.size, (uint)reply.Free.Length);
        int errno = handle.Fill(reply.Free[..room], input.offset, plus, out int used, out Action? afterwards);
        reply.Advance(used);
        reply.Afterwards = afterwards;
        return errno;
    }

    private int FSync(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_fsync_in input))
        {
            return Errno.EINVAL;
        }

        return state.Directories.TryFind(input.fh, out DirectoryHandle handle) ? ErrnoMap.ToErrno(handle.Directory.Sync()) : Errno.EBADF;
    }

    private int Release(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_release_in input))
        {
            return Errno.EINVAL;
        }

        if (!state.Directories.TryRemove(input.fh, out DirectoryHandle handle))
        {
            return Errno.EBADF;
        }

        handle.Release();
        return 0;
    }
}
