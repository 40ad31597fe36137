using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using SecureVault.Crypto;
using SecureVault.Service.Configuration;
using SecureVault.Service.Logging;
using SecureVault.Service.Machines;
using SecureVault.Service.Native;
using SecureVault.Service.State;
using SecureVault.Vaults;
using Serilog.Core;

namespace SecureVault.Service.Drives;

/// <summary>A mounted drive as status shows it. Uid: number of its user on Linux, else null. Sid: security identifier on Windows, else empty.</summary>
public sealed record DriveRow(string Vault, string MountPoint, int Pid, uint? Uid, string Sid, string User, DateTimeOffset Since, int OpenFiles, ulong PolicyVersion)
{
    /// <summary>What a person should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Mounted read-only.</summary>
    public bool ReadOnly { get; init; }
}

/// <summary>How a person wants a drive.</summary>
/// <param name="Foreground">The operational log also goes to standard error, and closing the terminal ends the drive.</param>
/// <param name="ReadOnly">Nothing in the vault's folder is written, and this machine's memory of the vault is left out of it.</param>
/// <param name="TakeOver">Another machine that had the vault open, and of which nothing is heard, is gone for good.</param>
public sealed record DriveWish(bool Foreground = false, bool ReadOnly = false, bool TakeOver = false);

/// <summary>Runs one drive in this process: the composition root.</summary>
public static class DriveHost
{
    /// <summary>
    /// Self-tests, hardens the process, unlocks, checks the mount point, mounts, calls live once requests are served, and returns when the
    /// drive was unmounted (command, umount, SIGTERM, SIGINT, the console's events), with everything saved. passphrase is wiped.
    /// </summary>
    public static VaultResult Run(string vaultFolder, string mountPoint, Span<byte> passphrase, Action live)
    {
        VaultResult loaded = ServiceConfiguration.Load(null, [], out ServiceOptions options);
        if (!loaded.IsOk)
        {
            CryptographicOperations.ZeroMemory(passphrase);
            return loaded;
        }

        return Run(vaultFolder, mountPoint, passphrase, options, new DriveWish(), live);
    }

    /// <summary>As above, with the settings given.</summary>
    /// <param name="vaultFolder">An existing vault.</param>
    /// <param name="mountPoint">Linux: an existing empty folder, neither in the vault nor around it. Windows: a free drive letter.</param>
    /// <param name="passphrase">UTF-8; wiped in any case.</param>
    /// <param name="options">From ServiceConfiguration.Load.</param>
    /// <param name="wish">How.</param>
    /// <param name="live">Called once, on this thread, when requests are served; it may call LeaveTerminal.</param>
    /// <returns>Ok when the drive was unmounted with everything saved; else why it did not start or what could not be saved.</returns>
    public static VaultResult Run(string vaultFolder, string mountPoint, Span<byte> passphrase, ServiceOptions options, DriveWish wish, Action live)
    {
        ArgumentNullException.ThrowIfNull(wish);
        try
        {
            string? broken = SelfTest.Run();
            if (broken is not null)
            {
                return new VaultResult(VaultError.Failed, $"{broken} does not work as published on this machine; nothing was mounted");
            }

            VaultResult check = Machine.This.Kernel.Check(vaultFolder, mountPoint, out string vault, out string place);
            return check.IsOk ? Run(vault, place, passphrase, new DriveSettings(options, wish), live) : check;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    /// <summary>Gives the terminal and the working folder back: whoever waits for the end of the three streams is released. Called by live in the background.</summary>
    public static bool LeaveTerminal() => Machine.This.LeaveTerminal();

    /// <summary>Keeps what this process has open, its streams among it, from processes it starts with streams of their own.</summary>
    public static void InheritNothing() => Machine.This.InheritNothing();

    private static VaultResult Run(string vault, string place, Span<byte> passphrase, DriveSettings settings, Action live)
    {
        using Logger log = OperationalLog.Create(settings.Options, vault, settings.Wish.Foreground);
        Log.Starting(log, vault, place);
        HardeningReport hardened = Machine.This.Harden();
        Log.Hardened(log, hardened);
        var anchor = new TrustAnchor(settings.Options.StateFolder);
        VaultResult result = anchor.Prepare();
        if (result.IsOk)
        {
            result = settings.Wish.ReadOnly
                ? VaultOpening.OpenReadOnly(vault, passphrase, anchor, TimeProvider.System, out Vault? opened)
                : VaultOpening.Open(vault, passphrase, anchor, TimeProvider.System, out opened);
            CryptographicOperations.ZeroMemory(passphrase);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // the derivation's 64 MiB go back
            using (opened)
            {
                if (opened is not null)
                {
                    result = new DriveRun(opened, vault, place, settings, log).Run(live);
                }
            }
        }

        if (!result.IsOk)
        {
            Log.Refused(log, result.Error);
        }

        if (anchor.Problem.Length > 0)
        {
            Log.AnchorFailed(log, anchor.Problem);
        }

        return result;
    }
}

/// <summary>How one drive is run.</summary>
internal sealed record DriveSettings(ServiceOptions Options, DriveWish Wish);
