using System.Collections.Generic;
using System.IO;
using System.Linq;
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

    public VaultResult Check(string vaultFolder, string mountPoint, out string vault, out string place)
    {
        VaultResult result = MountPointCheck.Check(vaultFolder, mountPoint, out vault, out place);
        return !result.IsOk || FuseDrive.IsAvailable(out string reason) ? result : Failed($"Nothing can be mounted here: {reason}");
    }

    public VaultResult TryMount(VaultFileSystem engine, string place, DriveMounting mounting, ILogger log, out IMountedDrive? drive)
    {
        var options = new FuseOptions { AllowOthers = mounting.Everyone, ReadOnly = mounting.ReadOnly, Threads = mounting.Threads, EntryTimeout = mounting.EntryTimeout, AttributeTimeout = mounting.EntryTimeout, AccessLists = mounting.AccessLists };
        bool mounted = FuseDrive.TryMount(engine, place, options, new FuseLog(log), out FuseDrive? fuse, out string error);
        drive = mounted ? new FuseMounted(fuse!) : null;
        return mounted ? VaultResult.Ok : Failed(error);
    }

    public bool IsServedBy(string mountPoint, FoundDrive drive)
    {
        string place = PlaceOf(mountPoint, out _);
        return drive.State.MountPoint == place && (MountTable.At(place)?.Owner is not { } owner || owner == drive.Peer.Uid);
    }

    public bool WasServedBy(string mountPoint, FoundDrive drive) =>
        drive.State.Origin == PlaceOf(mountPoint, out _) && drive.State.MountPoint != drive.State.Origin;

    public bool ShouldAnswer(string mountPoint) => MountTable.At(PlaceOf(mountPoint, out _)) is { IsDrive: true } mounted && IsMine(mounted) && !mounted.IsDead();

    public IReadOnlyList<UnansweredPlace> Unlisted(IReadOnlyList<FoundDrive> found)
    {
        MountEntry[] drives = [.. MountTable.Read().Where(m => m.IsDrive)];
        HashSet<string> answered = [.. drives.Where(m => found.Any(f => f.State.MountPoint == m.MountPoint && (m.Owner is null || m.Owner == f.Peer.Uid))).Select(m => m.Device)];
        return [.. drives.Where(m => !answered.Contains(m.Device)).DistinctBy(m => m.Device).Select(m => new UnansweredPlace(m.MountPoint, m.Owner, StateOf(m)))];
    }

    public VaultResult Unanswered(string mountPoint, bool force)
    {
        string place = PlaceOf(mountPoint, out int error);
        MountEntry? mounted = MountTable.At(place);
        return mounted is { IsDrive: true } && (error == Libc.ENOTCONN || mounted.IsDead()) ? Bury(mountPoint, place) : Missing(mountPoint, place, mounted, force);
    }

    public string UsersOf(string place) => MountUsers.Describe(place);

    private static string PlaceOf(string mountPoint, out int error) => RealPath.Of(mountPoint, out error) ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(mountPoint));

    private static bool IsMine(MountEntry mounted)
    {
        uint self = Libc.geteuid();
        return self == 0 || mounted.Owner is not { } owner || owner == self;
    }

    private static PlaceState StateOf(MountEntry mounted) => mounted.IsDead() ? PlaceState.Dead : IsMine(mounted) ? PlaceState.Silent : PlaceState.Foreign;

    /// <summary>The process of the drive was killed: what is left is a name that answers nobody.</summary>
    private static VaultResult Bury(string mountPoint, string place) => FuseDrive.Unmount(place, lazy: true, out string error) == UnmountResult.Done
        ? Failed($"{mountPoint}: its drive had died; what was left of it is removed. What was written there last and not synced may be lost: mount the vault again, which recovers what is on the disk")
        : new VaultResult(VaultError.NotPermitted, $"{mountPoint}: its drive died, and what is left cannot be removed by you ({error}): run as root");

    private static VaultResult Missing(string mountPoint, string place, MountEntry? mounted, bool force)
    {
        if (mounted is not { IsDrive: true })
        {
            return Failed($"{mountPoint}: no drive is mounted here; securevault status lists them");
        }

        if (!IsMine(mounted))
        {
            return new VaultResult(VaultError.NotPermitted, $"{mountPoint}: another user's drive; its owner or root may unmount it");
        }

        if (force && FuseDrive.TryAbort(place))
        {
            return Failed($"{mountPoint}: its drive does not answer and was cut off from its programs; its process saves what it has and ends. Its log says whether all of it was saved");
        }

        return Failed($"{mountPoint}: its drive does not answer; to end it: {(Libc.geteuid() == 0 ? "umount" : "fusermount3 -u")} {mountPoint}, then its process saves everything and ends by itself; its log says so");
    }

    private static VaultResult Failed(string message) => new(VaultError.Failed, message);
}
