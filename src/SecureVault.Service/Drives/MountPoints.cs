using SecureVault.Service.Machines;
using SecureVault.Vaults;

namespace SecureVault.Service.Drives;

/// <summary>What a mount point is on this machine.</summary>
public static class MountPoints
{
    /// <summary>True when a drive can be mounted without naming one.</summary>
    public static bool MayBeOmitted => Machine.This.Kernel.ChoosesPlaces;

    /// <summary>What a person may give, in one line.</summary>
    public static string Help => Machine.This.Kernel.MountPointHelp;

    /// <summary>The mount point given or, for null, one that is free.</summary>
    /// <returns>Ok; Usage when one must be given; Failed when none is free or it is no mount point of this machine.</returns>
    public static VaultResult TryChoose(string? given, out string mountPoint) => Machine.This.Kernel.Choose(given, out mountPoint);

    /// <summary>So that another working folder does not change it.</summary>
    public static string Absolute(string mountPoint) => Machine.This.Kernel.Absolute(mountPoint);
}
