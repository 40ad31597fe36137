using System;
using System.Globalization;
using System.Text;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>Files held by a descriptor that only names them (O_PATH), to be opened when their last name is gone.</summary>
internal static unsafe class HeldFiles
{
    internal static VaultStatus Hold(StoreHandle directory, ReadOnlySpan<byte> name, out StoreHandle? held)
    {
        held = null;
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        int descriptor = RemovedObjects.Open(directory, path);
        held = descriptor >= 0 ? new LinuxHandle(descriptor) : null;
        return descriptor >= 0 ? VaultStatus.Ok : VaultStatus.NotSupported;
    }

    internal static VaultStatus Open(StoreHandle held, StoreOpen open, out StoreHandle? file)
    {
        bool counted = false;
        try
        {
            held.DangerousAddRef(ref counted);
            int flags = LinuxOpen.FlagsOf(open) & ~Kernel.O_NOFOLLOW; // the link in /proc is what is followed
            fixed (byte* link = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{held.DangerousGetHandle()}\0")))
            {
                int descriptor;
                do
                {
                    descriptor = LibC.openat(Kernel.AT_FDCWD, link, flags, 0);
                }
                while (SystemCall.Again(descriptor));
                file = descriptor >= 0 ? new LinuxHandle(descriptor) : null;
                return SystemCall.Status(descriptor);
            }
        }
        finally
        {
            if (counted)
            {
                held.DangerousRelease();
            }
        }
    }
}
