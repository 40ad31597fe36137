using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>department and level: what labels are made of.</summary>
internal static class StructureCommands
{
    public static Command Departments(Terminal terminal, TimeProvider clock) => new TaughtCommand("department", "The zones files belong to; they nest: finance/treasury.")
    {
        AddDepartment(terminal), RenameDepartment(terminal), RemoveDepartment(terminal), ListDepartments(terminal), StrengthCommands.SetDepartment(terminal, clock),
    };

    public static Command Levels(Terminal terminal) => new TaughtCommand("level", "How sensitive files are: an ordered list, the least sensitive first.")
    {
        ListLevels(terminal), SetLevels(terminal), RenameLevel(terminal), StrengthCommands.MarkLevel(terminal),
    };

    private static VaultCommand AddDepartment(Terminal terminal)
    {
        var path = Parts.Text("DEPARTMENT", "Its path; those above it are added too.");
        return new VaultCommand(terminal, "add", "Add a department.", "department add /srv/vault finance", "department add /srv/vault finance/treasury")
            .With(path)
            .Edits((parse, vault) => vault.AddDepartment(parse.GetRequiredValue(path)), parse => $"Department {parse.GetRequiredValue(path)} added.");
    }

    private static VaultCommand RenameDepartment(Terminal terminal)
    {
        var from = Parts.Text("DEPARTMENT", "Its path.");
        var to = Parts.Text("NEW", "Its new path, or the new last part of it; it stays below the same department.");
        return new VaultCommand(
            terminal,
            "rename",
            "Call a department otherwise, with all below it. Grants and labels follow; no file is touched. Records of before keep the former name.",
            "department rename /srv/vault finance Finance-and-Tax",
            "department rename /srv/vault finance/treasury cash")
            .With(from, to)
            .Edits((parse, vault) => vault.RenameDepartment(parse.GetRequiredValue(from), parse.GetRequiredValue(to)), parse => $"Department {parse.GetRequiredValue(from)} is {parse.GetRequiredValue(to)} now.");
    }

    private static VaultCommand RemoveDepartment(Terminal terminal)
    {
        var path = Parts.Text("DEPARTMENT", "Its path.");
        return new VaultCommand(
            terminal,
            "remove",
            "Remove a department that no grant names and no file is labelled with; refused naming them.",
            "department remove /srv/vault finance/treasury")
            .With(path)
            .Edits((parse, vault) => vault.RemoveDepartment(parse.GetRequiredValue(path)), parse => $"Department {parse.GetRequiredValue(path)} removed.");
    }

    private static VaultCommand ListDepartments(Terminal terminal)
    {
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "list", "List the departments.", "department list /srv/vault").With(asJson).Does((parse, vault) =>
        {
            IReadOnlyList<string> departments = vault.Departments();
            if (parse.GetValue(asJson))
            {
                Json.PrintArray(terminal, departments, (json, department) => json.WriteString("department", department));
                return ExitCodes.Done;
            }

            var listing = new Listing("department");
            foreach (string department in departments)
            {
                listing.Add(department);
            }

            listing.Print(terminal, "No department yet; add one: securevault department add VAULT finance");
            return ExitCodes.Done;
        });
    }

    private static VaultCommand ListLevels(Terminal terminal)
    {
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "list", "List the levels, the least sensitive first.", "level list /srv/vault").With(asJson).Does((parse, vault) =>
        {
            IReadOnlyList<LevelRow> levels = vault.Levels();
            if (parse.GetValue(asJson))
            {
                Json.PrintArray(terminal, levels, (json, level) =>
                {
                    json.WriteNumber("rank", level.Rank);
                    json.WriteString("level", level.Name);
                    Json.WriteTexts(json, "aliases", level.Aliases);
                });
                return ExitCodes.Done;
            }

            var listing = new Listing("rank", "level", "also");
            foreach (LevelRow level in levels)
            {
                listing.Add(level.Rank.ToString(CultureInfo.InvariantCulture), level.Name, string.Join(", ", level.Aliases));
            }

            listing.Print(terminal, "No levels.");
            return ExitCodes.Done;
        });
    }

    private static VaultCommand SetLevels(Terminal terminal)
    {
        var levels = new Argument<string[]>("LEVEL") { Description = "Each level, the least sensitive first: name keeps its aliases, name=alias,alias sets them, name= takes them away.", Arity = ArgumentArity.OneOrMore };
        return new VaultCommand(
            terminal,
            "set",
            "Replace the list of levels. A level that a grant or a file carries must stay, as a name or an alias; refused naming them.",
            "level set /srv/vault public internal=内部 secret=机密 top-secret=绝密")
            .With(levels)
            .Does((parse, vault) =>
            {
                string[] before = [.. vault.Levels().SelectMany(l => l.Aliases.Prepend(l.Name))];
                VaultResult result = vault.SetLevels(parse.GetRequiredValue(levels));
                if (!result.IsOk)
                {
                    return terminal.Fail(result);
                }

                IReadOnlyList<LevelRow> now = vault.Levels();
                string gone = string.Join(", ", before.Except(now.SelectMany(l => l.Aliases.Prepend(l.Name)), StringComparer.OrdinalIgnoreCase));
                terminal.Say($"Levels are now {string.Join(" < ", now.Select(Spelled))}.{(gone.Length > 0 ? $" No longer names of a level: {gone}." : "")}");
                return ExitCodes.Done;
            });
    }

    private static VaultCommand RenameLevel(Terminal terminal)
    {
        var from = Parts.Text("LEVEL", "Its name or an alias.");
        var to = Parts.Text("NEW", "What it is called from then on.");
        return new VaultCommand(
            terminal,
            "rename",
            "Call a level otherwise. Grants and labels follow; no file is touched. Its former name and its aliases stay as aliases.",
            "level rename /srv/vault secret restricted")
            .With(from, to)
            .Edits((parse, vault) => vault.RenameLevel(parse.GetRequiredValue(from), parse.GetRequiredValue(to)), parse => $"Level {parse.GetRequiredValue(from)} is {parse.GetRequiredValue(to)} now.");
    }

    private static string Spelled(LevelRow level) => level.Aliases.Count == 0 ? level.Name : $"{level.Name}={string.Join(',', level.Aliases)}";
}
