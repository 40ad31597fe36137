using System;
using System.IO;
using System.Runtime.Versioning;
using SecureVault.FileSystem;
using SecureVault.Fuse;
using SecureVault.Fuse.Drives;
using SecureVault.Service.Control;
using SecureVault.Service.Native;
using SecureVault.Vaults;
using Serilog;

namespace SecureVault.Service.Kernels;

/// <summary>Drives on empty folders, through /dev/fuse.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FuseKernel : IDriveKernel
{
    public string MountPointHelp => "An empty folder; the drive appears there.";

    public bool ChoosesPlaces => false;

    public VaultResult Choose(string? given, out string mountPoint)
    {
        mountPoint = given ?? "";
        return given is null ? new VaultResult(VaultError.Usage, "No mount point: give an empty folder for the drive to appear at.") : VaultResult.Ok;
    }

    public string Absolute(string mountPoint) => Path.GetFullPath(mountPoint);

    public VaultResult Check(string vaultFolder, string mountPoint, out string vault, out string place) => MountPointCheck.Check(vaultFolder, mountPoint, out vault, out place);

    public VaultResult TryMount(VaultFileSystem engine, string place, DriveMounting mounting, ILogger log, out IMountedDrive? drive)
    {
        var options = new FuseOptions { AllowOthers = mounting.Everyone, ReadOnly = mounting.ReadOnly, Threads = mounting.Threads, EntryTimeout = mounting.EntryTimeout, AttributeTimeout = mounting.EntryTimeout };
        bool mounted = FuseDrive.TryMount(engine, place, options, new FuseLog(log), out FuseDrive? fuse, out string error);
        drive = mounted ? new Mounted(fuse!) : null;
        return mounted ? VaultResult.Ok : Failed(error);
    }

    public bool IsServedBy(string mountPoint, FoundDrive drive)
    {
        string place = PlaceOf(mountPoint, out _);
        return drive.State.MountPoint == place && (MountTable.At(place)?.Owner is not { } owner || owner == drive.Peer.Uid);
    }

    public VaultResult Unanswered(string mountPoint)
    {
        string place = PlaceOf(mountPoint, out int error);
        MountEntry? mounted = MountTable.At(place);
        return error == Libc.ENOTCONN || mounted?.IsDead() == true ? Bury(mountPoint, place) : Missing(mountPoint, mounted);
    }

    public string UsersOf(string place) => MountUsers.Describe(place);

    private static string PlaceOf(string mountPoint, out int error) => RealPath.Of(mountPoint, out error) ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(mountPoint));

    /// <summary>The process of the drive was killed: what is left is a name that answers nobody.</summary>
    private static VaultResult Bury(string mountPoint, string place) => FuseDrive.Unmount(place, lazy: true, out string error) == UnmountResult.Done
        ? VaultResult.Ok
        : new VaultResult(VaultError.NotPermitted, $"{mountPoint}: its drive died, and what is left cannot be removed by you ({error}): run as root");

    private static VaultResult Missing(string mountPoint, MountEntry? mounted)
    {
        if (mounted is not { IsDrive: true })
        {
            return Failed($"{mountPoint}: no drive is mounted here; securevault status lists them");
        }

        uint self = Libc.geteuid();
        return self != 0 && mounted.Owner is { } owner && owner != self
            ? new VaultResult(VaultError.NotPermitted, $"{mountPoint}: another user's drive; its owner or root may unmount it")
            : Failed($"{mountPoint}: its drive does not answer; see its log; if it never does, end its process");
    }

    private static VaultResult Failed(string message) => new(VaultError.Failed, message);

    private sealed class Mounted(FuseDrive drive) : IMountedDrive
    {
        public int OpenHandles => drive.OpenHandles;

        public void WaitUntilUnmounted() => drive.WaitUntilUnmounted();

        public bool WaitUntilUnmounted(TimeSpan timeout) => drive.WaitUntilUnmounted(timeout);

        public UnmountOutcome Unmount(out string error)
        {
            UnmountResult result = drive.Unmount(lazy: false, out error);
            error = result == UnmountResult.Busy ? "" : error; // who it is, UsersOf says
            return result switch
            {
                UnmountResult.Done or UnmountResult.NotMounted => UnmountOutcome.Done,
                UnmountResult.Busy => UnmountOutcome.Busy,
                _ => UnmountOutcome.Failed,
            };
        }

        public void FlushMappings() => Libc.sync();

        public void Dispose() => drive.Dispose();
    }
}
