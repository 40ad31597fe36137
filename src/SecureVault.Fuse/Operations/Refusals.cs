using SecureVault.Fuse.Native;
using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Operations;

/// <summary>Operations refused on purpose with another answer than ENOSYS; PROTOCOL.md gives the reasons.</summary>
internal static class Refusals
{
    public static void AddTo(OperationTable table)
    {
        table.AddQuery(fuse_opcode.FUSE_IOCTL, 0, NoSuchControl);
        table.AddSilent(fuse_opcode.FUSE_NOTIFY_REPLY, 0, Ignore);
    }

    private static int NoSuchControl(ref RequestReader request, ref ReplyWriter reply) => Errno.ENOTTY;

    private static int Ignore(ref RequestReader request, ref ReplyWriter reply) => 0;
}
