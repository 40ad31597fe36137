using System.Runtime.InteropServices;

namespace SecureVault.Fuse.Wire;

// READDIR answers a row of fuse_dirent, READDIRPLUS a row of fuse_entry_out + fuse_dirent; the name follows without NUL
// and the whole record is padded with zeros to a multiple of 8.
//
//  offset size  fuse_dirent
//  0      8     ino
//  8      8     off, the cookie that continues after this entry
//  16     4     namelen
//  20     4     type, the file type bits of the mode shifted right by 12
//  24           name

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_dirent
{
    public const int NameOffset = 24;

    public ulong ino;
    public ulong off;
    public uint namelen;
    public uint type;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fuse_direntplus
{
    public const int NameOffset = 152;

    public fuse_entry_out entry_out;
    public fuse_dirent dirent;
}
