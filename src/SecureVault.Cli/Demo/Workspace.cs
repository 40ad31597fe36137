using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using SecureVault.Cli.Drives;
using SecureVault.Cli.Passphrases;
using SecureVault.Service.Administration;
using SecureVault.Service.Drives;
using SecureVault.Vaults;

namespace SecureVault.Cli.Demo;

/// <summary>The tour's temporary folder with its vault and drive. Dispose unmounts and removes it all, unless it is kept.</summary>
internal sealed class Workspace : IDisposable
{
    private static readonly (string Variable, string Folder)[] OwnFolders =
        [("SECUREVAULT_STATEFOLDER", "state"), ("SECUREVAULT_RUNFOLDER", "run"), ("SECUREVAULT_LOG__FOLDER", "log")];

    private readonly Dictionary<string, string?> _settings = [];
    private readonly byte[] _phrase = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(20, lowercase: true));
    private VaultAdministration? _vault;
    private int _drive;

    /// <summary>Makes the folder. Unless it is kept, the machine's own state, log and run folders stay untouched.</summary>
    public Workspace(bool keep)
    {
        Folder = Directory.CreateTempSubdirectory("securevault-demo-").FullName;
        Keep = keep;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        Directory.CreateDirectory(MountPoint);
        if (!keep)
        {
            foreach ((string variable, string folder) in OwnFolders)
            {
                _settings.Add(variable, Environment.GetEnvironmentVariable(variable));
                Environment.SetEnvironmentVariable(variable, Path.Combine(Folder, folder));
            }
        }
    }

    public string Folder { get; }

    public bool Keep { get; set; }

    public string VaultFolder => Path.Combine(Folder, "vault");

    public string MountPoint => Path.Combine(Folder, "drive");

    public string PassphraseFile => Path.Combine(Folder, "passphrase");

    public bool IsMounted { get; private set; }

    public ReadOnlySpan<byte> Phrase => _phrase;

    public VaultAdministration Vault => _vault ?? throw new InvalidOperationException("The vault is not open yet.");

    /// <summary>A path inside the vault as a path on the drive.</summary>
    public string OnDrive(string inside) => MountPoint + inside;

    public void MakeVault()
    {
        Demand(VaultAdministration.Initialize(VaultFolder, "aes-256-gcm", _phrase));
        Demand(VaultAdministration.Open(VaultFolder, _phrase, out _vault));
        if (Keep)
        {
            WritePassphraseFile();
        }
    }

    /// <summary>Mounts in a process of its own; the answer says why not.</summary>
    public VaultResult Mount()
    {
        if (MountPoints.MayBeOmitted)
        {
            return new VaultResult(VaultError.Failed, "the tour mounts on Linux alone, where root can open files as several users");
        }

        using var passphrase = new Passphrase(_phrase);
        VaultResult result = BackgroundDrive.Start(new DriveOrder(VaultFolder, MountPoint, null, []), passphrase, _ => { }, out _drive);
        IsMounted = result.IsOk;
        return result;
    }

    public void Unmount()
    {
        Demand(DriveDirectory.Unmount(MountPoint));
        IsMounted = false;
    }

    public static void Demand(VaultResult result)
    {
        if (!result.IsOk)
        {
            throw new TourException(result);
        }
    }

    public void Dispose()
    {
        _vault?.Dispose();
        CryptographicOperations.ZeroMemory(_phrase);
        if (Keep)
        {
            return;
        }

        if (IsMounted)
        {
            EndDrive();
        }

        Directory.Delete(Folder, recursive: true);
        foreach ((string variable, string? before) in _settings)
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    /// <summary>Writes the passphrase where only the owner reads it, for who keeps the drive.</summary>
    private void WritePassphraseFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(PassphraseFile, options);
        file.Write(_phrase);
    }

    /// <summary>Unmounts; a drive that cannot be asked is told to end, and then made to.</summary>
    private void EndDrive()
    {
        if (DriveDirectory.Unmount(MountPoint).IsOk)
        {
            return;
        }

        try
        {
            using Process drive = Process.GetProcessById(_drive);
            using (Process.Start("kill", ["-TERM", _drive.ToString(CultureInfo.InvariantCulture)]))
            {
                if (!drive.WaitForExit(TimeSpan.FromSeconds(20)))
                {
                    drive.Kill();
                    drive.WaitForExit();
                }
            }
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile.
        }

        if (File.ReadLines("/proc/mounts").Any(m => m.Split(' ')[1] == MountPoint))
        {
            using Process detach = AccessProbe.Self == 0 ? Process.Start("umount", ["-l", MountPoint]) : Process.Start("fusermount3", ["-uz", MountPoint]);
            detach.WaitForExit();
        }
    }
}

/// <summary>A step of the tour that could not be done.</summary>
internal sealed class TourException(VaultResult result) : Exception(result.Message)
{
    public VaultResult Result { get; } = result;
}
