using System;
using System.IO;
using SecureVault.Service.Native;

namespace SecureVault.Service.State;

/// <summary>Folders and locks of this program outside a vault, private to their owner.</summary>
internal static class PrivateFolder
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode OwnerAndReaders = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes the folder and what leads to it when missing; the folder itself gets the mode. IOException when it cannot.</summary>
    public static void Ensure(string folder, UnixFileMode mode = OwnerOnly)
    {
        if (!Directory.Exists(folder))
        {
            string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder));
            if (!string.IsNullOrEmpty(parent))
            {
                Directory.CreateDirectory(parent, OwnerAndReaders);
            }

            Directory.CreateDirectory(folder, mode);
            File.SetUnixFileMode(folder, mode);
        }
    }

    /// <summary>Takes an exclusive lock on a file, waiting for who holds it. IOException when it cannot.</summary>
    public static Lock Take(string file)
    {
        int descriptor = Libc.open(file, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0x180);
        if (descriptor < 0)
        {
            throw new IOException($"{file}: {ProcessHardening.LastError()}");
        }

        while (Libc.flock(descriptor, Libc.LOCK_EX) != 0)
        {
            if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.EINTR)
            {
                Libc.close(descriptor);
                throw new IOException($"{file}: {ProcessHardening.LastError()}");
            }
        }

        return new Lock(descriptor);
    }

    /// <summary>fsync of a folder, so that a rename in it survives a power cut.</summary>
    public static void MakeDurable(string folder)
    {
        int descriptor = Libc.open(folder, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (descriptor >= 0)
        {
            Libc.fsync(descriptor);
            Libc.close(descriptor);
        }
    }

    /// <summary>A lock held until disposed.</summary>
    internal sealed class Lock(int descriptor) : IDisposable
    {
        private int _descriptor = descriptor;

        public void Dispose()
        {
            if (_descriptor >= 0)
            {
                Libc.close(_descriptor);
                _descriptor = -1;
            }
        }
    }
}
