using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Service.Configuration;
using SecureVault.Service.Control;
using SecureVault.Service.Kernels;
using SecureVault.Service.Machines;
using SecureVault.Service.Native;
using SecureVault.Vaults;

namespace SecureVault.Service.Drives;

/// <summary>Finds and ends drives from other processes.</summary>
public static class DriveDirectory
{
    /// <summary>How long an unmounted drive's process may still save what was written.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Drives that answer, of this user (administrators: of all).</summary>
    public static IReadOnlyList<DriveRow> List()
    {
        ServiceConfiguration.Load(null, [], out ServiceOptions options);
        return List(options);
    }

    /// <summary>Drives that answer, of this user (administrators: of all), with the settings given.</summary>
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
        IDriveKernel kernel = Machine.This.Kernel;
        FoundDrive? drive = Find(options).FirstOrDefault(d => kernel.IsServedBy(mountPoint, d));
        if (drive is null)
        {
            return kernel.Unanswered(mountPoint);
        }

        using IProcessEnd? process = Machine.This.EndOf(drive.Peer.Pid);
        ControlAnswer? answer = Client().Unmount(drive);
        if (answer is { Error.Length: > 0 })
        {
            string users = kernel.UsersOf(drive.State.MountPoint);
            return Failed($"{mountPoint}: {answer.Error}" + (users.Length > 0 ? $": close what {users} has open there" : ""));
        }

        return process is null || process.Wait(Patience, TimeProvider.System)
            ? VaultResult.Ok
            : Failed($"{mountPoint}: unmounted, but process {drive.Peer.Pid} is still saving; wait for it before you move the vault");
    }

    private static IReadOnlyList<FoundDrive> Find(ServiceOptions options) => Client().FindAll(Machine.This.RunFolders(options.RunFolder));

    private static ControlClient Client() => new(Machine.This.Control, TimeProvider.System);

    private static DriveRow Row(DriveState state) =>
        new(state.Vault, state.MountPoint, state.Pid, state.Uid, state.Sid, state.User, state.Since, state.OpenFiles, state.PolicyVersion) { Warnings = state.Warnings, ReadOnly = state.ReadOnly, Store = state.Store };

    private static VaultResult Failed(string message) => new(VaultError.Failed, message);
}
