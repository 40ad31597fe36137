using System.Runtime.Versioning;
using SecureVault.FileSystem;

namespace SecureVault.Dokan.Driver;

/// <summary>Mounts a vault on a drive letter through the Dokan driver, in a build that has DokanNet.</summary>
[SupportedOSPlatform("windows")]
public static partial class DokanDrives
{
    /// <summary>What a build without DokanNet says.</summary>
    private const string NotBuiltIn = "this build of securevault has no Dokan support; build it on Windows, or elsewhere with -p:DokanNetAssembly=PATH of a DokanNet.dll 2.3";

    /// <summary>Mounts; requests are served when a drive is given. The engine stays the caller's and must live until the drive is disposed.</summary>
    /// <param name="engine">The mounted vault.</param>
    /// <param name="letter">Such as "X:".</param>
    /// <param name="everyone">Shown in every session of the machine, not only in this one.</param>
    /// <param name="options">Label, serial number, owner.</param>
    /// <param name="log">Hears of failed operations.</param>
    /// <param name="error">One line for the user when there is no drive.</param>
    public static IDokanDrive? TryMount(VaultFileSystem engine, string letter, bool everyone, NtDriveOptions options, INtLog log, out string error)
    {
        error = NotBuiltIn;
        IDokanDrive? drive = null;
        MountWithDriver(engine, letter, everyone, options, log, ref drive, ref error);
        return drive;
    }

    static partial void MountWithDriver(VaultFileSystem engine, string letter, bool everyone, NtDriveOptions options, INtLog log, ref IDokanDrive? drive, ref string error);
}
