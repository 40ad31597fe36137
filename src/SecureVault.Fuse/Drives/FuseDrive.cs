using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using SecureVault.FileSystem;
using SecureVault.Fuse.Mount;
using SecureVault.Fuse.Operations;
using SecureVault.Fuse.Session;

namespace SecureVault.Fuse.Drives;

/// <summary>A vault mounted on this machine's kernel.</summary>
/// <remarks>Any thread. The drive ends when it is unmounted, by whom ever; then every open handle has been released to the engine.</remarks>
public sealed class FuseDrive : IDisposable
{
    /// <summary>How long Dispose waits for the threads after the connection was aborted.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(60);

    private readonly FuseSession _session;
    private readonly IFuseLog _log;
    private readonly MountRow _row;

    private FuseDrive(FuseSession session, string mountPoint, IFuseLog log, MountRow row)
    {
        _session = session;
        _log = log;
        _row = row;
        MountPoint = mountPoint;
    }

    /// <summary>The folder the drive is mounted on, as given, made absolute.</summary>
    public string MountPoint { get; }

    /// <summary>Where it is mounted now: a folder above may have been renamed. Empty when it is mounted nowhere that this process sees.</summary>
    public string Place => Rows().FirstOrDefault(row => row.Id == _row.Id)?.MountPoint ?? "";

    /// <summary>major:minor, as the mount tables of all processes have it for every mount of this drive.</summary>
    public string Device => _row.Device;

    /// <summary>Open files and folders at this moment.</summary>
    public int OpenHandles => _session.OpenHandles;

    /// <summary>True once the drive has been unmounted and everything it held is released.</summary>
    public bool Ended => _session.Ended;

    /// <summary>Says whether this process could mount at all: /dev/fuse exists, and it is root with the right to mount, or fusermount3 is installed and may be used.</summary>
    /// <param name="reason">One line for the user when false, empty when true.</param>
    public static bool IsAvailable(out string reason)
    {
        reason = !File.Exists(MountRequest.Device) ? $"{MountRequest.Device} does not exist: load the kernel's fuse module (modprobe fuse), or give the container the device (--device {MountRequest.Device})"
            : !MountRequest.IsRoot && !FusermountChild.IsInstalled ? "fusermount3 is not installed (package fuse3): without it only root can mount"
            : MountRights.Missing(MountRequest.IsRoot);
        return reason.Length == 0;
    }

    /// <summary>
    /// Mounts and shakes hands with the kernel; requests are served when this returns true. Root mounts with mount(2), others through fusermount3.
    /// </summary>
    /// <param name="engine">Stays the caller's; must live until the drive has ended.</param>
    /// <param name="mountPoint">An existing folder; symlinks in it are followed by the kernel, so pass a resolved path.</param>
    /// <param name="options">Out-of-range values throw.</param>
    /// <param name="log">Hears of failed operations.</param>
    /// <param name="drive">The caller's to dispose; null when false.</param>
    /// <param name="error">One line for the user when false, empty when true; nothing is left mounted then.</param>
    public static bool TryMount(VaultFileSystem engine, string mountPoint, FuseOptions options, IFuseLog log, out FuseDrive? drive, out string error)
        => TryMount(new VaultDrive(engine), mountPoint, options, log, out drive, out error);

    /// <summary>As above, over anything that answers the waist's calls.</summary>
    internal static bool TryMount(
        IDriveOperations operations, string mountPoint, FuseOptions options, IFuseLog log, out FuseDrive? drive, out string error)
    {
        options.ThrowIfOutOfRange();
        drive = null;
        if (!IsAvailable(out error))
        {
            return false;
        }

        string path = Absolute(mountPoint);
        var request = new MountRequest(path, options.Source, options.AllowOthers, options.ReadOnly, options.MaxRequestBytes);
        if (!Mounter.TryMount(request, out int descriptor, out error))
        {
            return false;
        }

        var session = new FuseSession(operations, options, log, descriptor);
        if (!session.TryBegin())
        {
            error = $"{path}: the kernel's FUSE protocol is older than 7.{Handshake.OldestMinor}, or the drive was unmounted at once";
            _ = Mounter.Unmount(path, true, out _);
            session.Abandon();
            return false;
        }

        session.Start();
        MountRow row = MountTable.Find(path) ?? new MountRow(-1, "", path, MountRequest.Type); // unmounted at once: the session finds its end
        if (MountRequest.IsRoot && !Mounter.TryRaiseReadAhead(row, options.ReadAheadBytes))
        {
            log.Trouble("The kernel's read-ahead could not be raised: sequential reads are slower.");
        }

        drive = new FuseDrive(session, path, log, row);
        return true;
    }

    /// <summary>Waits until the drive was unmounted and every handle is released.</summary>
    public void WaitUntilUnmounted() => _session.Wait(Timeout.InfiniteTimeSpan);

    /// <summary>As above, but no longer than the timeout; false when the drive still lives.</summary>
    public bool WaitUntilUnmounted(TimeSpan timeout) => _session.Wait(timeout);

    /// <summary>Unmounts this drive, wherever its folder is by now, and what root has bound of it elsewhere. Done does not wait: call WaitUntilUnmounted next.</summary>
    /// <param name="lazy">Take the name away now even when busy.</param>
    /// <param name="error">One line for the user unless Done or Held.</param>
    /// <returns>Held: no name is left, and it is still served; see OpenHandles, and Dispose ends it.</returns>
    public UnmountResult Unmount(bool lazy, out string error)
    {
        error = "";
        if (_session.Ended)
        {
            return UnmountResult.Done;
        }

        // Its own mount last: when one of the others is busy, the drive is found where it was.
        foreach (MountRow row in Rows().Where(row => MountRequest.IsRoot || row.Id == _row.Id).OrderBy(row => row.Id == _row.Id))
        {
            UnmountResult result = Mounter.Unmount(row, lazy, out error);
            if (result != UnmountResult.Done)
            {
                return result;
            }
        }

        return lazy || !_session.IsConnected ? UnmountResult.Done : UnmountResult.Held;
    }

    /// <summary>Unmounts a drive of any process, also a dead one's.</summary>
    /// <param name="error">One line for the user unless Done.</param>
    public static UnmountResult Unmount(string mountPoint, bool lazy, out string error) => Mounter.Unmount(Absolute(mountPoint), lazy, out error);

    /// <summary>True when something (of any kind) is mounted exactly at this path. Asks no file system, so a dead drive cannot hang it.</summary>
    public static bool IsMountPoint(string path) => MountTable.Find(Absolute(path)) is not null;

    /// <summary>True when a drive is mounted there whose process has died: every call answers ENOTCONN until it is unmounted.</summary>
    public static bool IsDead(string mountPoint) => Mounter.IsDead(Absolute(mountPoint));

    /// <summary>Ends the connection of a drive of any process, whoever has files open there: its process then releases and saves what it has.</summary>
    /// <returns>False when nothing of this kind is mounted there, or the system refuses.</returns>
    public static bool TryAbort(string mountPoint) => MountTable.Find(Absolute(mountPoint)) is { } row && row.Type == MountRequest.Type && Mounter.TryAbort(row.Device);

    /// <summary>
    /// Ends the drive at once: unmounts lazily, aborts the connection (callers with open files get ENOTCONN), waits for the threads and
    /// releases every handle. Nothing is left to do when the drive has ended already.
    /// </summary>
    public void Dispose()
    {
        if (_session.Ended)
        {
            // A forced unmount of a busy drive, or an abort, ends the session and leaves the name behind.
            if (Place is { Length: > 0 } place && IsDead(place))
            {
                _ = Mounter.Unmount(place, true, out _);
            }

            return;
        }

        // A clean unmount first: it lets the kernel write back what shared mappings changed.
        bool ends = Unmount(false, out _) == UnmountResult.Done || Mounter.TryAbort(_row.Device);
        if (!(ends ? _session.Wait(AbortPatience) : _session.Cut(AbortPatience)))
        {
            _log.Trouble("The drive's threads did not end: something that is being served takes too long.");
        }
    }

    private IReadOnlyList<MountRow> Rows() => MountTable.Of(_row.Device);

    private static string Absolute(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
