using System;
using System.CommandLine;
using System.Globalization;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>set and rename, of users and groups: what is there already is changed, and grants and memberships stay.</summary>
internal static class PeopleChangeCommands
{
    private const string None = "none";
    private const string Never = "never";

    public static VaultCommand SetUser(Terminal terminal, TimeProvider clock)
    {
        var name = Parts.Text("USER", "Name in the policy.");
        var uid = NumberOrNone("--uid", "The system's user number; none takes it away.");
        var sid = new Option<string?>("--sid") { Description = "Security identifier on Windows: S-1-5-...; none takes it away.", HelpName = "SID|none" };
        var expires = new Option<string?>("--expires") { Description = "When the account ends, as for user add; never takes the end away.", HelpName = "DATE|never" };
        expires.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && r.Tokens[0].Value != Never && !Instants.TryParseEnd(r.Tokens[0].Value, clock.GetUtcNow(), out _))
            {
                r.AddError($"--expires takes a date like 2026-12-31, an instant like 2026-12-31T18:00Z, a time from now like 30d, or never, not '{r.Tokens[0].Value}'.");
            }
        });
        var encryption = Parts.OneOf("--encryption", "As for user add.", null, "mandatory", "optional", "read-only");
        var command = new VaultCommand(terminal, "set", "Change a user's number, SID, end or encryption mode; what is not given stays, grants and memberships too.", "user set /srv/vault alice --uid 1002", "user set /srv/vault alice --expires never --encryption mandatory")
            .With(name, uid, sid, expires, encryption);
        return NeedsOne(command, uid, sid, expires, encryption).Edits(
            (parse, vault) => vault.SetUser(parse.GetRequiredValue(name), new UserChange
            {
                Uid = Number(parse, uid),
                Sid = Text(parse, sid),
                Expires = parse.GetValue(expires) is { } end ? new Given<DateTimeOffset?>(true, end == Never ? null : PeopleCommands.End(terminal, clock, end)) : default,
                Encryption = parse.GetValue(encryption),
            }),
            parse => $"User {parse.GetRequiredValue(name)} is changed from the next open on.");
    }

    public static VaultCommand SetGroup(Terminal terminal)
    {
        var name = Parts.Text("GROUP", "Name in the policy.");
        var gid = NumberOrNone("--gid", "The system's group number; none takes it away.");
        var sid = new Option<string?>("--sid") { Description = "Security identifier on Windows: S-1-5-...; none takes it away.", HelpName = "SID|none" };
        var command = new VaultCommand(terminal, "set", "Change a group's number or SID; what is not given stays, members and grants too.", "group set /srv/vault auditors --gid 51").With(name, gid, sid);
        return NeedsOne(command, gid, sid).Edits(
            (parse, vault) => vault.SetGroup(parse.GetRequiredValue(name), new GroupChange { Gid = Number(parse, gid), Sid = Text(parse, sid) }),
            parse => $"Group {parse.GetRequiredValue(name)} is changed from the next open on.");
    }

    public static VaultCommand Rename(Terminal terminal, string kind, string argument, string example, string called, Func<VaultAdministration, string, string, VaultResult> edit)
    {
        var from = Parts.Text(argument, "Name in the policy.");
        var to = Parts.Text("NEW", "What it is called from then on.");
        return new VaultCommand(terminal, "rename", $"Call a {kind} otherwise; grants and memberships follow. Records of before keep the former name.", $"{kind} rename /srv/vault {example} {called}")
            .With(from, to)
            .Edits((parse, vault) => edit(vault, parse.GetRequiredValue(from), parse.GetRequiredValue(to)), parse => $"{parse.GetRequiredValue(from)} is {parse.GetRequiredValue(to)} now.");
    }

    internal static VaultCommand NeedsOne(VaultCommand command, params Option[] options)
    {
        command.Validators.Add(r =>
        {
            if (Array.TrueForAll(options, o => r.GetResult(o) is null))
            {
                r.AddError($"Nothing is to be changed; give {string.Join(" or ", Array.ConvertAll(options, o => o.Name))}.");
            }
        });
        return command;
    }

    private static Option<string?> NumberOrNone(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "NUMBER|none" };
        option.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && r.Tokens[0].Value != None && !TryNumber(r.Tokens[0].Value, out _))
            {
                r.AddError($"{name} takes a whole number from 0 to {uint.MaxValue - 1}, or none, not '{r.Tokens[0].Value}'.");
            }
        });
        return option;
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != uint.MaxValue;

    private static Given<uint?> Number(ParseResult parse, Option<string?> option) =>
        parse.GetValue(option) is not { } text ? default : new Given<uint?>(true, TryNumber(text, out uint number) ? number : null);

    private static Given<string?> Text(ParseResult parse, Option<string?> option) =>
        parse.GetValue(option) is not { } text ? default : new Given<string?>(true, text == None ? null : text);
}
