using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using SecureVault.Dokan;
using SecureVault.Dokan.Driver;
using SecureVault.FileSystem;
using SecureVault.Service.Control;
using SecureVault.Vaults;
using Serilog;

namespace SecureVault.Service.Kernels;

/// <summary>Drives on letters, through the Dokan driver.</summary>
[SupportedOSPlatform("windows")]
internal sealed class DokanKernel : IDriveKernel
{
    public string MountPointHelp => "A free drive letter, like X:; without one, the last that is free.";

    public bool ChoosesPlaces => true;

    public VaultResult Choose(string? given, out string mountPoint) => DriveLetter.Choose(given, DriveLetter.Taken(), out mountPoint);

    public string Absolute(string mountPoint) => mountPoint;

    public VaultResult Check(string vaultFolder, string mountPoint, out string vault, out string place)
    {
        vault = Path.TrimEndingDirectorySeparator(Path.GetFullPath(vaultFolder));
        place = "";
        if (!Directory.Exists(vault))
        {
            return new VaultResult(VaultError.NotAVault, $"{vaultFolder}: no such vault; make one with: securevault init {ShellWord.Of(vaultFolder)}");
        }

        VaultResult result = DriveLetter.Choose(mountPoint, DriveLetter.Taken(), out place);
        return result.IsOk ? DokanDriver.Check() : result;
    }

    public VaultResult TryMount(VaultFileSystem engine, string place, DriveMounting mounting, ILogger log, out IMountedDrive? drive)
    {
        drive = null;
        if (mounting.MountManager && !mounting.Everyone)
        {
            return new VaultResult(VaultError.Failed, $"{place}: the setting mountManager shows a drive to everyone on this machine: mount as an administrator, or leave it out");
        }

        var options = new NtDriveOptions { Serial = mounting.Serial };
        IDokanDrive? dokan = DokanDrives.TryMount(engine, new DokanPlace(place, mounting.Everyone, mounting.MountManager), options, new DokanLog(log), out string error);
        drive = dokan is null ? null : new Mounted(dokan, place);
        return dokan is null ? new VaultResult(VaultError.Failed, $"{place}: {error}") : VaultResult.Ok;
    }

    public bool IsServedBy(string mountPoint, FoundDrive drive) => DriveLetter.TryParse(mountPoint, out string place) && drive.State.MountPoint == place;

    /// <summary>A letter is what it is.</summary>
    public bool WasServedBy(string mountPoint, FoundDrive drive) => false;

    public bool ShouldAnswer(string mountPoint) => false;

    public IReadOnlyList<UnansweredPlace> Unlisted(IReadOnlyList<FoundDrive> found) => [];

    public VaultResult Unanswered(string mountPoint, bool force) => new(VaultError.Failed, $"{mountPoint}: no drive of yours is mounted here; securevault status lists them");

    /// <summary>Windows says who has a file open only to debuggers; the drive itself knows, and says it with its answer.</summary>
    public string UsersOf(string place) => "";

    private sealed class DokanLog(ILogger log) : INtLog
    {
        public void OperationFailed(string operation, Exception exception) => Log.OperationFailed(log, operation, exception);

        public void Trouble(string message) => Log.Trouble(log, message);
    }

    private sealed class Mounted(IDokanDrive drive, string place) : IMountedDrive
    {
        public int OpenHandles => drive.OpenHandles;

        public string Place => place;

        /// <summary>There is one name space for all.</summary>
        public string HoldersElsewhere() => "";

        public void WaitUntilUnmounted() => drive.WaitUntilUnmounted(Timeout.InfiniteTimeSpan);

        public bool WaitUntilUnmounted(TimeSpan timeout) => drive.WaitUntilUnmounted(timeout);

        public UnmountOutcome Unmount(out string error)
        {
            if (drive.OpenHandles > 0)
            {
                string users = ProgramNames.Join([.. drive.Holders.Select(holder => ProgramNames.Of(holder.Executable, holder.Pid))]);
                error = users.Length > 0 ? $"close what {users} has open there" : "";
                return UnmountOutcome.Busy;
            }

            error = "the Dokan driver did not take the drive letter away";
            return drive.Unmount() ? UnmountOutcome.Done : UnmountOutcome.Failed;
        }

        /// <summary>The driver writes what mappings changed before it lets a file go.</summary>
        public void FlushMappings()
        {
        }

        public void Dispose() => drive.Dispose();
    }
}
