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
    /// <param name="vaultFolder">An existing vault.</param>
    /// <param name="mountPoint">Linux: an existing empty folder, neither in the vault nor around it. Windows: a free drive letter.</param>
    /// <param name="passphrase">UTF-8; wiped in any case.</param>
    /// <param name="options">From ServiceConfiguration.Load.</param>
    /// <param name="wish">How.</param>
    /// <param name="live">Called once, on this thread, when requests are served, with what a person should know of this drive, a sentence each; it may call LeaveTerminal.</param>
    /// <returns>Ok when the drive was unmounted with everything saved; else why it did not start or what could not be saved.</returns>
    public static VaultResult Run(string vaultFolder, string mountPoint, Span<byte> passphrase, ServiceOptions options, DriveWish wish, Action<IReadOnlyList<string>> live)
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
            return check.IsOk ? Run(vault, place, passphrase, new DriveSettings(options, wish, []), live) : check;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    /// <summary>Gives the terminal and the working folder back: whoever waits for the end of the three streams is released. Called by live in the background.</summary>
    public static bool LeaveTerminal() => Machine.This.LeaveTerminal();

    /// <summary>Called before a secret comes into this process: no dumps, no tracing, none of .NET's diagnostics. May start the program anew in this process, and then does not return.</summary>
    public static void Conceal() => Machine.This.Conceal();

    /// <summary>The variable, set to "0", with which a process is started without .NET's diagnostics.</summary>
    public const string DiagnosticsVariable = ProcessHardening.Diagnostics;

    /// <summary>Keeps what this process has open, its streams among it, from processes it starts with streams of their own.</summary>
    public static void InheritNothing() => Machine.This.InheritNothing();

    private static VaultResult Run(string vault, string place, Span<byte> passphrase, DriveSettings settings, Action<IReadOnlyList<string>> live)
    {
        using Logger log = OperationalLog.Create(settings.Options, vault, settings.Wish.Foreground);
        Log.Starting(log, vault, place);
        HardeningReport hardened = Machine.This.Harden();
        Log.Hardened(log, hardened);
        foreach (string limit in hardened.Limits)
        {
            Log.Limited(log, limit);
        }

        var anchor = new TrustAnchor(settings.Options.StateFolder);
        VaultResult result = hardened.Descriptors is > 0 and < InheritedLimits.LeastDescriptors ? TooFew(hardened.Descriptors) : anchor.Prepare();
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
                    result = new DriveRun(opened, vault, place, settings with { Limits = hardened.Limits }, log).Run(live);
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

    private static VaultResult TooFew(ulong descriptors) =>
        new(VaultError.Failed, $"This process may have only {descriptors} files open at a time (ulimit -n) and a drive needs {InheritedLimits.LeastDescriptors}: raise the limit and mount again.");
}

/// <summary>How one drive is run.</summary>
/// <param name="Limits">What was handed down to the process and will be felt, a sentence each.</param>
internal sealed record DriveSettings(ServiceOptions Options, DriveWish Wish, IReadOnlyList<string> Limits);
