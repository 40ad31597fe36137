using System.Collections.Generic;
using SecureVault.FileSystem;
using SecureVault.Service.Control;
using SecureVault.Vaults;
using Serilog;

namespace SecureVault.Service.Kernels;

/// <summary>The part of a system that shows a vault as a drive.</summary>
/// <remarks>Any thread. A place is what a mount point is called after Check: one spelling for each.</remarks>
internal interface IDriveKernel
{
    /// <summary>What a person may write for a mount point, in one line.</summary>
    string MountPointHelp { get; }

    /// <summary>True when a drive can choose its own place.</summary>
    bool ChoosesPlaces { get; }

    /// <summary>The mount point given or, for null, a free one. Usage or Failed when there is none.</summary>
    VaultResult Choose(string? given, out string mountPoint);

    /// <summary>A mount point so that another working folder does not change it.</summary>
    string Absolute(string mountPoint);

    /// <summary>Refuses what cannot be mounted, before the passphrase costs its time: Ok with the vault's and the place's own paths.</summary>
    VaultResult Check(string vaultFolder, string mountPoint, out string vault, out string place);

    /// <summary>Mounts; requests are served when Ok. The engine stays the caller's and must live until the drive has ended.</summary>
    VaultResult TryMount(VaultFileSystem engine, string place, DriveMounting mounting, ILogger log, out IMountedDrive? drive);

    /// <summary>True when this drive, and not another that claims the place, is what is mounted there.</summary>
    bool IsServedBy(string mountPoint, FoundDrive drive);

    /// <summary>True when the drive was mounted there once, and what is mounted there now, if anything, is not it.</summary>
    bool WasServedBy(string mountPoint, FoundDrive drive);

    /// <summary>True when a drive is mounted there that should answer this process: it may be making its control place anew.</summary>
    bool ShouldAnswer(string mountPoint);

    /// <summary>What to do about a mount point that no drive answers for: removes what a dead one left, with force cuts a silent one off, or says what is wrong. Never Ok: that all is saved nobody says.</summary>
    VaultResult Unanswered(string mountPoint, bool force);

    /// <summary>Drives that the system shows and that are none of those found, each once.</summary>
    IReadOnlyList<UnansweredPlace> Unlisted(IReadOnlyList<FoundDrive> found);

    /// <summary>Who keeps the place busy, by name; empty when that cannot be seen.</summary>
    string UsersOf(string place);
}
