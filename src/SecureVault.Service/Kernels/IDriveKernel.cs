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

    /// <summary>What to do about a mount point that no drive answers for: removes what a dead one left, or says what is wrong.</summary>
    VaultResult Unanswered(string mountPoint);

    /// <summary>Who keeps the place busy, by name; empty when that cannot be seen.</summary>
    string UsersOf(string place);
}
