using System;
using System.Collections.Generic;
using SecureVault.FileSystem.Vaults;

namespace SecureVault.Service.Drives;

/// <summary>A mounted drive as status shows it.</summary>
public sealed record DriveRow(string Vault, string MountPoint, int Pid, uint Uid, string User, DateTimeOffset Since, int OpenFiles, ulong PolicyVersion)
{
    /// <summary>What a person should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Runs one drive in this process: the composition root.</summary>
public static class DriveHost
{
    /// <summary>
    /// Self-tests, hardens the process, unlocks, checks the mount point, mounts, calls live once requests are served, and returns when the
    /// drive was unmounted (command, umount, SIGTERM, SIGINT), with everything saved. passphrase is wiped.
    /// </summary>
    public static VaultResult Run(string vaultFolder, string mountPoint, Span<byte> passphrase, Action live) => throw new NotSupportedException();
}
