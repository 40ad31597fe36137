using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Session;

/// <summary>Tells the requests that take long by nature: much data, or a wait for the disk.</summary>
internal static class LongRequests
{
    /// <summary>Bytes to encrypt or decrypt from which a second thread pays.</summary>
    public const int ManyBytes = 32 * 1024;

    /// <summary>Any thread. A request too short to tell is short.</summary>
    public static bool Is(ReadOnlySpan<byte> request)
    {
        if (!MemoryMarshal.TryRead(request, out fuse_in_header header))
        {
            return false;
        }

        return (fuse_opcode)header.opcode switch
        {
            fuse_opcode.FUSE_WRITE => request.Length > ManyBytes,
            fuse_opcode.FUSE_READ => MemoryMarshal.TryRead(request[Unsafe.SizeOf<fuse_in_header>()..], out fuse_read_in read) && read.size > ManyBytes,
            fuse_opcode.FUSE_FSYNC or fuse_opcode.FUSE_FSYNCDIR or fuse_opcode.FUSE_FALLOCATE or fuse_opcode.FUSE_SETATTR
                or fuse_opcode.FUSE_COPY_FILE_RANGE or fuse_opcode.FUSE_COPY_FILE_RANGE_64 or fuse_opcode.FUSE_READDIR or fuse_opcode.FUSE_READDIRPLUS => true,
            _ => false,
        };
    }
}
