using System;
using System.Globalization;
using System.Text;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>Changes the mode of a name without following it, on kernels with and without fchmodat2 (6.6).</summary>
internal static unsafe class ModeByName
{
    internal static VaultStatus Set(StoreHandle parent, ReadOnlySpan<byte> name, uint mode)
    {
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        bool held = false;
        try
        {
            parent.DangerousAddRef(ref held);
            nint result = LibC.syscall(Kernel.SYS_fchmodat2, parent.DangerousGetHandle(), path, (nint)mode, Kernel.AT_SYMLINK_NOFOLLOW);
            return result < 0 && SystemCall.LastError == Errno.ENOSYS ? SetThroughProc(parent, path, mode) : SystemCall.Status(result);
        }
        finally
        {
            if (held)
            {
                parent.DangerousRelease();
            }
        }
    }

    private static VaultStatus SetThroughProc(StoreHandle parent, byte* path, uint mode)
    {
        int descriptor = LibC.openat(parent, path, Kernel.O_PATH | Kernel.O_NOFOLLOW | Kernel.O_CLOEXEC, 0);
        if (descriptor < 0)
        {
            return SystemCall.LastStatus;
        }

        using var handle = new LinuxHandle(descriptor);
        VaultStatus status = LinuxAttributes.Stat(handle, out StoreStat stat);
        if (status != VaultStatus.Ok || stat.Kind == NodeKind.Symlink)
        {
            return status == VaultStatus.Ok ? VaultStatus.NotSupported : status;
        }

        fixed (byte* link = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}\0")))
        {
            return SystemCall.Status(LibC.chmod(link, mode));
        }
    }
}
