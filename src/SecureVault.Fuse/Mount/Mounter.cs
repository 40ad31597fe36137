using System;
using System.IO;
using System.Runtime.InteropServices;
using SecureVault.Fuse.Native;

namespace SecureVault.Fuse.Mount;

/// <summary>Chooses the way of mounting and unmounting for this process.</summary>
internal static class Mounter
{
    /// <summary>Mounts and answers the descriptor the session reads.</summary>
    public static bool TryMount(MountRequest request, out int descriptor, out string error)
        => MountRequest.IsRoot ? KernelMount.TryMount(request, out descriptor, out error) : FusermountChild.TryMount(request, out descriptor, out error);

    /// <summary>Unmounts what is at the path, when it is of a FUSE type.</summary>
    public static UnmountResult Unmount(string mountPoint, bool lazy, out string error)
    {
        MountRow? row = MountTable.Find(mountPoint);
        if (row is null || !row.Type.StartsWith("fuse", StringComparison.Ordinal))
        {
            error = $"{mountPoint}: no drive is mounted here";
            return UnmountResult.NotMounted;
        }

        if (!MountRequest.IsRoot)
        {
            bool done = FusermountChild.TryUnmount(mountPoint, lazy, out error);
            return done ? UnmountResult.Done : error.Contains("busy", StringComparison.OrdinalIgnoreCase) ? UnmountResult.Busy : UnmountResult.Failed;
        }

        int errno = KernelMount.Unmount(mountPoint, lazy, false);
        error = errno == 0 ? "" : $"{mountPoint}: {MountRequest.ErrorText(errno)}";
        return errno switch
        {
            0 => UnmountResult.Done,
            Errno.EBUSY => UnmountResult.Busy,
            Errno.EINVAL => UnmountResult.NotMounted,
            _ => UnmountResult.Failed,
        };
    }

    /// <summary>True when a FUSE mount is there whose server has gone: every call on it answers ENOTCONN.</summary>
    public static bool IsDead(string mountPoint)
    {
        MountRow? row = MountTable.Find(mountPoint);
        if (row is null || !row.Type.StartsWith("fuse", StringComparison.Ordinal))
        {
            return false;
        }

        int descriptor = LibC.open(mountPoint, LibC.O_DIRECTORY | LibC.O_CLOEXEC);
        if (descriptor >= 0)
        {
            _ = LibC.close(descriptor);
            return false;
        }

        return Marshal.GetLastPInvokeError() == Errno.ENOTCONN;
    }

    /// <summary>Asks for more read-ahead than the kernel's default of 128 KiB; only root may, and a refusal costs speed alone.</summary>
    public static bool TryRaiseReadAhead(MountRow row, int bytes)
    {
        try
        {
            File.WriteAllText($"/sys/class/bdi/{row.Device}/read_ahead_kb", $"{bytes / 1024}\n");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Ends the connection whoever holds files open, and takes the name away: pending and later calls get ENOTCONN.</summary>
    /// <returns>False when an ordinary user's system has no fusectl mounted: the drive then ends with its last open file.</returns>
    public static bool TryAbort(string mountPoint, MountRow? row)
    {
        if (MountRequest.IsRoot)
        {
            return KernelMount.Unmount(mountPoint, true, true) == 0;
        }

        _ = FusermountChild.TryUnmount(mountPoint, true, out _);
        try
        {
            File.WriteAllText($"/sys/fs/fuse/connections/{MountTable.Minor(row?.Device ?? "0:0")}/abort", "1");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
