using System;
using System.CommandLine;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Service.Machines;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>user and group: who may do what.</summary>
internal static class PeopleCommands
{
    private const string ScopeHelp = "department:level, department:level:compartment, or department:level:* for every compartment.";

    public static Command Users(Terminal terminal, TimeProvider clock) => new TaughtCommand("user", "The people a policy knows, and what they may do.")
    {
        AddUser(terminal, clock), PeopleChangeCommands.SetUser(terminal, clock), PeopleChangeCommands.Rename(terminal, "user", "USER", "alice", "alice.smith", (v, from, to) => v.RenameUser(from, to)),
        RemoveUser(terminal), ListUsers(terminal), ImportCommand.Build(terminal),
        Grant(terminal, clock, "user", "USER", "alice", (v, who, scope, mode, end) => v.GrantUser(who, scope, mode, end)),
        Revoke(terminal, "user", "USER", "alice", (v, who, scope) => v.RevokeUser(who, scope)),
    };

    public static Command Groups(Terminal terminal, TimeProvider clock) => new TaughtCommand("group", "Groups of users, and what they may do.")
    {
        AddGroup(terminal), PeopleChangeCommands.SetGroup(terminal), PeopleChangeCommands.Rename(terminal, "group", "GROUP", "auditors", "Revision", (v, from, to) => v.RenameGroup(from, to)),
        RemoveGroup(terminal), ListGroups(terminal),
        Grant(terminal, clock, "group", "GROUP", "auditors", (v, who, scope, mode, end) => v.GrantGroup(who, scope, mode, end)),
        Revoke(terminal, "group", "GROUP", "auditors", (v, who, scope) => v.RevokeGroup(who, scope)),
        new TaughtCommand("member", "Who is in a group.") { Member(terminal, "add", "Put", "into"), Member(terminal, "remove", "Take", "out of") },
    };

    private static VaultCommand AddUser(Terminal terminal, TimeProvider clock)
    {
        var name = Parts.Text("USER", "Name in the policy.");
        var uid = Parts.Number("--uid", "The system's user number; without --uid and --sid, what this machine knows the user of this name by.");
        var sid = new Option<string?>("--sid") { Description = "Security identifier on Windows: S-1-5-...", HelpName = "SID" };
        var expires = Parts.Expires(clock);
        var encryption = Parts.OneOf("--encryption", "mandatory: all that is written is encrypted; optional: unlabelled files may stay plain; read-only: may never change protected files.", "mandatory", "mandatory", "optional", "read-only");
        return new VaultCommand(terminal, "add", "Add a user.", "user add /srv/vault alice --uid 1001", "user add /srv/vault temp --uid 1007 --expires 2026-12-31 --encryption read-only")
            .With(name, uid, sid, expires, encryption)
            .Does((parse, vault) =>
            {
                string user = parse.GetRequiredValue(name);
                uint? number = parse.GetValue(uid);
                string? identifier = parse.GetValue(sid);
                bool looked = number is null && identifier is null && SystemUsers.TryFind(user, out number, out identifier);
                DateTimeOffset? end = End(terminal, clock, parse.GetValue(expires));
                VaultResult result = vault.AddUser(user, number, identifier, end, parse.GetRequiredValue(encryption)!);
                if (!result.IsOk)
                {
                    return terminal.Fail(result);
                }

                terminal.Say($"User {user} added{(looked ? $" with {(number is { } known ? $"uid {known}" : $"SID {identifier}")}, as this machine knows {user}" : "")}.");
                if (number is null && identifier is null)
                {
                    terminal.Complain($"note: {user} has no uid or SID and this machine knows no such user, so nobody is {user} yet; give it one: securevault user set {ShellWord.Of(vault.Folder)} {ShellWord.Of(user)} {(OperatingSystem.IsWindows() ? "--sid SID" : "--uid NUMBER")}");
                }

                return ExitCodes.Done;
            });
    }

    private static VaultCommand RemoveUser(Terminal terminal)
    {
        var name = Parts.Text("USER", "Name in the policy.");
        return new VaultCommand(terminal, "remove", "Remove a user with all grants and memberships.", "user remove /srv/vault alice")
            .With(name)
            .Edits((parse, vault) => vault.RemoveUser(parse.GetRequiredValue(name)), parse => $"User {parse.GetRequiredValue(name)} removed.");
    }

    private static VaultCommand ListUsers(Terminal terminal)
    {
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "list", "List users and their grants.", "user list /srv/vault").With(asJson).Does((parse, vault) =>
        {
            PeopleOutput.Users(terminal, vault.Users(), parse.GetValue(asJson));
            return ExitCodes.Done;
        });
    }

    private static VaultCommand AddGroup(Terminal terminal)
    {
        var name = Parts.Text("GROUP", "Name in the policy.");
        var gid = Parts.Number("--gid", "The system's group number: its members there are members here.");
        var sid = new Option<string?>("--sid") { Description = "Security identifier on Windows: S-1-5-...", HelpName = "SID" };
        return new VaultCommand(terminal, "add", "Add a group.", "group add /srv/vault auditors --gid 50")
            .With(name, gid, sid)
            .Edits((parse, vault) => vault.AddGroup(parse.GetRequiredValue(name), parse.GetValue(gid), parse.GetValue(sid)), parse => $"Group {parse.GetRequiredValue(name)} added.");
    }

    private static VaultCommand RemoveGroup(Terminal terminal)
    {
        var name = Parts.Text("GROUP", "Name in the policy.");
        return new VaultCommand(terminal, "remove", "Remove a group with its grants.", "group remove /srv/vault auditors")
            .With(name)
            .Edits((parse, vault) => vault.RemoveGroup(parse.GetRequiredValue(name)), parse => $"Group {parse.GetRequiredValue(name)} removed.");
    }

    private static VaultCommand ListGroups(Terminal terminal)
    {
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "list", "List groups, their members and grants.", "group list /srv/vault").With(asJson).Does((parse, vault) =>
        {
            PeopleOutput.Groups(terminal, vault.Groups(), parse.GetValue(asJson));
            return ExitCodes.Done;
        });
    }

    private static VaultCommand Member(Terminal terminal, string verb, string action, string way)
    {
        var group = Parts.Text("GROUP", "Name in the policy.");
        var user = Parts.Text("USER", "Name in the policy.");
        return new VaultCommand(terminal, verb, $"{action} a user {way} a group.", $"group member {verb} /srv/vault auditors alice")
            .With(group, user)
            .Edits(
                (parse, vault) => verb == "add"
                    ? vault.AddMember(parse.GetRequiredValue(group), parse.GetRequiredValue(user))
                    : vault.RemoveMember(parse.GetRequiredValue(group), parse.GetRequiredValue(user)),
                parse => $"User {parse.GetRequiredValue(user)} is {(verb == "add" ? "now" : "no longer")} in group {parse.GetRequiredValue(group)}.");
    }

    private static VaultCommand Grant(Terminal terminal, TimeProvider clock, string kind, string argument, string example, Func<VaultAdministration, string, string, string, DateTimeOffset?, VaultResult> edit)
    {
        var who = Parts.Text(argument, "Name in the policy.");
        var scope = Parts.Text("SCOPE", ScopeHelp);
        var mode = Parts.OneOf("--mode", "plaintext: read and write; read-only: read.", "plaintext", "plaintext", "read-only");
        var expires = Parts.Expires(clock);
        return new VaultCommand(
            terminal,
            "grant",
            $"Let a {kind} open files of a department and all below it, up to a level. The same scope again replaces mode and end.",
            $"{kind} grant /srv/vault {example} finance:confidential",
            $"{kind} grant /srv/vault {example} finance:secret:customer-7 --mode read-only --expires 2026-12-31")
            .With(who, scope, mode, expires)
            .Edits(
                (parse, vault) => edit(vault, parse.GetRequiredValue(who), parse.GetRequiredValue(scope), parse.GetRequiredValue(mode)!, End(terminal, clock, parse.GetValue(expires))),
                parse => $"{parse.GetRequiredValue(who)} has {parse.GetRequiredValue(scope)} {parse.GetRequiredValue(mode)} from the next open on.");
    }

    private static VaultCommand Revoke(Terminal terminal, string kind, string argument, string example, Func<VaultAdministration, string, string, VaultResult> edit)
    {
        var who = Parts.Text(argument, "Name in the policy.");
        var scope = Parts.Text("SCOPE", "The grant as 'list' shows it.");
        return new VaultCommand(terminal, "revoke", $"Take a grant from a {kind}.", $"{kind} revoke /srv/vault {example} finance:confidential")
            .With(who, scope)
            .Edits(
                (parse, vault) => edit(vault, parse.GetRequiredValue(who), parse.GetRequiredValue(scope)),
                parse => $"{parse.GetRequiredValue(who)} has {parse.GetRequiredValue(scope)} no more from the next open on.");
    }

    /// <summary>The end that was typed, with a note when it has passed.</summary>
    internal static DateTimeOffset? End(Terminal terminal, TimeProvider clock, string? text)
    {
        if (text is null || !Instants.TryParseEnd(text, clock.GetUtcNow(), out DateTimeOffset end))
        {
            return null;
        }

        if (end <= clock.GetUtcNow())
        {
            terminal.Complain($"note: {text} has passed already: it ended {Expiry.When(end)}.");
        }

        return end;
    }
}
