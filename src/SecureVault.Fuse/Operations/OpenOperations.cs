using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>OPEN CREATE FLUSH FSYNC RELEASE: the life of an open file.</summary>
internal sealed class OpenOperations(DriveState state)
{
    public void AddTo(OperationTable table)
    {
        table.AddQuery(fuse_opcode.FUSE_OPEN, 8, Open);
        table.Add(fuse_opcode.FUSE_CREATE, 17, Create);
        table.AddQuery(fuse_opcode.FUSE_FLUSH, 24, Flush);
        table.AddQuery(fuse_opcode.FUSE_FSYNC, 16, FSync);
        table.AddQuery(fuse_opcode.FUSE_RELEASE, 24, Release);
    }

    /// <summary>
    /// What the flags of open(2) ask of the engine. O_APPEND is not passed on: the kernel places each append itself under the inode's lock (but see ContentOperations.Write), and
    /// write-back of a shared mapping comes through the same handle with an offset that must hold.
    /// </summary>
    internal static OpenIntent Intent(uint flags)
    {
        OpenIntent intent = (flags & open_flags.O_ACCMODE) switch
        {
            open_flags.O_RDONLY => OpenIntent.Read,
            open_flags.O_WRONLY => OpenIntent.Write,
            _ => OpenIntent.Read | OpenIntent.Write,
        };
        intent |= (flags & open_flags.O_TRUNC) != 0 ? OpenIntent.Truncate : OpenIntent.None;
        return intent | ((flags & open_flags.O_EXCL) != 0 ? OpenIntent.Exclusive : OpenIntent.None);
    }

    private int Open(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_open_in input))
        {
            return Errno.EINVAL;
        }

        try
        {
            return Open(request.Header, input, ref reply);
        }
        finally
        {
            if ((input.flags & open_flags.O_TRUNC) != 0 || (input.open_flags & open_flags.FUSE_OPEN_KILL_SUIDGID) != 0)
            {
                state.Changed();
            }
        }
    }

    private int Open(in fuse_in_header header, in fuse_open_in input, ref ReplyWriter reply)
    {
        Caller caller = DriveState.CallerOf(header);
        var node = new NodeId(header.nodeid);
        OpenIntent intent = Intent(input.flags);
        VaultStatus status = state.Drive.Open(caller, node, intent, out IDriveFile? file, out bool keepCache);
        if (status != VaultStatus.Ok || file is null)
        {
            return ErrnoMap.ToErrno(status == VaultStatus.Ok ? VaultStatus.InputOutput : status);
        }

        if ((input.open_flags & open_flags.FUSE_OPEN_KILL_SUIDGID) != 0)
        {
            status = state.Drive.SetAttributes(caller, node, file, new AttributeChange { ClearSetIds = true }, out _);
            if (status != VaultStatus.Ok)
            {
                file.Release();
                return ErrnoMap.ToErrno(status);
            }
        }

        return AnswerOpen(file, OpenFlags(file, input.flags, keepCache), ref reply);
    }

    private int Create(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_create_in input))
        {
            return Errno.EINVAL;
        }

        int errno = Names.Read(ref request, out var name);
        if (errno != 0)
        {
            return errno;
        }

        Caller caller = state.CallerOf(request.Header, input.umask);
        OpenIntent intent = Intent(input.flags);
        uint mode = input.mode & file_mode.Permissions;
        var parent = new NodeId(request.Header.nodeid);
        VaultStatus status = state.Drive.Create(caller, parent, name, mode, intent, out NodeEntry entry, out IDriveFile? file);
        if (status != VaultStatus.Ok || file is null)
        {
            return ErrnoMap.ToErrno(status == VaultStatus.Ok ? VaultStatus.InputOutput : status);
        }

        reply.Write(state.Entry(entry));
        errno = AnswerOpen(file, OpenFlags(file, input.flags, false), ref reply);
        if (errno != 0)
        {
            state.Drive.Forget(entry.Node, 1);
        }

        return errno;
    }

    // NOFLUSH: the engine has every byte when a WRITE is answered, so the kernel need not ask at each close. DIRECT_IO: a handle that only
    // writes gains nothing from the page cache; without it the kernel copies once less and does not ask for security.capability first.
    // Only kernels that offer DIRECT_IO_ALLOW_MMAP (6.6) drop what other handles have cached of the range.
    private fopen_flags OpenFlags(IDriveFile file, uint flags, bool keepCache)
    {
        if (file.KeepsOutOfCache)
        {
            return fopen_flags.FOPEN_NOFLUSH | fopen_flags.FOPEN_DIRECT_IO;
        }

        bool onlyWrites = (flags & open_flags.O_ACCMODE) == open_flags.O_WRONLY;
        bool direct = onlyWrites && state.Protocol!.Has(fuse_init_flags.FUSE_DIRECT_IO_ALLOW_MMAP);
        return fopen_flags.FOPEN_NOFLUSH | (keepCache ? fopen_flags.FOPEN_KEEP_CACHE : fopen_flags.None) | (direct ? fopen_flags.FOPEN_DIRECT_IO : fopen_flags.None);
    }

    private int AnswerOpen(IDriveFile file, fopen_flags flags, ref ReplyWriter reply)
    {
        if (!state.Files.TryAdd(new FileHandle(file, (flags & fopen_flags.FOPEN_DIRECT_IO) != 0), out ulong handle))
        {
            file.Release();
            return Errno.ENFILE;
        }

        reply.Write(new fuse_open_out { fh = handle, open_flags = (uint)flags });
        return 0;
    }

    private int Flush(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_flush_in input))
        {
            return Errno.EINVAL;
        }

        return state.Files.TryFind(input.fh, out FileHandle handle) ? ErrnoMap.ToErrno(handle.File.Flush()) : Errno.EBADF;
    }

    private int FSync(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_fsync_in input))
        {
            return Errno.EINVAL;
        }

        bool dataOnly = (input.fsync_flags & fuse_fsync_in.FUSE_FSYNC_FDATASYNC) != 0;
        return state.Files.TryFind(input.fh, out FileHandle handle) ? ErrnoMap.ToErrno(handle.File.Sync(dataOnly)) : Errno.EBADF;
    }

    private int Release(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_release_in input))
        {
            return Errno.EINVAL;
        }

        if (!state.Files.TryRemove(input.fh, out FileHandle handle))
        {
            return Errno.EBADF;
        }

        handle.File.Release();
        return 0;
    }
}
