using System;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using SecureVault.Service.Native;

namespace SecureVault.Service.Programs;

/// <summary>What the system tells of a file without asking whoever serves it (statx(2) with AT_STATX_DONT_SYNC): a question can never come back to the drive that asks.</summary>
/// <param name="Mode">Type and permission bits.</param>
/// <param name="Links">Names it has; 0 = deleted, or never had one.</param>
/// <param name="Mount">Number of the mount as /proc/self/mountinfo has it; 0 where the kernel does not tell (before 5.8).</param>
internal readonly record struct FileFacts(FileStamp Stamp, uint Owner, int Mode, uint Links, ulong Mount)
{
    private const int GroupOrOthersWrite = 0x12; // an access list that lets a user write shows in the group's bit, acl(5)

    public bool IsFile => (Mode & Libc.S_IFMT) == Libc.S_IFREG;

    public bool IsFolder => (Mode & Libc.S_IFMT) == Libc.S_IFDIR;

    public bool IsLink => (Mode & Libc.S_IFMT) == Libc.S_IFLNK;

    /// <summary>Empty for a file that root alone may write, on a mount that is the system's; else why its bytes may be anybody's, as a clause: "which ...".</summary>
    public string Weakness(Mounts mounts) =>
        !IsFile ? "which is no file"
        : Owner != 0 ? $"which belongs to user {Owner.ToString(CultureInfo.InvariantCulture)}"
        : (Mode & GroupOrOthersWrite) != 0 ? "which others than root may write to"
        : mounts.IsForeign(this) ? "which lies on a mount without the system's rights (nosuid)"
        : "";

    /// <summary>False when there is no such file, or it may not be seen. Any thread; allocates nothing.</summary>
    /// <param name="folder">A descriptor, or AT_FDCWD.</param>
    /// <param name="path">Ends with a zero byte.</param>
    [SkipLocalsInit]
    public static unsafe bool TryOf(int folder, ReadOnlySpan<byte> path, int flags, out FileFacts facts)
    {
        Libc.statx_buffer told;
        int done;
        fixed (byte* name = path)
        {
            done = Libc.statx(folder, name, flags | Libc.AT_STATX_DONT_SYNC, Libc.STATX_BASIC_STATS | Libc.STATX_MNT_ID, &told);
        }

        if (done != 0)
        {
            facts = default;
            return false;
        }

        var stamp = new FileStamp(Device(told.stx_dev_major, told.stx_dev_minor), told.stx_ino, told.stx_size, Nanoseconds(told.stx_mtime), Nanoseconds(told.stx_ctime));
        facts = new FileFacts(stamp, told.stx_uid, told.stx_mode, told.stx_nlink, (told.stx_mask & Libc.STATX_MNT_ID) != 0 ? told.stx_mnt_id : 0);
        return true;
    }

    /// <summary>As above, of an open descriptor.</summary>
    public static bool TryOf(int descriptor, out FileFacts facts) => TryOf(descriptor, "\0"u8, Libc.AT_EMPTY_PATH, out facts);

    /// <summary>Stamp of an open file; null for what is no file.</summary>
    public static FileStamp? StampOf(SafeFileHandle file) => TryOf((int)file.DangerousGetHandle(), out FileFacts facts) && facts.IsFile ? facts.Stamp : null;

    /// <summary>A device's two numbers in one.</summary>
    public static ulong Device(uint major, uint minor) => ((ulong)major << 32) | minor;

    // A file system may tell any time at all; that it wraps around changes nothing here.
    private static long Nanoseconds(Libc.statx_timestamp time) => unchecked((time.tv_sec * 1_000_000_000) + time.tv_nsec);
}
