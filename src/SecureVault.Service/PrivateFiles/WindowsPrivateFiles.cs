using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using SecureVault.Service.Native;

namespace SecureVault.Service.PrivateFiles;

/// <summary>Private by access control lists: SYSTEM, Administrators and the owner, nothing inherited; locks by LockFileEx.</summary>
/// <remarks>A volume that keeps no lists (FAT, exFAT) keeps the files readable to whoever reaches it. NTFS makes a rename durable by its own journal.</remarks>
[SupportedOSPlatform("windows")]
internal sealed class WindowsPrivateFiles : IPrivateFiles
{
    /// <summary>Longest time in which readers, one after the other, keep a small file open.</summary>
    private static readonly TimeSpan ReadersPatience = TimeSpan.FromSeconds(20);
    private static readonly SecurityIdentifier TrustedInstaller = new("S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464");

    /// <remarks>A folder that is there already and belongs to someone else is refused: any user may make folders in %ProgramData%.</remarks>
    public void Ensure(string folder, bool readers = false)
    {
        if (Directory.Exists(folder))
        {
            if (!IsTrusted(folder))
            {
                throw new UnauthorizedAccessException($"{folder}: belongs to another user");
            }

            return;
        }

        string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder));
        if (!string.IsNullOrEmpty(parent) && !Directory.Exists(parent))
        {
            Directory.CreateDirectory(parent);
        }

        OwnersAlone(readers).CreateDirectory(folder);
    }

    public IDisposable Take(string file) => Lock(file, 0)!;

    public IDisposable? TryTake(string file) => Lock(file, Kernel32.LOCKFILE_FAIL_IMMEDIATELY);

    public FileStream Create(string file) => new(file, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    public byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <remarks>Windows replaces no file that is open; readers of these files have them open for a moment only.</remarks>
    public void Replace(string next, string file)
    {
        using var moment = new ManualResetEventSlim();
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                File.Move(next, file, overwrite: true);
                return;
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException && Stopwatch.GetElapsedTime(start) < ReadersPatience)
            {
                moment.Wait(TimeSpan.FromMilliseconds(5));
            }
        }
    }

    public Stream ForLog(string file, Stream opened) => opened;

    public bool IsTrusted(string file)
    {
        FileSystemSecurity security = Directory.Exists(file) ? new DirectoryInfo(file).GetAccessControl(AccessControlSections.Owner) : new FileInfo(file).GetAccessControl(AccessControlSections.Owner);
        if (security.GetOwner(typeof(SecurityIdentifier)) is not SecurityIdentifier owner)
        {
            return true; // a volume without owners
        }

        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        return owner.IsWellKnown(WellKnownSidType.LocalSystemSid) || owner.IsWellKnown(WellKnownSidType.BuiltinAdministratorsSid) || owner == TrustedInstaller || owner == self.User;
    }

    private static unsafe SafeFileHandle? Lock(string file, uint how)
    {
        SafeFileHandle handle = File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var whole = default(NativeOverlapped);
        if (Kernel32.LockFileEx(handle, Kernel32.LOCKFILE_EXCLUSIVE_LOCK | how, 0, 1, 0, &whole))
        {
            return handle; // closing it gives the lock back
        }

        bool taken = Marshal.GetLastPInvokeError() is Kernel32.ERROR_LOCK_VIOLATION or Kernel32.ERROR_IO_PENDING;
        string reason = Marshal.GetLastPInvokeErrorMessage();
        handle.Dispose();
        return taken ? null : throw new IOException($"{file}: {reason}");
    }

    private static DirectorySecurity OwnersAlone(bool readers)
    {
        const InheritanceFlags below = InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit;
        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (SecurityIdentifier owner in new[] { new SecurityIdentifier(WellKnownSidType.LocalSystemSid, null), new SecurityIdentifier(WellKnownSidType.BuiltinAdministratorsSid, null), self.User! })
        {
            security.AddAccessRule(new FileSystemAccessRule(owner, FileSystemRights.FullControl, below, PropagationFlags.None, AccessControlType.Allow));
        }

        if (readers)
        {
            security.AddAccessRule(new FileSystemAccessRule(new SecurityIdentifier(WellKnownSidType.BuiltinUsersSid, null), FileSystemRights.ReadAndExecute, below, PropagationFlags.None, AccessControlType.Allow));
        }

        return security;
    }
}
