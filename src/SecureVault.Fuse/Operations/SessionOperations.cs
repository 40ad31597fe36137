using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>INIT DESTROY INTERRUPT FORGET BATCH_FORGET STATFS.</summary>
internal sealed class SessionOperations(DriveState state)
{
    public void AddTo(OperationTable table)
    {
        table.Add(fuse_opcode.FUSE_INIT, fuse_init_in.VersionSize, Init);
        table.Add(fuse_opcode.FUSE_DESTROY, 0, Destroy);
        table.AddQuery(fuse_opcode.FUSE_STATFS, 0, StatFs);
        table.AddSilent(fuse_opcode.FUSE_INTERRUPT, 8, Interrupt);
        table.AddSilent(fuse_opcode.FUSE_FORGET, 8, Forget);
        table.AddSilent(fuse_opcode.FUSE_BATCH_FORGET, 8, BatchForget);
    }

    private int Init(ref RequestReader request, ref ReplyWriter reply)
    {
        var input = default(fuse_init_in);
        _ = request.TryRead(out input.major) && request.TryRead(out input.minor);
        if (input.major == fuse_kernel.FUSE_KERNEL_VERSION && request.Left < fuse_init_in.ShortSize - fuse_init_in.VersionSize)
        {
            return Errno.EINVAL;
        }

        // flags2 is there since 7.36; its absence reads as zero.
        _ = request.TryRead(out input.max_readahead) && request.TryRead(out input.flags) && request.TryRead(out input.flags2);
        HandshakeResult result = Handshake.Answer(input, state.Options, state.Drive.KeepsAccessLists && state.Options.AccessLists, out fuse_init_out output, out NegotiatedProtocol? protocol);
        if (result == HandshakeResult.Refused)
        {
            state.Log.Trouble($"The kernel speaks FUSE {input.major}.{input.minor}; 7.{Handshake.OldestMinor} or newer is needed.");
            return Errno.EPROTO;
        }

        state.Protocol = protocol;
        reply.Write(output);
        return 0;
    }

    private static int Destroy(ref RequestReader request, ref ReplyWriter reply) => 0;

    // Every request is short and holds no other up, so the interrupted one is answered soon anyway: nothing to do.
    private static int Interrupt(ref RequestReader request, ref ReplyWriter reply) => 0;

    private int Forget(ref RequestReader request, ref ReplyWriter reply)
    {
        if (request.TryRead(out fuse_forget_in input))
        {
            state.Drive.Forget(new NodeId(request.Header.nodeid), input.nlookup);
        }

        return 0;
    }

    private int BatchForget(ref RequestReader request, ref ReplyWriter reply)
    {
        if (request.TryRead(out fuse_batch_forget_in batch))
        {
            for (uint i = 0; i < batch.count && request.TryRead(out fuse_forget_one one); i++)
            {
                state.Drive.Forget(new NodeId(one.nodeid), one.nlookup);
            }
        }

        return 0;
    }

    private int StatFs(ref RequestReader request, ref ReplyWriter reply)
    {
        VaultStatus status = state.Drive.GetStatistics(out StoreStatistics statistics);
        if (status == VaultStatus.Ok)
        {
            reply.Write(new fuse_kstatfs
            {
                blocks = statistics.Blocks,
                bfree = statistics.BlocksFree,
                bavail = statistics.BlocksAvailable,
                files = statistics.Files,
                ffree = statistics.FilesFree,
                bsize = statistics.BlockSize,
                frsize = statistics.BlockSize,
                namelen = statistics.NameLength,
            });
        }

        return ErrnoMap.ToErrno(status);
    }
}
