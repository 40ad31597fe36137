using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using SecureVault.Service.Native;

namespace SecureVault.Service.PrivateFiles;

/// <summary>Private by mode bits; locks by flock.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxPrivateFiles : IPrivateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnly = OwnerFile | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerAndReaders = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public void Ensure(string folder, bool readers = false)
    {
        if (!Directory.Exists(folder))
        {
            UnixFileMode mode = readers ? OwnerAndReaders : OwnerOnly;
            string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder));
            if (!string.IsNullOrEmpty(parent))
            {
                Directory.CreateDirectory(parent, OwnerAndReaders);
            }

            Directory.CreateDirectory(folder, mode);
            File.SetUnixFileMode(folder, mode);
        }
    }

    public IDisposable Take(string file) => Lock(file, Libc.LOCK_EX)!;

    public IDisposable? TryTake(string file) => Lock(file, Libc.LOCK_EX | Libc.LOCK_NB);

    public FileStream Create(string file) =>
        new(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerFile });

    public byte[] Read(string file) => File.ReadAllBytes(file);

    public void Replace(string next, string file)
    {
        File.Move(next, file, overwrite: true);
        int descriptor = Libc.open(Path.GetDirectoryName(file)!, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (descriptor >= 0)
        {
            Libc.fsync(descriptor);
            Libc.close(descriptor);
        }
    }

    public Stream ForLog(string file, Stream opened)
    {
        File.SetUnixFileMode(file, OwnerFile);
        int descriptor = Libc.open(file, Libc.O_WRONLY | Libc.O_APPEND | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, 0);
        if (descriptor < 0)
        {
            return opened;
        }

        opened.Dispose();
        return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write);
    }

    /// <summary>/etc is root's: who may write there needs no settings to do harm.</summary>
    public bool IsTrusted(string file) => true;

    private static Held? Lock(string file, int how)
    {
        int descriptor = Libc.open(file, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0x180);
        if (descriptor < 0)
        {
            throw new IOException($"{file}: {ProcessHardening.LastError()}");
        }

        while (Libc.flock(descriptor, how) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.EINTR)
            {
                continue;
            }

            string reason = ProcessHardening.LastError();
            Libc.close(descriptor);
            return error == Libc.EAGAIN ? null : throw new IOException($"{file}: {reason}");
        }

        return new Held(descriptor);
    }

    private sealed class Held(int descriptor) : IDisposable
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
