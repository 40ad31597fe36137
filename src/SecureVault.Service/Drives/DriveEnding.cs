using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SecureVault.Service.Control;
using SecureVault.Service.Kernels;
using SecureVault.Service.Machines;
using SecureVault.Service.Native;
using SecureVault.Vaults;

namespace SecureVault.Service.Drives;

/// <summary>Ends a drive of another process and says how it ended.</summary>
/// <param name="find">Asks for the drives that answer.</param>
internal sealed class DriveEnding(Func<IReadOnlyList<FoundDrive>> find, ControlClient client, TimeProvider clock)
{
    /// <summary>How long the process may take to end after its last word, or after it broke off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How long a drive whose control place was taken away may take to make it anew.</summary>
    private static readonly TimeSpan Remaking = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>As <see cref="DriveDirectory.Unmount(string, bool)"/>.</summary>
    public VaultResult Unmount(string mountPoint, bool force)
    {
        IDriveKernel kernel = Machine.This.Kernel;
        IReadOnlyList<FoundDrive> found = find();
        FoundDrive? drive = At(mountPoint, found);
        for (long start = clock.GetTimestamp(); drive is null && kernel.ShouldAnswer(mountPoint) && clock.GetElapsedTime(start) < Remaking;)
        {
            Pause();
            drive = At(mountPoint, found = find());
        }

        return drive is not null ? End(mountPoint, drive, force)
            : found.FirstOrDefault(d => kernel.WasServedBy(mountPoint, d)) is { } moved ? Failed($"{mountPoint}: no drive is mounted here any more: a folder above it was renamed, and its drive is at {moved.State.MountPoint}; to end it: securevault unmount {moved.State.MountPoint}")
            : kernel.Unanswered(mountPoint, force);
    }

    /// <summary>What is mounted there comes before what was.</summary>
    private static FoundDrive? At(string mountPoint, IReadOnlyList<FoundDrive> found) =>
        found.OrderBy(d => d.State.Held).FirstOrDefault(d => Machine.This.Kernel.IsServedBy(mountPoint, d));

    private VaultResult End(string mountPoint, FoundDrive drive, bool force)
    {
        using IProcessEnd? process = Machine.This.EndOf(drive.Peer.Pid);
        ControlAnswer? answer = client.Unmount(drive, force);
        if (answer is { Ended: false, Error.Length: > 0 })
        {
            string users = answer.Error == ControlAnswer.Busy ? Machine.This.Kernel.UsersOf(drive.State.MountPoint) : "";
            return Failed($"{mountPoint}: {answer.Error}" + (users.Length > 0 ? $": close what {users} has open there" : ""));
        }

        bool ended = process is null || process.Wait(Patience, clock);
        return answer is { Error.Length: > 0 } ? Failed($"{mountPoint} is unmounted, but {answer.Error}")
            : !ended ? Failed($"{mountPoint}: unmounted, but process {drive.Peer.Pid} is still saving; wait for it before you move the vault")
            : answer is null ? Failed($"{mountPoint}: process {drive.Peer.Pid} of its drive ended without a word that everything is saved; what was written last may be lost: mount the vault again, which recovers what is on the disk")
            : VaultResult.Ok;
    }

    private void Pause()
    {
        using var passed = new ManualResetEventSlim();
        using ITimer timer = clock.CreateTimer(_ => passed.Set(), null, Look, Timeout.InfiniteTimeSpan);
        passed.Wait();
    }

    private static VaultResult Failed(string message) => new(VaultError.Failed, message);
}
