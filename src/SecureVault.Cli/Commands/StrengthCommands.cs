using System;
using System.CommandLine;
using SecureVault.Cli.Output;

namespace SecureVault.Cli.Commands;

/// <summary>department set and level mark: how strong the three forces are for a department, and what a level asks for.</summary>
internal static class StrengthCommands
{
    public static VaultCommand SetDepartment(Terminal terminal, TimeProvider clock)
    {
        var path = Parts.Text("DEPARTMENT", "Its path; those below it follow, unless they have something of their own.");
        var audit = Parts.OneOf("--audit", "What is recorded: all, changes (not what is only read), denials.", null, "all", "changes", "denials", "as-above");
        var access = Parts.OneOf("--access", "enforce refuses; observe lets through what would be refused, and marks it in the log.", null, "enforce", "observe", "as-above");
        var until = new Option<string?>("--until") { Description = "When observing ends, as for --expires; it must have an end.", HelpName = "DATE" };
        until.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && !Instants.TryParseEnd(r.Tokens[0].Value, clock.GetUtcNow(), out _))
            {
                r.AddError($"--until takes a date like 2026-12-31, an instant like 2026-12-31T18:00Z or a time from now like 30d, not '{r.Tokens[0].Value}'.");
            }
        });
        var command = new VaultCommand(
            terminal, "set", "Set how much of a department is recorded, and whether the policy is enforced there.",
            "department set /srv/vault engineering --audit denials", "department set /srv/vault finance --access observe --until 30d")
            .With(path, audit, access, until);
        return PeopleChangeCommands.NeedsOne(command, audit, access).Edits(
            (parse, vault) => vault.Rules.SetDepartment(parse.GetRequiredValue(path), parse.GetValue(audit), parse.GetValue(access), PeopleCommands.End(terminal, clock, parse.GetValue(until))),
            parse => parse.GetValue(access) == "observe"
                ? $"Department {parse.GetRequiredValue(path)} only observes now: what would be refused goes on, marked in the log."
                : $"Department {parse.GetRequiredValue(path)} is set from the next open on.");
    }

    public static VaultCommand MarkLevel(Terminal terminal)
    {
        var level = Parts.Text("LEVEL", "Its name or an alias.");
        var strict = Parts.OneOf("--strict", "on: its content is kept in no cache of the system's and cannot be mapped, and each read is decided anew.", null, "on", "off");
        var hosts = new Option<string[]>("--not-on-host") { Description = "A machine on which nothing of it is given out; in place of those before. none: everywhere.", HelpName = "HOST" };
        var command = new VaultCommand(terminal, "mark", "Say what a level asks for beside grants.", "level mark /srv/vault top-secret --strict on --not-on-host reception-pc").With(level, strict, hosts);
        return PeopleChangeCommands.NeedsOne(command, strict, hosts).Edits(
            (parse, vault) => vault.Rules.MarkLevel(
                parse.GetRequiredValue(level), parse.GetValue(strict) is { } word ? word == "on" : null, parse.GetValue(hosts) is { Length: > 0 } given ? given is ["none"] ? [] : given : null),
            parse => $"Level {parse.GetRequiredValue(level)} is marked from the next open on.");
    }
}
