using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Service.Programs;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>program: what conditions may name. A program is its bytes.</summary>
internal static class ProgramCommands
{
    public static Command Build(Terminal terminal) => new TaughtCommand("program", "Programs that rules and grants may name: known by their bytes, never by their path.")
    {
        Add(terminal), Refresh(terminal), Remove(terminal), List(terminal),
    };

    private static VaultCommand Add(Terminal terminal)
    {
        var name = Parts.Text("PROGRAM", "What conditions call it; one that is there already is replaced.");
        var path = Parts.Text("FILE", "Its executable, full path: the file that runs, not a script that starts it.");
        var also = new Option<string[]>("--also") { Description = "Another executable that is this program too.", HelpName = "FILE" };
        var scripts = new Option<string[]>("--script") { Description = "FILE is an interpreter, and this is the script it must be started with.", HelpName = "SCRIPT" };
        return new VaultCommand(
            terminal, "add", "Register a program by the bytes of its file as it lies there now.",
            "program add /srv/vault office /usr/lib/libreoffice/program/soffice.bin", "program add /srv/vault report /usr/bin/python3 --script /opt/report/report.py")
            .With(name, path, also, scripts)
            .Does((parse, vault) =>
            {
                string called = parse.GetRequiredValue(name);
                string[] paths = [parse.GetRequiredValue(path), .. parse.GetValue(also) ?? []];
                return Tell(terminal, vault, called, vault.Rules.SetProgram(called, paths, parse.GetValue(scripts) ?? []), []);
            });
    }

    private static VaultCommand Refresh(Terminal terminal)
    {
        var name = Parts.Text("PROGRAM", "Its name.");
        var keep = new Option<bool>("--keep") { Description = "Allow the former bytes too: while other machines are not updated yet." };
        return new VaultCommand(terminal, "refresh", "Read a program's files anew, after an update.", "program refresh /srv/vault office", "program refresh /srv/vault office --keep")
            .With(name, keep)
            .Does((parse, vault) =>
            {
                string called = parse.GetRequiredValue(name);
                string[] before = [.. vault.Rules.Programs().Where(p => Same(p, called)).SelectMany(p => p.Images.Concat(p.Scripts))];
                return Tell(terminal, vault, called, vault.Rules.RefreshProgram(called, parse.GetValue(keep)), before);
            });
    }

    private static VaultCommand Remove(Terminal terminal)
    {
        var name = Parts.Text("PROGRAM", "Its name.");
        return new VaultCommand(terminal, "remove", "Remove a program that no rule or grant names.", "program remove /srv/vault office")
            .With(name)
            .Edits((parse, vault) => vault.Rules.RemoveProgram(parse.GetRequiredValue(name)), parse => $"Program {parse.GetRequiredValue(name)} removed.");
    }

    private static VaultCommand List(Terminal terminal)
    {
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "list", "List the programs.", "program list /srv/vault").With(asJson).Does((parse, vault) =>
        {
            IReadOnlyList<ProgramRow> programs = vault.Rules.Programs();
            if (parse.GetValue(asJson))
            {
                Json.PrintArray(terminal, programs, (json, program) =>
                {
                    json.WriteString("program", program.Name);
                    Json.WriteTexts(json, "images", program.Images);
                    Json.WriteTexts(json, "paths", program.Paths);
                    Json.WriteTexts(json, "scripts", program.Scripts);
                    Json.WriteTexts(json, "scriptPaths", program.ScriptPaths);
                });
                return ExitCodes.Done;
            }

            var listing = new Listing("program", "SHA-256", "read from");
            foreach (ProgramRow program in programs)
            {
                listing.Add(program.Name, string.Join(", ", program.Images.Concat(program.Scripts).Select(d => d[..16])), string.Join(", ", program.Paths.Concat(program.ScriptPaths)));
            }

            listing.Print(terminal, "No program yet; add one: securevault program add VAULT office /usr/lib/libreoffice/program/soffice.bin");
            return ExitCodes.Done;
        });
    }

    private static int Tell(Terminal terminal, VaultAdministration vault, string name, VaultResult result, string[] before)
    {
        if (!result.IsOk)
        {
            return terminal.Fail(result);
        }

        ProgramRow program = vault.Rules.Programs().First(p => Same(p, name));
        foreach (string digest in program.Images.Concat(program.Scripts))
        {
            terminal.Say($"{program.Name}: SHA-256 {digest}{(before.Length == 0 ? "" : before.Contains(digest) ? " (as before)" : " (new)")}");
        }

        foreach (string digest in before.Except(program.Images.Concat(program.Scripts)))
        {
            terminal.Say($"{program.Name}: SHA-256 {digest} (no longer)");
        }

        foreach (string path in program.Paths)
        {
            terminal.Say(PackageOwner.Of(path) is { } owner
                ? $"{path} belongs to package {owner.Name} {owner.Version}{owner.Holds switch { true => ", and is as the package brought it", false => ", and is NOT as the package brought it", _ => "" }}"
                : $"{path} belongs to no package that this machine knows");
        }

        return ExitCodes.Done;
    }

    private static bool Same(ProgramRow program, string name) => string.Equals(program.Name, name, StringComparison.OrdinalIgnoreCase);
}
