using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using SecureVault.Fuse;
using SecureVault.Fuse.Drives;
using SecureVault.Service.Native;

namespace SecureVault.Service.Kernels;

/// <summary>A drive through /dev/fuse.</summary>
internal sealed class FuseMounted(FuseDrive drive) : IMountedDrive
{
    /// <summary>How long files that were just closed may take to be released before somebody counts as having files open.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(30);

    public int OpenHandles => drive.OpenHandles;

    public string Place
    {
        get
        {
            try
            {
                return drive.Place;
            }
            catch (IOException)
            {
                return drive.MountPoint; // no descriptor is free to look with
            }
        }
    }

    public string HoldersElsewhere() => MountHolders.Describe(drive.Device);

    public void WaitUntilUnmounted() => drive.WaitUntilUnmounted();

    public bool WaitUntilUnmounted(TimeSpan timeout) => drive.WaitUntilUnmounted(timeout);

    /// <remarks>A copy of the mount in another namespace would be served on after the name here is gone, so what is open counts before the name is taken away.</remarks>
    public UnmountOutcome Unmount(out string error)
    {
        error = "";
        if (drive.OpenHandles > 0 && MountHolders.Describe(drive.Device, opened: true) is { Length: > 0 } elsewhere && !IsIdleSoon())
        {
            error = Held(elsewhere);
            return UnmountOutcome.Busy;
        }

        UnmountResult result = drive.Unmount(lazy: false, out error);
        if (result == UnmountResult.Held)
        {
            return Release(out error);
        }

        error = result == UnmountResult.Busy ? "" : error; // who it is, UsersOf says
        return result switch
        {
            UnmountResult.Done or UnmountResult.NotMounted => UnmountOutcome.Done,
            UnmountResult.Busy => UnmountOutcome.Busy,
            _ => UnmountOutcome.Failed,
        };
    }

    /// <remarks>sync waits for every file system of the machine; one that hangs must not keep this drive from ending.</remarks>
    public void FlushMappings() => Task.Factory.StartNew(Libc.sync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Wait(FlushPatience);

    public void Dispose() => drive.Dispose();

    /// <summary>No name is left, and somebody holds it: the end, unless files are open.</summary>
    private UnmountOutcome Release(out string error)
    {
        if (IsIdleSoon())
        {
            drive.Dispose();
            error = "";
            return UnmountOutcome.Done;
        }

        string holders = HoldersElsewhere();
        error = Held(holders.Length > 0 ? holders : "somebody whom this process does not see (files open since a lazy unmount, or a container)");
        return UnmountOutcome.Busy;
    }

    private static string Held(string holders) => $"files of it are open by {holders}: close them, or cut them off with: securevault unmount --force";

    private bool IsIdleSoon() => SpinWait.SpinUntil(() => drive.OpenHandles == 0, Grace);
}
