using System.CommandLine;
using SecureVault.Cli.Output;

namespace SecureVault.Cli.Commands;

/// <summary>user import: a table of people in one edit.</summary>
internal static class ImportCommand
{
    public static VaultCommand Build(Terminal terminal)
    {
        var file = Parts.Text("FILE", "CSV; its first line names the columns: name, uid, sid, groups, departments, levels, mode, expires, encryption. Several in one cell are parted by ';'.");
        var makeGroups = new Option<bool>("--make-groups") { Description = "Make groups that there are not." };
        var dryRun = PlanOutput.DryRun();
        var yes = PlanOutput.Yes();
        return new VaultCommand(terminal, "import", "Add and change the users of a table, all or nothing. Nobody and nothing is taken away.", "user import /srv/vault people.csv --dry-run", "user import /srv/vault people.csv --make-groups --yes")
            .With(file, makeGroups, dryRun, yes)
            .Does((parse, vault) => PlanOutput.Run(terminal, vault.Policies, vault.Policies.PlanTable(parse.GetRequiredValue(file), parse.GetValue(makeGroups)), parse.GetRequiredValue(file), parse.GetValue(dryRun), parse.GetValue(yes)));
    }
}
