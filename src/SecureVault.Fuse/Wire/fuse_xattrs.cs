using System.Runtime.InteropServices;

namespace SecureVault.Fuse.Wire;

// SETXATTR: fuse_setxattr_in (16 bytes with FUSE_SETXATTR_EXT, else its first 8), name NUL, value of size bytes.
// GETXATTR: fuse_getxattr_in, name NUL. LISTXATTR: fuse_getxattr_in. size 0 asks for the length (fuse_getxattr_out).

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_setxattr_in
{
    public const int CompatSize = 8;
    public const uint XATTR_CREATE = 1;
    public const uint XATTR_REPLACE = 2;

    public uint size;
    public uint flags;
}

/// <summary>What FUSE_SETXATTR_EXT adds to fuse_setxattr_in.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct fuse_setxattr_extension
{
    public const uint FUSE_SETXATTR_ACL_KILL_SGID = 1 << 0;

    public uint setxattr_flags;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_getxattr_in
{
    public uint size;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_getxattr_out
{
    public uint size;
    public uint padding;
}
