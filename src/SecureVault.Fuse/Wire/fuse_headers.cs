using System.Runtime.InteropServices;

namespace SecureVault.Fuse.Wire;

// Every request begins with fuse_in_header, every reply with fuse_out_header. All integers are in the machine's order.
//
//  offset size  fuse_in_header              offset size  fuse_out_header
//  0      4     len, whole request          0      4     len, whole reply
//  4      4     opcode                      4      4     error, 0 or -errno
//  8      8     unique, echoed in reply     8      8     unique
//  16     8     nodeid                      16           body, only when error is 0
//  24     4     uid
//  28     4     gid
//  32     4     pid (thread id; 0 = outside our pid namespace or write-back)
//  36     2     total_extlen, in 8 bytes, at the request's end
//  38     2     padding
//  40           body

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_in_header
{
    public const int Size = 40;

    public uint len;
    public uint opcode;
    public ulong unique;
    public ulong nodeid;
    public uint uid;
    public uint gid;
    public uint pid;
    public ushort total_extlen;
    public ushort padding;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_out_header
{
    public const int Size = 16;

    public uint len;
    public int error;
    public ulong unique;
}
