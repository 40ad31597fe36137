using System;
using SecureVault.FileSystem;

namespace SecureVault.Fuse;

/// <summary>How an unmount ended.</summary>
public enum UnmountResult : byte
{
    /// <summary>Nothing is mounted there any more (lazy: the name is gone; the drive ends with its last open file).</summary>
    Done,

    /// <summary>Someone has a file open or works in a folder of the drive; it stays mounted.</summary>
    Busy,

    /// <summary>Nothing of this kind is mounted there.</summary>
    NotMounted,

    /// <summary>The kernel or fusermount3 refused for another reason.</summary>
    Failed,
}

/// <summary>A vault mounted on this machine's kernel.</summary>
/// <remarks>Any thread. The drive ends when it is unmounted, by whom ever; then every open handle has been released to the engine.</remarks>
public sealed class FuseDrive : IDisposable
{
    /// <summary>The folder the drive is mounted on, as given, made absolute.</summary>
    public string MountPoint => throw new NotSupportedException();

    /// <summary>Open files and folders at this moment.</summary>
    public int OpenHandles => throw new NotSupportedException();

    /// <summary>True once the drive has been unmounted and everything it held is released.</summary>
    public bool Ended => throw new NotSupportedException();

    /// <summary>Says whether this process could mount at all: /dev/fuse exists, and it is root or fusermount3 is installed.</summary>
    /// <param name="reason">One line for the user when false, empty when true.</param>
    public static bool IsAvailable(out string reason) => throw new NotSupportedException();

    /// <summary>
    /// Mounts and shakes hands with the kernel; requests are served when this returns true. Root mounts with mount(2), others through fusermount3.
    /// </summary>
    /// <param name="engine">Stays the caller's; must live until the drive has ended.</param>
    /// <param name="mountPoint">An existing folder.</param>
    /// <param name="options">Out-of-range values throw.</param>
    /// <param name="log">Hears of failed operations.</param>
    /// <param name="drive">The caller's to dispose; null when false.</param>
    /// <param name="error">One line for the user when false, empty when true; nothing is left mounted then.</param>
    public static bool TryMount(VaultFileSystem engine, string mountPoint, FuseOptions options, IFuseLog log, out FuseDrive? drive, out string error)
        => throw new NotSupportedException();

    /// <summary>Waits until the drive was unmounted and every handle is released.</summary>
    public void WaitUntilUnmounted() => throw new NotSupportedException();

    /// <summary>As above, but no longer than the timeout; false when the drive still lives.</summary>
    public bool WaitUntilUnmounted(TimeSpan timeout) => throw new NotSupportedException();

    /// <summary>Unmounts this drive. Done does not wait: call WaitUntilUnmounted next.</summary>
    /// <param name="lazy">Take the name away now even when busy.</param>
    /// <param name="error">One line for the user unless Done.</param>
    public UnmountResult Unmount(bool lazy, out string error) => throw new NotSupportedException();

    /// <summary>Unmounts a drive of any process, also a dead one's.</summary>
    public static UnmountResult Unmount(string mountPoint, bool lazy, out string error) => throw new NotSupportedException();

    /// <summary>True when something (of any kind) is mounted exactly at this absolute path.</summary>
    public static bool IsMountPoint(string path) => throw new NotSupportedException();

    /// <summary>
    /// Ends the drive at once: unmounts lazily, aborts the connection (callers with open files get ENOTCONN), waits for the threads and
    /// releases every handle. Nothing is left to do when the drive has ended already.
    /// </summary>
    public void Dispose() => throw new NotSupportedException();
}
