using System.Globalization;
using System.Runtime.InteropServices;
using SecureVault.Fuse.Native;

namespace SecureVault.Fuse.Mount;

/// <summary>Mounting and unmounting as root, by system calls.</summary>
internal static class KernelMount
{
    /// <summary>Opens /dev/fuse and mounts it.</summary>
    /// <param name="descriptor">The caller's to close; closing the last one ends the drive.</param>
    public static bool TryMount(MountRequest request, out int descriptor, out string error)
    {
        error = "";
        descriptor = LibC.open(MountRequest.Device, LibC.O_RDWR | LibC.O_CLOEXEC);
        if (descriptor < 0)
        {
            error = Marshal.GetLastPInvokeError() == Errno.EPERM ? MountRights.Forbidden($"opening {MountRequest.Device}") : $"{MountRequest.Device}: {MountRequest.LastError()}";
            return false;
        }

        ulong flags = LibC.MS_NOSUID | LibC.MS_NODEV | (request.ReadOnly ? LibC.MS_RDONLY : 0);
        if (LibC.mount(request.Source, request.MountPoint, MountRequest.Type, (nuint)flags, Options(request, descriptor)) == 0)
        {
            return true;
        }

        error = Marshal.GetLastPInvokeError() == Errno.EPERM ? MountRights.Forbidden("mounting") : $"{request.MountPoint}: cannot be mounted on: {MountRequest.LastError()}";
        _ = LibC.close(descriptor);
        descriptor = -1;
        return false;
    }

    /// <summary>rootmode is octal: a folder.</summary>
    private static string Options(MountRequest request, int descriptor) => string.Create(
        CultureInfo.InvariantCulture,
        $"fd={descriptor},rootmode=40000,user_id=0,group_id=0,default_permissions,max_read={request.MaxReadBytes}{(request.AllowOthers ? ",allow_other" : "")}");

    /// <summary>Unmounts; errno says how it went, 0 = done.</summary>
    public static int Unmount(string mountPoint, bool lazy, bool abort)
    {
        int flags = LibC.UMOUNT_NOFOLLOW | (lazy ? LibC.MNT_DETACH : 0) | (abort ? LibC.MNT_FORCE : 0);
        return LibC.umount2(mountPoint, flags) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }
}
