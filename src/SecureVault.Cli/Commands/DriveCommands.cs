using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using SecureVault.Cli.Drives;
using SecureVault.Cli.Output;
using SecureVault.Cli.Passphrases;
using SecureVault.Service.Configuration;
using SecureVault.Service.Drives;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>mount, unmount and status: vaults in use.</summary>
internal static class DriveCommands
{
    public static Command Mount(Terminal terminal)
    {
        var vault = Parts.Vault();
        var mountPoint = new Argument<string?>("MOUNTPOINT") { Description = MountPoints.Help, Arity = MountPoints.MayBeOmitted ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne };
        Parts.RefuseUnspeakable(mountPoint);
        var foreground = new Option<bool>("--foreground") { Description = "Stay in the terminal; the log goes to standard error; Ctrl-C unmounts." };
        var readOnly = new Option<bool>("--read-only") { Description = "Only look: nothing in the vault's folder is written; for old copies and backups. What is opened goes on record on this machine." };
        var takeOver = new Option<bool>("--take-over") { Description = "Another machine that had the vault open is gone for good; refused while its drive is heard of." };
        var settings = new Option<string?>("--settings") { Description = $"Settings file instead of {ServiceConfiguration.DefaultFile}.", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "One setting: log.level=debug, log.folder=/var/log, threads=8. May be repeated.", HelpName = "KEY=VALUE" };
        var file = Parts.PassphraseFile();
        var command = new TaughtCommand(
            "mount",
            "Mount a vault as a drive; returns when the drive is live. Mounted by root it serves every user, otherwise only you.",
            "mount /srv/vault /mnt/drive",
            "mount /srv/vault /mnt/drive --foreground --set log.level=debug",
            "mount --read-only /backup/vault /mnt/yesterday") { vault, mountPoint, readOnly, takeOver, foreground, settings, set, file };
        command.SetAction(parse =>
        {
            VaultResult result = MountPoints.TryChoose(parse.GetValue(mountPoint), out string place);
            if (!result.IsOk)
            {
                return terminal.Fail(result);
            }

            var order = new DriveOrder(parse.GetRequiredValue(vault), place, parse.GetValue(settings), parse.GetValue(set) ?? []) { ReadOnly = parse.GetValue(readOnly), TakeOver = parse.GetValue(takeOver) };
            result = PassphraseSource.TryFindFor(terminal, parse.GetValue(file), order.Vault, out Passphrase? passphrase);
            using (passphrase)
            {
                return !result.IsOk ? terminal.Fail(result)
                    : parse.GetValue(foreground) ? RunHere(terminal, order, passphrase!)
                    : RunBehind(terminal, order, passphrase!);
            }
        });
        return command;
    }

    public static Command Unmount(Terminal terminal)
    {
        var mountPoint = new Argument<string>("MOUNTPOINT") { Description = "Where the drive is." };
        var force = new Option<bool>("--force") { Description = "Whoever has files open there is cut off, in containers and other mount namespaces too; what was written is saved." };
        var command = new TaughtCommand("unmount", "Unmount a drive; returns when everything is saved and its process has ended.", "unmount /mnt/drive", "unmount --force /mnt/drive") { mountPoint, force };
        command.SetAction(parse =>
        {
            bool cuts = parse.GetValue(force);
            VaultResult result = DriveDirectory.Unmount(parse.GetRequiredValue(mountPoint), cuts);
            if (!result.IsOk)
            {
                return terminal.Fail(result);
            }

            terminal.Say($"{parse.GetRequiredValue(mountPoint)} is unmounted; everything {(cuts ? "that programs had written " : "")}is saved.");
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Status(Terminal terminal)
    {
        var asJson = Parts.Json();
        var command = new TaughtCommand("status", "List the drives: which vault, where, by whom, since when, with how many open files.", "status", "status --json") { asJson };
        command.SetAction(parse =>
        {
            IReadOnlyList<DriveRow> drives = DriveDirectory.List();
            if (parse.GetValue(asJson))
            {
                PrintJson(terminal, drives);
                return ExitCodes.Done;
            }

            PrintTable(terminal, drives);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void PrintTable(Terminal terminal, IReadOnlyList<DriveRow> drives)
    {
        var listing = new Listing("vault", "mount point", "user", "since (UTC)", "open files", "pid");
        foreach (DriveRow drive in drives)
        {
            string note = drive.Condition != DriveCondition.Live ? $" ({Word(drive.Condition)})" : drive.ReadOnly ? " (read-only)" : "";
            listing.Add(drive.Vault, drive.MountPoint + note, drive.User.Length > 0 ? drive.User : drive.Uid is { } uid ? $"uid {uid}" : drive.Sid, drive.Since is { } since ? Instants.Shown(since) : "", Number(drive.OpenFiles), Number(drive.Pid));
        }

        listing.Print(terminal, "No drive is mounted.");
        foreach (DriveRow drive in drives)
        {
            Warn(terminal, drive.MountPoint, drive.Warnings);
        }
    }

    /// <summary>CLI.md promises these.</summary>
    private static string Word(DriveCondition condition) => condition switch
    {
        DriveCondition.Live => "live",
        DriveCondition.Held => "held",
        DriveCondition.Silent => "silent",
        DriveCondition.Dead => "dead",
        _ => "foreign",
    };

    private static void PrintJson(Terminal terminal, IReadOnlyList<DriveRow> drives) => Json.PrintArray(terminal, drives, (json, drive) =>
    {
        json.WriteString("vault", drive.Vault);
        json.WriteString("mountPoint", drive.MountPoint);
        json.WriteString("state", Word(drive.Condition));
        Json.WriteNumber(json, "pid", (ulong?)drive.Pid);
        Json.WriteNumber(json, "uid", drive.Uid);
        json.WriteString("sid", drive.Sid.Length > 0 ? drive.Sid : null);
        json.WriteString("user", drive.User);
        Json.WriteInstant(json, "since", drive.Since);
        Json.WriteNumber(json, "openFiles", (ulong?)drive.OpenFiles);
        Json.WriteNumber(json, "policyVersion", drive.PolicyVersion);
        json.WriteBoolean("readOnly", drive.ReadOnly);
        json.WritePropertyName("store");
        if (drive.Store is { } store)
        {
            store.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }

        Json.WriteTexts(json, "warnings", drive.Warnings);
    });

    private static void Warn(Terminal terminal, string mountPoint, IReadOnlyList<string> warnings)
    {
        foreach (string warning in warnings)
        {
            terminal.Complain($"{mountPoint}: {warning}");
        }
    }

    private static int RunHere(Terminal terminal, DriveOrder order, Passphrase passphrase)
    {
        VaultResult result = order.Run(passphrase.Bytes, foreground: true, warnings =>
        {
            Warn(terminal, order.MountPoint, warnings);
            terminal.Say($"{order.MountPoint} is live; Ctrl-C unmounts it.");
        });
        return result.IsOk ? ExitCodes.Done : terminal.Fail(result);
    }

    private static int RunBehind(Terminal terminal, DriveOrder order, Passphrase passphrase)
    {
        VaultResult result = BackgroundDrive.Start(order, passphrase, warning => terminal.Complain($"{order.MountPoint}: {warning}"), out _);
        if (!result.IsOk)
        {
            return terminal.Fail(result);
        }

        terminal.Say($"{order.MountPoint} is live. To end it: securevault unmount {ShellWord.Of(MountPoints.Absolute(order.MountPoint))}");
        return ExitCodes.Done;
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
