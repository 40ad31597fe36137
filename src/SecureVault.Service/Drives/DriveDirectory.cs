using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SecureVault.Service.Configuration;
using SecureVault.Service.Control;
using SecureVault.Service.Kernels;
using SecureVault.Service.Machines;
using SecureVault.Vaults;

namespace SecureVault.Service.Drives;

/// <summary>Finds and ends drives from other processes.</summary>
public static class DriveDirectory
{
    /// <summary>Drives of this machine: those of this user (administrators: of all) as they answer, the others as the system shows them.</summary>
    public static IReadOnlyList<DriveRow> List()
    {
        ServiceConfiguration.Load(null, [], out ServiceOptions options);
        return List(options);
    }

    /// <summary>As above, with the settings given.</summary>
    public static IReadOnlyList<DriveRow> List(ServiceOptions options)
    {
        IReadOnlyList<FoundDrive> found = Find(options);
        IEnumerable<DriveRow> others = Machine.This.Kernel.Unlisted(found).Select(place => Row(place, options.RunFolder));
        return [.. found.Select(d => Row(d.State)).Concat(others).OrderBy(r => r.MountPoint, StringComparer.Ordinal)];
    }

    /// <summary>Unmounts and waits until everything is saved and the drive's process has ended. Busy drives are named with who has files open.</summary>
    /// <param name="force">Whoever has files open is cut off.</param>
    public static VaultResult Unmount(string mountPoint, bool force = false)
    {
        ServiceConfiguration.Load(null, [], out ServiceOptions options);
        return Unmount(mountPoint, options, force);
    }

    /// <summary>Unmounts with the settings given.</summary>
    /// <returns>Ok when all is saved and the process of the drive has ended; Failed when there is no such drive, it is busy, does not end or could not save all; NotPermitted for another user's.</returns>
    public static VaultResult Unmount(string mountPoint, ServiceOptions options, bool force = false) => new DriveEnding(() => Find(options), Client, TimeProvider.System).Unmount(mountPoint, force);

    private static ControlClient Client => new(Machine.This.Control, TimeProvider.System);

    private static IReadOnlyList<FoundDrive> Find(ServiceOptions options) => Client.FindAll(Machine.This.RunFolders(options.RunFolder));

    private static DriveRow Row(DriveState state) =>
        new(state.Vault, state.MountPoint, state.Pid, state.Uid, state.Sid, state.User, state.Since, state.OpenFiles, state.PolicyVersion)
        {
            Warnings = state.Warnings,
            ReadOnly = state.ReadOnly,
            Store = state.Store,
            Condition = state.Held ? DriveCondition.Held : DriveCondition.Live,
        };

    private static DriveRow Row(UnansweredPlace place, string runFolder)
    {
        string owner = place.Owner is { } uid ? Machine.This.NameOf(uid) is { Length: > 0 } name ? $"{name} (uid {uid})" : string.Create(CultureInfo.InvariantCulture, $"uid {uid}") : "another user";
        (DriveCondition condition, string sentence) = place.State switch
        {
            PlaceState.Dead => (DriveCondition.Dead, $"its drive died here; what was written last and not synced may be lost. Remove what is left with: securevault unmount {place.MountPoint}; then mount the vault again, which recovers what is on the disk"),
            PlaceState.Foreign => (DriveCondition.Foreign, $"a drive of {owner}; its owner and root alone are told more of it"),
            _ => (DriveCondition.Silent, $"a drive of {owner} that does not answer in {runFolder}: it may have begun with another run folder, or hang. To end it: umount {place.MountPoint} (without root: fusermount3 -u), then its process saves everything and ends by itself"),
        };
        return new DriveRow("", place.MountPoint, null, place.Owner, "", place.Owner is { } number ? Machine.This.NameOf(number) : "", null, null, null) { Warnings = [sentence], Condition = condition };
    }
}
