using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>department and level: what labels are made of.</summary>
internal static class StructureCommands
{
    public static Command Departments(Terminal terminal) => new TaughtCommand("department", "The zones files belong to; they nest: finance/treasury.")
    {
        AddDepartment(terminal), RemoveDepartment(terminal), ListDepartments(terminal),
    };

    public static Command Levels(Terminal terminal) => new TaughtCommand("level", "How sensitive files are: an ordered list, the least sensitive first.")
    {
        ListLevels(terminal), SetLevels(terminal),
    };

    private static VaultCommand AddDepartment(Terminal terminal)
    {
        var path = Parts.Text("DEPARTMENT", "Its path; those above it are added too.");
        return new VaultCommand(terminal, "add", "Add a department.", "department add /srv/vault finance", "department add /srv/vault finance/treasury")
            .With(path)
            .Edits((parse, vault) => vault.AddDepartment(parse.GetRequiredValue(path)), parse => $"Department {parse.GetRequiredValue(path)} added.");
    }

    private static VaultCommand RemoveDepartment(Terminal terminal)
    {
        var path = Parts.Text("DEPARTMENT", "Its path.");
        return new VaultCommand(
            terminal,
            "remove",
            "Remove a department that no grant names. Files labelled with it are then denied to everyone until they are labelled anew.",
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
        var levels = new Argument<string[]>("LEVEL") { Description = "Each level, the least sensitive first: name or name=alias,alias.", Arity = ArgumentArity.OneOrMore };
        return new VaultCommand(
            terminal,
            "set",
            "Replace the list of levels. A level that a grant names must stay, as a name or an alias.",
            "level set /srv/vault public internal=内部 secret=机密 top-secret=绝密")
            .With(levels)
            .Edits((parse, vault) => vault.SetLevels(parse.GetRequiredValue(levels)), parse => $"Levels are now {string.Join(" < ", parse.GetRequiredValue(levels))}.");
    }
}
