using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using SecureVault.Fuse.Native;

namespace SecureVault.Fuse.Mount;

/// <summary>Chooses the way of mounting and unmounting for this process.</summary>
internal static class Mounter
{
    /// <summary>Mounts and answers the descriptor the session reads.</summary>
    public static bool TryMount(MountRequest request, out int descriptor, out string error)
        => MountRequest.IsRoot ? KernelMount.TryMount(request, out descriptor, out error) : FusermountChild.TryMount(request, out descriptor, out error);

    /// <summary>Unmounts this very mount, wherever its folder is by now. Done also when it is gone already.</summary>
    public static UnmountResult Unmount(MountRow mount, bool lazy, out string error)
    {
        MountRow? now = MountTable.Of(mount.Device).FirstOrDefault(row => row.Id == mount.Id);
        error = "";
        if (now is null)
        {
            return UnmountResult.Done;
        }

        if (MountTable.Find(now.MountPoint)?.Id != now.Id)
        {
            error = $"{now.MountPoint}: something else is mounted over it; take that off first: umount {now.MountPoint}";
            return UnmountResult.Failed;
        }

        UnmountResult result = Unmount(now.MountPoint, lazy, out error);
        if (result != UnmountResult.NotMounted)
        {
            return result;
        }

        error = $"{now.MountPoint}: hidden beneath another mount; take that off first";
        return UnmountResult.Failed;
    }

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

    /// <summary>Ends the connection whoever holds files open, and takes its names away: pending and later calls get ENOTCONN.</summary>
    /// <returns>False when the kernel offers no way: no name of it is left here, and no fusectl is mounted.</returns>
    public static bool TryAbort(string device)
    {
        bool aborted = false;
        foreach (MountRow row in MountTable.Of(device).Where(row => MountTable.Find(row.MountPoint)?.Id == row.Id))
        {
            if (MountRequest.IsRoot)
            {
                aborted |= KernelMount.Unmount(row.MountPoint, true, true) == 0;
            }
            else
            {
                _ = FusermountChild.TryUnmount(row.MountPoint, true, out _);
            }
        }

        return aborted || (device.Length > 0 && TryAbortByFile(device));
    }

    private static bool TryAbortByFile(string device)
    {
        try
        {
            File.WriteAllText($"/sys/fs/fuse/connections/{MountTable.Minor(device)}/abort", "1");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
