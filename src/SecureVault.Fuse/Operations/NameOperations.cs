using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>SYMLINK MKNOD MKDIR UNLINK RMDIR RENAME RENAME2 LINK: what changes a folder's names.</summary>
internal sealed class NameOperations(DriveState state)
{
    public void AddTo(OperationTable table)
    {
        table.Add(fuse_opcode.FUSE_SYMLINK, 2, Symlink);
        table.Add(fuse_opcode.FUSE_MKNOD, 17, MakeNode);
        table.Add(fuse_opcode.FUSE_MKDIR, 9, MakeDirectory);
        table.Add(fuse_opcode.FUSE_UNLINK, 1, Unlink);
        table.Add(fuse_opcode.FUSE_RMDIR, 1, RemoveDirectory);
        table.Add(fuse_opcode.FUSE_RENAME, 10, Rename);
        table.Add(fuse_opcode.FUSE_RENAME2, 18, Rename2);
        table.Add(fuse_opcode.FUSE_LINK, 9, Link);
    }

    private int Symlink(ref RequestReader request, ref ReplyWriter reply)
    {
        int errno = Names.Read(ref request, out var name);
        if (errno != 0)
        {
            return errno;
        }

        errno = Names.ReadTarget(ref request, out var target);
        if (errno != 0)
        {
            return errno;
        }

        var parent = new NodeId(request.Header.nodeid);
        VaultStatus status = state.Drive.MakeSymlink(DriveState.CallerOf(request.Header), parent, name, target, out NodeEntry entry);
        return AnswerEntry(status, entry, ref reply);
    }

    private int MakeNode(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_mknod_in input) || !Attributes.TryKind(input.mode, out NodeKind kind))
        {
            return Errno.EINVAL;
        }

        int errno = Names.Read(ref request, out var name);
        if (errno != 0)
        {
            return errno;
        }

        var parent = new NodeId(request.Header.nodeid);
        uint mode = input.mode & file_mode.Permissions;
        VaultStatus status = state.Drive.MakeNode(state.CallerOf(request.Header, input.umask), parent, name, kind, mode, input.rdev, out NodeEntry entry);
        return AnswerEntry(status, entry, ref reply);
    }

    private int MakeDirectory(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_mkdir_in input))
        {
            return Errno.EINVAL;
        }

        int errno = Names.Read(ref request, out var name);
        if (errno != 0)
        {
            return errno;
        }

        var parent = new NodeId(request.Header.nodeid);
        uint mode = input.mode & file_mode.Permissions;
        VaultStatus status = state.Drive.MakeDirectory(state.CallerOf(request.Header, input.umask), parent, name, mode, out NodeEntry entry);
        return AnswerEntry(status, entry, ref reply);
    }

    private int Unlink(ref RequestReader request, ref ReplyWriter reply)
    {
        int errno = Names.Read(ref request, out var name);
        return errno != 0
            ? errno
            : ErrnoMap.ToErrno(state.Drive.Unlink(DriveState.CallerOf(request.Header), new NodeId(request.Header.nodeid), name));
    }

    private int RemoveDirectory(ref RequestReader request, ref ReplyWriter reply)
    {
        int errno = Names.Read(ref request, out var name);
        return errno != 0
            ? errno
            : ErrnoMap.ToErrno(state.Drive.RemoveDirectory(DriveState.CallerOf(request.Header), new NodeId(request.Header.nodeid), name));
    }

    private int Rename(ref RequestReader request, ref ReplyWriter reply)
        => request.TryRead(out fuse_rename_in input) ? Rename(ref request, input.newdir, RenameKind.Replace) : Errno.EINVAL;

    private int Rename2(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_rename2_in input))
        {
            return Errno.EINVAL;
        }

        // Any other flag (whiteout, or one not invented yet) means something else than a rename: doing that instead would lose a file.
        return input.flags switch
        {
            0 => Rename(ref request, input.newdir, RenameKind.Replace),
            rename_flags.RENAME_NOREPLACE => Rename(ref request, input.newdir, RenameKind.NoReplace),
            rename_flags.RENAME_EXCHANGE => Rename(ref request, input.newdir, RenameKind.Exchange),
            _ => Errno.EINVAL,
        };
    }

    private int Rename(ref RequestReader request, ulong newParent, RenameKind kind)
    {
        int errno = Names.Read(ref request, out var name);
        if (errno != 0)
        {
            return errno;
        }

        errno = Names.Read(ref request, out var newName);
        if (errno != 0)
        {
            return errno;
        }

        Caller caller = DriveState.CallerOf(request.Header);
        return ErrnoMap.ToErrno(state.Drive.Rename(caller, new NodeId(request.Header.nodeid), name, new NodeId(newParent), newName, kind));
    }

    private int Link(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_link_in input))
        {
            return Errno.EINVAL;
        }

        int errno = Names.Read(ref request, out var name);
        if (errno != 0)
        {
            return errno;
        }

        Caller caller = DriveState.CallerOf(request.Header);
        VaultStatus status = state.Drive.Link(caller, new NodeId(input.oldnodeid), new NodeId(request.Header.nodeid), name, out NodeEntry entry);
        return AnswerEntry(status, entry, ref reply);
    }

    private int AnswerEntry(VaultStatus status, in NodeEntry entry, ref ReplyWriter reply)
    {
        if (status == VaultStatus.Ok)
        {
            reply.Write(state.Entry(entry));
        }

        return ErrnoMap.ToErrno(status);
    }
}
