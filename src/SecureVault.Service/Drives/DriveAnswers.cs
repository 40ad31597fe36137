using System;
using System.Collections.Generic;
using SecureVault.FileSystem;
using SecureVault.Service.Control;
using SecureVault.Service.Kernels;
using SecureVault.Service.Machines;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Offline;
using Serilog;

namespace SecureVault.Service.Drives;

/// <summary>What a drive is made of, for its answers.</summary>
/// <param name="Store">What the store was found to do; null when it was not tried (read-only).</param>
internal sealed record DriveParts(Vault Vault, string VaultFolder, string MountPoint, DriveSettings Settings, VaultFileSystem Engine, IMountedDrive Drive, StoreAbilities? Store);

/// <summary>What one drive answers to commands, from its mount until all of it is saved.</summary>
internal sealed class DriveAnswers(DriveParts parts, TimeProvider clock, ILogger log)
{
    private const int MostNamed = 3;
    private readonly DateTimeOffset _since = clock.GetUtcNow();
    private volatile bool _saving;

    /// <summary>Answers a command; null: the answer is how the drive ends.</summary>
    public ControlAnswer? To(ControlRequest request) => request.Command switch
    {
        ControlRequest.Status => new ControlAnswer("", State()),
        ControlRequest.Unmount => Unmount(),
        ControlRequest.Force => Force(),
        _ => new ControlAnswer("this drive does not know that request", null),
    };

    /// <summary>It is unmounted; what is left to do is to save.</summary>
    public void Saving() => _saving = true;

    /// <summary>A relabel that was interrupted, or null.</summary>
    public string? PendingRelabel() => new VaultLabels(parts.Vault).PendingJob;

    private ControlAnswer? Unmount() => parts.Drive.Unmount(out string error) switch
    {
        UnmountOutcome.Done => null,
        UnmountOutcome.Busy => new ControlAnswer(error.Length > 0 ? $"{ControlAnswer.Busy}: {error}" : ControlAnswer.Busy, null),
        _ => new ControlAnswer(error, null),
    };

    private ControlAnswer? Force()
    {
        if (parts.Drive.Unmount(out _) == UnmountOutcome.Busy)
        {
            Log.Cut(log, parts.Drive.OpenHandles);
            parts.Drive.FlushMappings();
        }

        parts.Drive.Dispose();
        return parts.Drive.WaitUntilUnmounted(TimeSpan.Zero) ? null : new ControlAnswer("something that is being served does not end; see the drive's log, and end its process if it never does", null);
    }

    private DriveState State()
    {
        Account self = Machine.This.Self;
        string place = parts.Drive.Place;
        bool held = place.Length == 0 && !_saving;
        return new DriveState(parts.VaultFolder, place.Length > 0 ? place : parts.MountPoint, Environment.ProcessId, self.Uid, self.Sid, Machine.This.SelfName(), _since, parts.Drive.OpenHandles, parts.Vault.Policy.Current.Version, Warnings(held))
        {
            ReadOnly = parts.Settings.Wish.ReadOnly,
            Origin = parts.MountPoint,
            Held = held,
            Store = StoreJson.Of(parts.Store),
        };
    }

    private List<string> Warnings(bool held)
    {
        List<string> warnings = [.. parts.Settings.Limits];
        if (held)
        {
            string holders = parts.Drive.HoldersElsewhere();
            warnings.Add($"nothing is mounted there any more, but {(holders.Length > 0 ? holders : "somebody who is not seen from here")} still uses this drive; to end that: securevault unmount --force {parts.MountPoint}");
        }

        if (_saving)
        {
            warnings.Add("unmounted; it is saving what was written");
        }

        if (parts.Engine.Unsaved is { Count: > 0 } unsaved)
        {
            warnings.Add($"the disk did not take what was written to {Named(unsaved)}: it may be lost; see to the disk");
        }

        AddOfVault(warnings);
        return warnings;
    }

    private void AddOfVault(List<string> warnings)
    {
        if (PendingRelabel() is { } job)
        {
            warnings.Add($"a relabel of {job} was interrupted; it goes on with the next: securevault label set");
        }

        if (parts.Vault.PolicyProblem is { Length: > 0 } problem)
        {
            warnings.Add(parts.Vault.Policy.Current.IsClosed
                ? $"the policy file {problem}; labelled files are denied to everybody until it is mended"
                : $"the policy file {problem}; the last good policy decides meanwhile");
        }

        if (parts.Vault.AuditProblem.Length > 0)
        {
            warnings.Add($"a record of the audit log could not be written: {parts.Vault.AuditProblem}");
        }
    }

    /// <summary>The first of some paths.</summary>
    public static string Named(IReadOnlyList<string> paths)
    {
        string first = string.Join(", ", System.Linq.Enumerable.Take(paths, MostNamed));
        return paths.Count > MostNamed ? $"{first} and {paths.Count - MostNamed} more" : first;
    }
}
