using System;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>SETXATTR GETXATTR LISTXATTR REMOVEXATTR. Only user.* and, when agreed, access control lists reach the engine.</summary>
internal sealed class XattrOperations(DriveState state)
{
    /// <summary>The kernel's own limit of a value and of a list, in bytes.</summary>
    private const uint MostValueBytes = 65536;

    private const int MostNameBytes = 255;

    private bool ShowsLists => state.Protocol!.Has(fuse_init_flags.FUSE_POSIX_ACL);

    public void AddTo(OperationTable table)
    {
        table.Add(fuse_opcode.FUSE_SETXATTR, 9, SetXattr);
        table.AddQuery(fuse_opcode.FUSE_GETXATTR, 9, GetXattr);
        table.AddQuery(fuse_opcode.FUSE_LISTXATTR, 8, ListXattr);
        table.Add(fuse_opcode.FUSE_REMOVEXATTR, 1, RemoveXattr);
    }

    private int SetXattr(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_setxattr_in input)
            || (input.flags & ~(fuse_setxattr_in.XATTR_CREATE | fuse_setxattr_in.XATTR_REPLACE)) != 0)
        {
            return Errno.EINVAL;
        }

        bool extended = state.Protocol is { } protocol && protocol.Has(fuse_init_flags.FUSE_SETXATTR_EXT);
        fuse_setxattr_extension extension = default;
        if (extended && !request.TryRead(out extension))
        {
            return Errno.EINVAL;
        }

        int errno = ReadName(ref request, out ReadOnlySpan<byte> name, out AclKind? list);
        if (errno != 0)
        {
            return errno;
        }

        if (!request.TryReadBytes(input.size, out ReadOnlySpan<byte> value))
        {
            return Errno.EINVAL;
        }

        Caller caller = DriveState.CallerOf(request.Header);
        var node = new NodeId(request.Header.nodeid);
        if (list is { } kind)
        {
            bool clearSetGid = (extension.setxattr_flags & fuse_setxattr_extension.FUSE_SETXATTR_ACL_KILL_SGID) != 0;
            return ErrnoMap.ToErrno(state.Drive.SetAccessList(caller, node, kind, value, clearSetGid));
        }

        bool create = (input.flags & fuse_setxattr_in.XATTR_CREATE) != 0;
        bool replace = (input.flags & fuse_setxattr_in.XATTR_REPLACE) != 0;
        return ErrnoMap.ToErrno(state.Drive.SetXattr(caller, node, name, value, create, replace));
    }

    private int GetXattr(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_getxattr_in input))
        {
            return Errno.EINVAL;
        }

        int errno = ReadName(ref request, out ReadOnlySpan<byte> name, out AclKind? list);
        if (errno != 0)
        {
            return errno;
        }

        Span<byte> room = Room(ref reply, input.size);
        var node = new NodeId(request.Header.nodeid);
        VaultStatus status = list is { } kind
            ? state.Drive.GetAccessList(node, kind, room, out int length)
            : state.Drive.GetXattr(DriveState.CallerOf(request.Header), node, name, room, out length);
        return AnswerBytes(status, input.size, length, ref reply);
    }

    private int ListXattr(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_getxattr_in input))
        {
            return Errno.EINVAL;
        }

        Span<byte> room = Room(ref reply, input.size);
        VaultStatus status = state.Drive.ListXattr(DriveState.CallerOf(request.Header), new NodeId(request.Header.nodeid), ShowsLists, room, out int length);
        return AnswerBytes(status, input.size, length, ref reply);
    }

    private int RemoveXattr(ref RequestReader request, ref ReplyWriter reply)
    {
        int errno = ReadName(ref request, out ReadOnlySpan<byte> name, out AclKind? list);
        if (errno != 0)
        {
            return errno;
        }

        Caller caller = DriveState.CallerOf(request.Header);
        var node = new NodeId(request.Header.nodeid);
        return ErrnoMap.ToErrno(list is { } kind ? state.Drive.RemoveAccessList(caller, node, kind) : state.Drive.RemoveXattr(caller, node, name));
    }

    /// <summary>Other name spaces (security.*, trusted.*, the rest of system.*) are asked for often and held never: refused before the engine.</summary>
    private int ReadName(ref RequestReader request, out ReadOnlySpan<byte> name, out AclKind? list)
    {
        list = null;
        if (!request.TryReadString(out name) || name.IsEmpty)
        {
            return Errno.EINVAL;
        }

        list = !ShowsLists ? null
            : name.SequenceEqual("system.posix_acl_access"u8) ? AclKind.Access
            : name.SequenceEqual("system.posix_acl_default"u8) ? AclKind.Default
            : null;
        if (list is not null)
        {
            return 0;
        }

        if (!name.StartsWith("user."u8))
        {
            return Errno.EOPNOTSUPP;
        }

        return name.Length == "user.".Length ? Errno.EINVAL : name.Length > MostNameBytes ? Errno.ERANGE : 0;
    }

    private static Span<byte> Room(ref ReplyWriter reply, uint size)
        => reply.Free[..(int)Math.Min(size, Math.Min(MostValueBytes, (uint)reply.Free.Length))];

    private static int AnswerBytes(VaultStatus status, uint asked, int length, ref ReplyWriter reply)
    {
        if (status != VaultStatus.Ok)
        {
            return ErrnoMap.ToErrno(status);
        }

        if (asked == 0)
        {
            reply.Write(new fuse_getxattr_out { size = (uint)length });
        }
        else
        {
            reply.Advance(length);
        }

        return 0;
    }
}
