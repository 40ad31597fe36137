using System;
using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>READ WRITE FALLOCATE LSEEK COPY_FILE_RANGE: the bytes of an open file.</summary>
internal sealed class ContentOperations(DriveState state)
{
    /// <summary>Longest copy in one request, in bytes: a caller continues a short copy, and no thread is held for long.</summary>
    private const ulong MostCopied = 16 << 20;

    public void AddTo(OperationTable table)
    {
        table.AddQuery(fuse_opcode.FUSE_READ, 40, Read);
        table.Add(fuse_opcode.FUSE_WRITE, fuse_write_in.Size, Write);
        table.Add(fuse_opcode.FUSE_FALLOCATE, 32, Allocate);
        table.AddQuery(fuse_opcode.FUSE_LSEEK, 24, Seek);
        table.Add(fuse_opcode.FUSE_COPY_FILE_RANGE, 56, CopyRange);
        table.Add(fuse_opcode.FUSE_COPY_FILE_RANGE_64, 56, CopyRange64);
    }

    /// <summary>The engine decrypts straight into the reply, behind the header.</summary>
    private int Read(ref RequestReader request, ref ReplyWriter reply)
    {
        // A size beyond the buffer was never negotiated; a shorter answer would look like the end of the file.
        if (!request.TryRead(out fuse_read_in input) || input.size > (uint)reply.Free.Length || input.offset > long.MaxValue)
        {
            return Errno.EINVAL;
        }

        if (!state.Files.TryFind(input.fh, out FileHandle handle))
        {
            return Errno.EBADF;
        }

        // A read of a caller's own says whose it is; one that fills the page cache, for whoever holds the file, does not (fs/fuse/file.c, fuse_send_read).
        Span<byte> plain = reply.Free[..(int)input.size];
        VaultStatus status = (input.read_flags & fuse_read_in.FUSE_READ_LOCKOWNER) != 0
            ? handle.File.Read((long)input.offset, plain, out int read)
            : handle.File.ReadForCache((long)input.offset, plain, out read);
        if (status == VaultStatus.Ok)
        {
            reply.Advance(read);
        }

        return ErrnoMap.ToErrno(status);
    }

    /// <summary>The engine encrypts straight from the request.</summary>
    private int Write(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_write_in input) || !request.TryReadBytes(input.size, out ReadOnlySpan<byte> plain))
        {
            return Errno.EINVAL;
        }

        if (input.offset > (ulong)(long.MaxValue - plain.Length))
        {
            return Errno.EFBIG;
        }

        if (!state.Files.TryFind(input.fh, out FileHandle handle))
        {
            return Errno.EBADF;
        }

        VaultStatus status = CheckPages(request.Header, handle, input.write_flags);
        if (status == VaultStatus.Ok && (input.write_flags & fuse_write_in.FUSE_WRITE_KILL_SUIDGID) != 0)
        {
            status = ClearSetIds(request.Header, handle);
        }

        int written = 0;
        if (status == VaultStatus.Ok)
        {
            bool appends = (input.flags & open_flags.O_APPEND) != 0 && (input.write_flags & fuse_write_in.FUSE_WRITE_CACHE) == 0;
            status = appends
                ? handle.File.WriteAppended((long)input.offset, plain, out written)
                : handle.File.Write((long)input.offset, plain, out written);
        }

        // What is in the file must be told; the trouble comes again with the caller's next write.
        if (status != VaultStatus.Ok && written == 0)
        {
            return ErrnoMap.ToErrno(status);
        }

        reply.Write(new fuse_write_out { size = (uint)written });
        return 0;
    }

    /// <summary>
    /// Before the kernel sends a write of an ordinary handle it has put the bytes into its pages, whole ones to be read at once (fs/fuse/file.c, fuse_fill_write_pages). Where nobody may find them
    /// there the write is refused, which makes it forget them, and what was mapped meanwhile is dropped. Pages that it writes back (WRITE_CACHE) are from before.
    /// </summary>
    private VaultStatus CheckPages(in fuse_in_header header, FileHandle handle, uint writeFlags)
    {
        VaultStatus status = handle.IsDirect || (writeFlags & fuse_write_in.FUSE_WRITE_CACHE) != 0 ? VaultStatus.Ok : handle.File.CheckWritingByCache();
        if (status != VaultStatus.Ok)
        {
            state.DropPages?.Invoke(new NodeId(header.nodeid));
        }

        return status;
    }

    /// <summary>Most writes of ordinary users ask for this, and almost no file has such bits: a file seen clean is not asked again in its epoch.</summary>
    private VaultStatus ClearSetIds(in fuse_in_header header, FileHandle handle)
    {
        long epoch = state.SetIdEpoch;
        if (handle.CleanEpoch == epoch)
        {
            return VaultStatus.Ok;
        }

        var node = new NodeId(header.nodeid);
        VaultStatus status = state.Drive.GetAttributes(node, out NodeAttributes attributes);
        if (status == VaultStatus.Ok && (attributes.Mode & (file_mode.S_ISUID | file_mode.S_ISGID)) != 0)
        {
            Caller caller = DriveState.CallerOf(header);
            status = state.Drive.SetAttributes(caller, node, handle.File, new AttributeChange { ClearSetIds = true }, out _);
        }

        if (status == VaultStatus.Ok)
        {
            handle.CleanEpoch = epoch;
        }

        return status;
    }

    private int Allocate(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_fallocate_in input) || input.length == 0 || input.length > long.MaxValue || input.offset > long.MaxValue)
        {
            return Errno.EINVAL;
        }

        if (input.offset > (ulong)long.MaxValue - input.length)
        {
            return Errno.EFBIG;
        }

        if (!TryAllocateKind(input.mode, out AllocateKind kind))
        {
            return Errno.EOPNOTSUPP;
        }

        return state.Files.TryFind(input.fh, out FileHandle handle)
            ? ErrnoMap.ToErrno(handle.File.Allocate(kind, (long)input.offset, (long)input.length))
            : Errno.EBADF;
    }

    private static bool TryAllocateKind(uint mode, out AllocateKind kind)
    {
        const uint punch = fuse_fallocate_in.FALLOC_FL_PUNCH_HOLE | fuse_fallocate_in.FALLOC_FL_KEEP_SIZE;
        const uint zeroKeep = fuse_fallocate_in.FALLOC_FL_ZERO_RANGE | fuse_fallocate_in.FALLOC_FL_KEEP_SIZE;
        AllocateKind? found = mode switch
        {
            0 => AllocateKind.Allocate,
            fuse_fallocate_in.FALLOC_FL_KEEP_SIZE => AllocateKind.AllocateKeepSize,
            punch => AllocateKind.PunchHole,
            fuse_fallocate_in.FALLOC_FL_ZERO_RANGE => AllocateKind.ZeroRange,
            zeroKeep => AllocateKind.ZeroRangeKeepSize,
            _ => null,
        };
        kind = found.GetValueOrDefault();
        return found is not null;
    }

    private int Seek(ref RequestReader request, ref ReplyWriter reply)
    {
        if (!request.TryRead(out fuse_lseek_in input) || input.whence is not (fuse_lseek_in.SEEK_DATA or fuse_lseek_in.SEEK_HOLE))
        {
            return Errno.EINVAL;
        }

        if (input.offset > long.MaxValue)
        {
            return Errno.ENXIO;
        }

        if (!state.Files.TryFind(input.fh, out FileHandle handle))
        {
            return Errno.EBADF;
        }

        SeekKind kind = input.whence == fuse_lseek_in.SEEK_DATA ? SeekKind.Data : SeekKind.Hole;
        VaultStatus status = handle.File.Seek(kind, (long)input.offset, out long found);
        if (status == VaultStatus.Ok)
        {
            reply.Write(new fuse_lseek_out { offset = (ulong)found });
        }

        return ErrnoMap.ToErrno(status);
    }

    private int CopyRange(ref RequestReader request, ref ReplyWriter reply)
    {
        int errno = Copy(ref request, out long copied);
        if (errno == 0)
        {
            reply.Write(new fuse_write_out { size = (uint)copied });
        }

        return errno;
    }

    private int CopyRange64(ref RequestReader request, ref ReplyWriter reply)
    {
        int errno = Copy(ref request, out long copied);
        if (errno == 0)
        {
            reply.Write(new fuse_copy_file_range_out { bytes_copied = (ulong)copied });
        }

        return errno;
    }

    private int Copy(ref RequestReader request, out long copied)
    {
        copied = 0;
        if (!request.TryRead(out fuse_copy_file_range_in input) || input.flags != 0)
        {
            return Errno.EINVAL;
        }

        ulong length = Math.Min(input.len, MostCopied);
        if (input.off_in > long.MaxValue - MostCopied || input.off_out > long.MaxValue - MostCopied)
        {
            return Errno.EFBIG;
        }

        if (!state.Files.TryFind(input.fh_in, out FileHandle source) || !state.Files.TryFind(input.fh_out, out FileHandle target))
        {
            return Errno.EBADF;
        }

        return ErrnoMap.ToErrno(source.File.CopyTo(target.File, (long)input.off_in, (long)input.off_out, (long)length, out copied));
    }
}
