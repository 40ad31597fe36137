using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.FileSystem.Vaults;
using SecureVault.Fuse;
using SecureVault.Service.Configuration;
using SecureVault.Service.Control;
using SecureVault.Service.Native;

namespace SecureVault.Service.Drives;

/// <summary>Finds and ends drives from other processes.</summary>
public static class DriveDirectory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Drives that answer, of this user (root: of all).</summary>
    public static IReadOnlyList<DriveRow> List()
    {
        ServiceConfiguration.Load(null, [], out ServiceOptions options);
        return List(options);
    }

    /// <summary>Drives that answer, of this user (root: of all), with the settings given.</summary>
    public static IReadOnlyList<DriveRow> List(ServiceOptions options) =>
        [.. Find(options).Select(d => Row(d.State)).OrderBy(r => r.MountPoint, StringComparer.Ordinal)];

    /// <summary>Unmounts and waits until the drive's process has ended. Busy drives are named with who has files open.</summary>
    public static VaultResult Unmount(string mountPoint)
    {
        ServiceConfiguration.Load(null, [], out ServiceOptions options);
        return Unmount(mountPoint, options);
    }

    /// <summary>Unmounts with the settings given.</summary>
    /// <returns>Ok when the process of the drive has ended; Failed when there is no such drive, it is busy or does not end; NotPermitted for another user's.</returns>
    public static VaultResult Unmount(string mountPoint, ServiceOptions options)
    {
        string place = RealPath.Of(mountPoint, out int error) ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(mountPoint));
        MountEntry? mounted = MountTable.At(place);
        FoundDrive? drive = Find(options).FirstOrDefault(d => d.State.MountPoint == place && (mounted?.Owner is null || mounted.Owner == d.Uid));
        if (drive is null)
        {
            return error == Libc.ENOTCONN || mounted?.IsDead() == true ? Bury(mountPoint, place) : Missing(mountPoint, mounted);
        }

        using ProcessEnd? process = ProcessEnd.Of(drive.Pid);
        ControlAnswer? answer = new ControlClient(TimeProvider.System).Unmount(drive);
        if (answer is { Error.Length: > 0 })
        {
            string users = MountUsers.Describe(place);
            return Failed($"{mountPoint}: {answer.Error}" + (users.Length > 0 ? $": close what {users} has open there" : ""));
        }

        return process is null || process.Wait(Patience, TimeProvider.System)
            ? VaultResult.Ok
            : Failed($"{mountPoint}: unmounted, but process {drive.Pid} is still saving; wait for it before you move the vault");
    }

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

    private static IReadOnlyList<FoundDrive> Find(ServiceOptions options) => new ControlClient(TimeProvider.System).FindAll(Folders(options));

    /// <summary>Root sees the drives of users too.</summary>
    private static IEnumerable<string> Folders(ServiceOptions options)
    {
        yield return options.RunFolder;
        if (Libc.geteuid() == 0 && Directory.Exists("/run/user"))
        {
            foreach (string user in Directory.EnumerateDirectories("/run/user"))
            {
                yield return Path.Combine(user, "securevault");
            }
        }
    }

    private static DriveRow Row(DriveState state) =>
        new(state.Vault, state.MountPoint, state.Pid, state.Uid, state.User, state.Since, state.OpenFiles, state.PolicyVersion) { Warnings = state.Warnings };

    private static VaultResult Failed(string message) => new(VaultError.Failed, message);
}
