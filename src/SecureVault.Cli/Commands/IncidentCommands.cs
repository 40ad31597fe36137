using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>incident: shut somebody out at once, and say why.</summary>
internal static class IncidentCommands
{
    public static Command Build(Terminal terminal, TimeProvider clock) => new TaughtCommand("incident", "Shut a user, a department's files, a machine or everybody out, at once, and on record.")
    {
        Lock(terminal, clock), Unlock(terminal), List(terminal),
    };

    private static VaultCommand Lock(Terminal terminal, TimeProvider clock)
    {
        var target = new Target();
        var because = new Option<string>("--because") { Description = "Why, in a line; who is shut out is shown it.", HelpName = "TEXT", Required = true };
        var until = Parts.Expires(clock);
        return new VaultCommand(terminal, "lock", "Shut somebody out of everything, at once.", "incident lock /srv/vault --user bob --because \"laptop lost\"", "incident lock /srv/vault --department finance --because \"under investigation\" --expires 2d")
            .With([.. target.All, because, until])
            .Edits(
                (parse, vault) => vault.Rules.Lock(target.Kind(parse), target.Name(parse), parse.GetRequiredValue(because), Environment.UserName, PeopleCommands.End(terminal, clock, parse.GetValue(until))),
                parse => $"Locked: {target.Told(parse)}. To end it: securevault incident unlock.");
    }

    private static VaultCommand Unlock(Terminal terminal)
    {
        var target = new Target();
        var because = new Option<string>("--because") { Description = "Why it may end, in a line; it stands in the log.", HelpName = "TEXT", Required = true };
        return new VaultCommand(terminal, "unlock", "End an incident lock.", "incident unlock /srv/vault --user bob --because \"laptop found, sealed\"")
            .With([.. target.All, because])
            .Edits((parse, vault) => vault.Rules.Unlock(target.Kind(parse), target.Name(parse), parse.GetRequiredValue(because)), parse => $"Unlocked: {target.Told(parse)}.");
    }

    private static VaultCommand List(Terminal terminal)
    {
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "list", "List the incident locks.", "incident list /srv/vault").With(asJson).Does((parse, vault) =>
        {
            IReadOnlyList<LockRow> locks = vault.Rules.Locks();
            if (parse.GetValue(asJson))
            {
                Json.PrintArray(terminal, locks, (json, locked) =>
                {
                    json.WriteString("kind", locked.Kind);
                    json.WriteString("name", locked.Name);
                    json.WriteString("because", locked.Because);
                    json.WriteString("by", locked.By);
                    Json.WriteInstant(json, "since", locked.Since);
                    Json.WriteInstant(json, "until", locked.Until);
                });
                return ExitCodes.Done;
            }

            var listing = new Listing("locked", "since (UTC)", "until", "by", "because");
            foreach (LockRow locked in locks)
            {
                listing.Add($"{locked.Kind} {locked.Name}".TrimEnd(), Instants.Shown(locked.Since), locked.Until is { } end ? Expiry.Shown(end) : "", locked.By, locked.Because);
            }

            listing.Print(terminal, "No incident lock is on.");
            return ExitCodes.Done;
        });
    }

    /// <summary>Whom a lock is on: exactly one option.</summary>
    private sealed class Target
    {
        private readonly Option<string?> _user = new("--user") { Description = "This user.", HelpName = "USER" };
        private readonly Option<string?> _department = new("--department") { Description = "All files of this department and those below it.", HelpName = "DEPARTMENT" };
        private readonly Option<string?> _host = new("--host") { Description = "Everybody on this machine.", HelpName = "HOST" };
        private readonly Option<bool> _all = new("--all") { Description = "Everybody, everywhere." };

        public Symbol[] All => [_user, _department, _host, _all];

        public string Kind(ParseResult parse)
        {
            string[] given = [.. new[] { ("user", parse.GetValue(_user) is not null), ("department", parse.GetValue(_department) is not null), ("host", parse.GetValue(_host) is not null), ("all", parse.GetValue(_all)) }.Where(p => p.Item2).Select(p => p.Item1)];
            return given.Length == 1 ? given[0] : given.Length == 0 ? "nobody; name --user, --department, --host or --all" : string.Join(" and ", given);
        }

        public string Name(ParseResult parse) => parse.GetValue(_user) ?? parse.GetValue(_department) ?? parse.GetValue(_host) ?? "";

        public string Told(ParseResult parse) => $"{Kind(parse)} {Name(parse)}".TrimEnd();
    }
}
