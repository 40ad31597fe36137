using System;
using System.IO;
using System.Runtime.Versioning;
using Serilog;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Vaults;
using SecureVault.Service.Control;

namespace SecureVault.Service.Drives;

/// <summary>Drives on letters, through the Dokan driver.</summary>
[SupportedOSPlatform("windows")]
internal sealed class DokanKernel : IDriveKernel
{
    public Type Room => typeof(VaultFileSystem);

    public string MountPointHelp => "A free drive letter, like X:; without one, the last that is free.";

    public bool ChoosesPlaces => true;

    public VaultResult Choose(string? given, out string mountPoint) => DriveLetter.Choose(given, DriveLetter.Taken(), out mountPoint);

    public string Absolute(string mountPoint) => mountPoint;

    public VaultResult Check(string vaultFolder, string mountPoint, out string vault, out string place)
    {
        vault = Path.TrimEndingDirectorySeparator(Path.GetFullPath(vaultFolder));
        place = "";
        if (!Directory.Exists(vault))
        {
            return new VaultResult(VaultError.NotAVault, $"{vaultFolder}: no such vault; make one with: securevault init {vaultFolder}");
        }

        VaultResult result = DriveLetter.Choose(mountPoint, DriveLetter.Taken(), out place);
        return result.IsOk ? DokanDriver.Check() : result;
    }

    public VaultResult TryMount(VaultFileSystem engine, string place, DriveMounting mounting, ILogger log, out IMountedDrive? drive)
    {
        drive = null;
        return new VaultResult(VaultError.Failed, $"{place}: this build of securevault has no Dokan support; build it on Windows, or elsewhere with -p:DokanNetAssembly=PATH of a DokanNet.dll 2.3");
    }

    public bool IsServedBy(string mountPoint, FoundDrive drive) => DriveLetter.TryParse(mountPoint, out string place) && drive.State.MountPoint == place;

    public VaultResult Unanswered(string mountPoint) => new(VaultError.Failed, $"{mountPoint}: no drive of yours is mounted here; securevault status lists them");

    /// <summary>Windows says who has a file open only to debuggers.</summary>
    public string UsersOf(string place) => "";
}
