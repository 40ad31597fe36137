using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using SecureVault.Service.Configuration;
using SecureVault.Service.Drives;
using SecureVault.Vaults;

namespace SecureVault.Cli.Drives;

/// <summary>What to mount where, with which settings.</summary>
internal sealed record DriveOrder(string Vault, string MountPoint, string? SettingsFile, IReadOnlyList<string> Settings)
{
    private const string OnlyReads = "read-only";
    private const string TakesOver = "take-over";

    /// <summary>Nothing in the vault is written.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Another machine that had the vault open is gone for good.</summary>
    public bool TakeOver { get; init; }

    /// <summary>Runs the drive in this process until it is unmounted. passphrase is wiped.</summary>
    public VaultResult Run(Span<byte> passphrase, bool foreground, Action<IReadOnlyList<string>> live)
    {
        VaultResult loaded = ServiceConfiguration.Load(SettingsFile, Settings, out ServiceOptions options);
        if (!loaded.IsOk)
        {
            CryptographicOperations.ZeroMemory(passphrase);
            return loaded;
        }

        return DriveHost.Run(Vault, MountPoint, passphrase, options, new DriveWish(foreground, ReadOnly, TakeOver), live);
    }

    /// <summary>As arguments of the background process; paths made absolute, for it leaves the working folder.</summary>
    public IEnumerable<string> ToArguments()
    {
        yield return Path.GetFullPath(Vault);
        yield return MountPoints.Absolute(MountPoint);
        yield return SettingsFile is null ? "" : Path.GetFullPath(SettingsFile);
        yield return ReadOnly ? OnlyReads : TakeOver ? TakesOver : "";
        foreach (string setting in Settings)
        {
            yield return setting;
        }
    }

    public static DriveOrder FromArguments(IReadOnlyList<string> arguments) =>
        new(arguments[0], arguments[1], arguments[2].Length == 0 ? null : arguments[2], [.. System.Linq.Enumerable.Skip(arguments, 4)]) { ReadOnly = arguments[3] == OnlyReads, TakeOver = arguments[3] == TakesOver };
}
