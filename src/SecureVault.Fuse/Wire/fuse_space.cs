using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureVault.Fuse.Wire;

// STATFS.

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_kstatfs
{
    public ulong blocks;
    public ulong bfree;
    public ulong bavail;
    public ulong files;
    public ulong ffree;
    public uint bsize;
    public uint namelen;
    public uint frsize;
    public uint padding;
    public sixInts spare;

    [InlineArray(6)]
    public struct sixInts
    {
        public uint first;
    }
}
