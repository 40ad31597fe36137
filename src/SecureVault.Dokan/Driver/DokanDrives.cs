using System;
using System.IO;
using System.Reflection;
using System.Runtime.Versioning;
using SecureVault.FileSystem;

namespace SecureVault.Dokan.Driver;

/// <summary>Mounts a vault on a drive letter through the Dokan driver, in a build that has DokanNet.</summary>
[SupportedOSPlatform("windows")]
public static partial class DokanDrives
{
    /// <summary>What a build without DokanNet says.</summary>
    private const string NotBuiltIn = "this build of securevault has no Dokan support; build it on Windows, or elsewhere with -p:DokanNetAssembly=PATH of the DokanNet.dll that WINDOWS.md names";

    /// <summary>Mounts; requests are served when a drive is given. The engine stays the caller's and must live until the drive is disposed.</summary>
    /// <param name="engine">The mounted vault.</param>
    /// <param name="place">The letter, which must be free, and who sees it.</param>
    /// <param name="options">Label, serial number, owner.</param>
    /// <param name="log">Hears of failed operations.</param>
    /// <param name="error">One line for the user when there is no drive.</param>
    public static IDokanDrive? TryMount(VaultFileSystem engine, DokanPlace place, NtDriveOptions options, INtLog log, out string error)
    {
        IDokanDrive? drive = null;
        if (HasItsLibrary(out error))
        {
            MountWithDriver(engine, place, options, log, ref drive, ref error);
        }

        return drive;
    }

    /// <summary>Whether the DokanNet.dll beside the program is of the release that it was built with: their types differ, and a call into another ends the process.</summary>
    private static bool HasItsLibrary(out string error)
    {
        error = NotBuiltIn;
        AssemblyName? wanted = Array.Find(typeof(DokanDrives).Assembly.GetReferencedAssemblies(), assembly => assembly.Name == "DokanNet");
        if (wanted is null)
        {
            return false;
        }

        try
        {
            Version? found = Assembly.Load(new AssemblyName("DokanNet")).GetName().Version;
            error = $"the DokanNet.dll in the program's folder is version {found}, and this build runs with {wanted.Version} alone";
            return found == wanted.Version;
        }
        catch (Exception unread) when (unread is IOException or BadImageFormatException)
        {
            error = $"the DokanNet.dll {wanted.Version} that belongs in the program's folder cannot be read";
            return false;
        }
    }

    static partial void MountWithDriver(VaultFileSystem engine, DokanPlace place, NtDriveOptions options, INtLog log, ref IDokanDrive? drive, ref string error);
}
