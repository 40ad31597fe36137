using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>rule: what takes rights away that grants give.</summary>
internal static class RuleCommands
{
    public static Command Build(Terminal terminal) => new TaughtCommand("rule", "Rules take away what grants give: by program, hours, machine or session. Their order means nothing; the lowest ceiling wins.")
    {
        Add(terminal), Remove(terminal), List(terminal),
    };

    private static VaultCommand Add(Terminal terminal)
    {
        var name = Parts.Text("RULE", "Its name; one that is there already is replaced.");
        var label = new Option<string>("--label") { Description = "Labels: finance, finance:secret (from secret up), finance:internal..secret, *:secret, or * for everything.", HelpName = "LABELS", Required = true };
        var path = new Option<string>("--path") { Description = "Paths: /Payroll, /Clients/*/contracts, /**/*.xlsx; each with all below it.", HelpName = "PATTERN", DefaultValueFactory = _ => "" };
        var users = Many("--user", "USER", "Only these users; else everybody.");
        var groups = Many("--group", "GROUP", "Only members of these groups.");
        var actions = Many("--on", "ACTION", "read, write, list, create, rename, delete, relabel; else all but list.");
        var ceiling = Parts.OneOf("--ceiling", "The most that is left.", "denied", "denied", "read-only", "plaintext");
        var say = new Option<string>("--say") { Description = "A sentence for who is refused.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var notify = new Option<bool>("--notify") { Description = "What it concerns is of alert class in the log." };
        var reason = new Option<bool>("--reason") { Description = "Does not apply to who has given a reason." };
        var when = new ConditionOptions("when", "Applies only");
        var unless = new ConditionOptions("unless", "Does not apply");
        return new VaultCommand(
            terminal, "add", "Add a rule, or replace it.",
            "rule add /srv/vault only-in-office --label finance:secret --unless-program office --say \"open it in the office program\"",
            "rule add /srv/vault office-hours --label \"*:secret\" --group contractors --unless-hours \"mon-fri 08:00-18:00 Europe/Berlin\" --ceiling read-only")
            .With([name, label, path, users, groups, actions, ceiling, say, notify, reason, .. unless.All, .. when.All])
            .Edits(
                (parse, vault) => vault.Rules.Set(new RuleRow(
                    parse.GetRequiredValue(name), parse.GetRequiredValue(label), parse.GetRequiredValue(path), parse.GetValue(users) ?? [], parse.GetValue(groups) ?? [], Split(parse.GetValue(actions)),
                    when.Read(parse), unless.Read(parse), parse.GetRequiredValue(ceiling)!, parse.GetRequiredValue(say), parse.GetValue(notify), parse.GetValue(reason))),
                parse => $"Rule {parse.GetRequiredValue(name)} is in force from the next open on.");
    }

    private static VaultCommand Remove(Terminal terminal)
    {
        var name = Parts.Text("RULE", "Its name.");
        return new VaultCommand(terminal, "remove", "Take a rule away: what it lowered is as the grants give it again.", "rule remove /srv/vault only-in-office")
            .With(name)
            .Edits((parse, vault) => vault.Rules.Remove(parse.GetRequiredValue(name)), parse => $"Rule {parse.GetRequiredValue(name)} removed.");
    }

    private static VaultCommand List(Terminal terminal)
    {
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "list", "List the rules.", "rule list /srv/vault").With(asJson).Does((parse, vault) =>
        {
            IReadOnlyList<RuleRow> rules = vault.Rules.Rules();
            if (parse.GetValue(asJson))
            {
                Json.PrintArray(terminal, rules, Members);
                return ExitCodes.Done;
            }

            var listing = new Listing("rule", "labels", "path", "who", "actions", "ceiling", "applies", "says");
            foreach (RuleRow rule in rules)
            {
                string who = string.Join(", ", rule.Users.Concat(rule.Groups.Select(g => $"group {g}")));
                string more = rule.Notify ? $"{rule.Summary} (notifies)" : rule.Summary;
                listing.Add(rule.Name, rule.Label, rule.Path, who.Length == 0 ? "everybody" : who, string.Join(", ", rule.Actions), rule.Ceiling, more.Length == 0 ? "always" : more, rule.Say);
            }

            listing.Print(terminal, "No rule: what the grants give holds. See: securevault rule add --help");
            return ExitCodes.Done;
        });
    }

    private static void Members(Utf8JsonWriter json, RuleRow rule)
    {
        json.WriteString("rule", rule.Name);
        json.WriteString("label", rule.Label);
        json.WriteString("path", rule.Path);
        Json.WriteTexts(json, "users", rule.Users);
        Json.WriteTexts(json, "groups", rule.Groups);
        Json.WriteTexts(json, "actions", rule.Actions);
        ConditionOptions.Write(json, "when", rule.When);
        ConditionOptions.Write(json, "unless", rule.Unless);
        json.WriteString("ceiling", rule.Ceiling);
        json.WriteString("say", rule.Say);
        json.WriteBoolean("notify", rule.Notify);
        json.WriteBoolean("reason", rule.NeedsReason);
    }

    private static string[] Split(string[]? words) => [.. (words ?? []).SelectMany(w => w.Split(','))];

    private static Option<string[]> Many(string name, string called, string description) => new(name) { Description = description, HelpName = called };
}
