using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>LOOKUP GETATTR SETATTR READLINK.</summary>
internal sealed class NodeOperations(DriveState state)
{
    private const int MostTargetBytes = 4096;

    public void AddTo(OperationTable table)
    {
        table.AddQuery(fuse_opcode.FUSE_LOOKUP, 1, Lookup);
        table.AddQuery(fuse_opcode.FUSE_GETATTR, 16, GetAttr);
        table.Add(fuse_opcode.FUSE_SETATTR, 88, SetAttr);
        table.AddQuery(fuse_opcode.FUSE_READLINK, 0, ReadLink);
    }

    private int Lookup(ref RequestReader request, ref ReplyWriter reply)
    {
        int errno = Names.Read(ref request, out var name);
        if (errno != 0)
        {
            return errno;
        }

        VaultStatus status = state.Drive.Lookup(new NodeId(request.Header.nodeid), name, out NodeEntry entry);
        if (status == VaultStatus.Ok)
        {
            reply.Write(state.Entry(entry));
            return 0;
        }

        if (status == VaultStatus.NotFound && state.NegativeValidity != default)
        {
            // Node 0 tells the kernel to remember that the name does not exist.
            reply.Write(new fuse_entry_out { entry_valid = state.NegativeValidity.Seconds, entry_valid_nsec = state.NegativeValidity.Nanoseconds });
            return 0;
        }

        return ErrnoMap.ToErrno(status);
    }

    private int GetAttr(ref RequestReader request, ref ReplyWriter reply)
    {
        VaultStatus status = state.Drive.GetAttributes(new NodeId(request.Header.nodeid), out NodeAttributes attributes);
        return AnswerAttributes(status, attributes, ref reply);
    }

    private int SetAttr(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_setattr_in input))
        {
            return Errno.EINVAL;
        }

        var valid = (fuse_setattr_valid)input.valid;
        if ((valid & fuse_setattr_valid.FATTR_SIZE) != 0 && input.size > long.MaxValue)
        {
            return Errno.EFBIG;
        }

        IDriveFile? file = null;
        if ((valid & fuse_setattr_valid.FATTR_FH) != 0)
        {
            if (!state.Files.TryFind(input.fh, out FileHandle handle))
            {
                return Errno.EBADF;
            }

            file = handle.File;
        }

        AttributeChange change = Change(input, valid);
        Caller caller = DriveState.CallerOf(request.Header);
        VaultStatus status = state.Drive.SetAttributes(caller, new NodeId(request.Header.nodeid), file, change, out NodeAttributes attributes);
        if (change.Mode is { } mode && (mode & (file_mode.S_ISUID | file_mode.S_ISGID)) != 0)
        {
            state.SetIdsGiven();
        }

        return AnswerAttributes(status, attributes, ref reply);
    }

    private static AttributeChange Change(in fuse_setattr_in input, fuse_setattr_valid valid)
    {
        var change = new AttributeChange
        {
            AccessedNow = (valid & fuse_setattr_valid.FATTR_ATIME_NOW) != 0,
            ModifiedNow = (valid & fuse_setattr_valid.FATTR_MTIME_NOW) != 0,
            ClearSetIds = (valid & fuse_setattr_valid.FATTR_KILL_SUIDGID) != 0,
        };
        change.Mode = (valid & fuse_setattr_valid.FATTR_MODE) != 0 ? input.mode & file_mode.Permissions : null;
        change.Uid = (valid & fuse_setattr_valid.FATTR_UID) != 0 ? input.uid : null;
        change.Gid = (valid & fuse_setattr_valid.FATTR_GID) != 0 ? input.gid : null;
        change.Size = (valid & fuse_setattr_valid.FATTR_SIZE) != 0 ? (long)input.size : null;
        if ((valid & fuse_setattr_valid.FATTR_ATIME) != 0 && !change.AccessedNow)
        {
            change.Accessed = new FileTime(unchecked((long)input.atime), input.atimensec);
        }

        if ((valid & fuse_setattr_valid.FATTR_MTIME) != 0 && !change.ModifiedNow)
        {
            change.Modified = new FileTime(unchecked((long)input.mtime), input.mtimensec);
        }

        return change;
    }

    private int AnswerAttributes(VaultStatus status, in NodeAttributes attributes, ref ReplyWriter reply)
    {
        if (status == VaultStatus.Ok)
        {
            reply.Write(new fuse_attr_out
            {
                attr_valid = state.AttributeValidity.Seconds,
                attr_valid_nsec = state.AttributeValidity.Nanoseconds,
                attr = Attributes.ToKernel(attributes),
            });
        }

        return ErrnoMap.ToErrno(status);
    }

    private int ReadLink(ref RequestReader request, ref ReplyWriter reply)
    {
        VaultStatus status = state.Drive.ReadSymlink(new NodeId(request.Header.nodeid), reply.Free[..MostTargetBytes], out int length);
        if (status == VaultStatus.Ok)
        {
            reply.Advance(length);
        }

        return ErrnoMap.ToErrno(status);
    }
}
