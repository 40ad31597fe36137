using System;
using System.Collections.Generic;
using SecureVault.FileSystem.Vaults;

namespace SecureVault.Service.Drives;

/// <summary>A mounted drive as status shows it.</summary>
public sealed record DriveRow(string Vault, string MountPoint, int Pid, uint Uid, string User, DateTimeOffset Since, int OpenFiles, ulong PolicyVersion);

/// <summary>Runs one drive in this process: the composition root.</summary>
public static class DriveHost
{
    /// <summary>
    /// Self-tests, hardens the process, unlocks, checks the mount point, mounts, calls live once requests are served, and returns when the
    /// drive was unmounted (command, umount, SIGTERM, SIGINT), with everything saved. passphrase is wiped.
    /// </summary>
    public static VaultResult Run(string vaultFolder, string mountPoint, Span<byte> passphrase, Action live) => throw new NotSupportedException();
}

/// <summary>Finds and ends drives from other processes.</summary>
public static class DriveDirectory
{
    /// <summary>Drives that answer, of this user (root: of all).</summary>
    public static IReadOnlyList<DriveRow> List() => throw new NotSupportedException();

    /// <summary>Unmounts and waits until the drive's process has ended. Busy drives are named with who has files open.</summary>
    public static VaultResult Unmount(string mountPoint) => throw new NotSupportedException();
}
