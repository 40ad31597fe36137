using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>Edits of what is there already: other values, other names.</summary>
public sealed partial class PolicyDocument
{
    /// <summary>Replaces the list of levels. A level that a grant names must stay, as a name or an alias.</summary>
    /// <param name="items">Ascending. "name": the level of that name or alias as it is, else a new one; "name=alias,alias": with these aliases and no others; "name=": with none.</param>
    /// <remarks>"hush=secret" also renames secret, and grants follow. RenameLevel keeps all aliases.</remarks>
    public PolicyEdit SetLevels(IReadOnlyList<string> items)
    {
        Level[] levels = [.. items.Select(LevelOf)];
        var renamed = new Dictionary<string, string>(PolicyName.Comparer);
        foreach (Level level in levels)
        {
            foreach (string name in level.Aliases.Prepend(level.Name))
            {
                renamed.TryAdd(name, level.Name);
            }
        }

        string[] grants =
        [
            .. GrantsWhere(g => !renamed.ContainsKey(g.Level)),
            .. Rules.Where(r => IsGone(r.Labels.From) || IsGone(r.Labels.To)).Select(r => $"rule {r.Name}"),
        ];
        bool IsGone(string level) => level.Length > 0 && !renamed.ContainsKey(level);
        return grants.Length > 0
            ? Refuse($"A level that grants or rules name must stay, as a name or an alias; keep it or revoke {Scopes.Listed(grants)} first.")
            : WithLevels(levels, level => renamed[level]);
    }

    /// <summary>Calls a level otherwise; its former name stays as an alias, and grants follow.</summary>
    public PolicyEdit RenameLevel(string from, string to)
    {
        if (!Index.TryRank(from, out int rank))
        {
            return Refuse($"Level {from} does not exist; there is {Scopes.Listed(Index.LevelNames)}.");
        }

        Level old = Levels[rank];
        string[] aliases = [.. old.Aliases.Append(old.Name).Where(a => !PolicyName.Comparer.Equals(a, to))];
        return WithLevels([.. Levels.Select(l => l == old ? old with { Name = to, Aliases = aliases } : l)], level => level == old.Name ? to : level);
    }

    /// <summary>Calls a department otherwise, with all below it; grants follow. It stays where it is: below the same one.</summary>
    /// <param name="to">The whole new path, or only the new last part.</param>
    public PolicyEdit RenameDepartment(string from, string to)
    {
        if (!Index.TryDepartment(from, out string? known))
        {
            return Refuse($"Department {from} does not exist; there is {Existing(Departments)}.");
        }

        string path = NewPath(known!, to);
        if (PolicyName.PathProblem(path) is { } problem)
        {
            return Refuse(problem);
        }

        if (!PolicyName.Comparer.Equals(Above(path), Above(known!)))
        {
            return Refuse($"Department {known} stays {(Above(known!).Length == 0 ? "at the top" : $"below {Above(known!)}")} when it is renamed: who is granted what is above it would change. Add {path} and label the files anew instead.");
        }

        if (Index.TryDepartment(path, out string? other) && other != known)
        {
            return Refuse($"Department {other} exists already.");
        }

        string Follow(string department) => PolicyName.Covers(known!, department) ? path + department[known!.Length..] : department;
        Grant[] All(IReadOnlyList<Grant> grants) => [.. grants.Select(g => g with { Department = Follow(g.Department) })];
        return Make(Next().DepartmentsRenamed(Follow) with
        {
            Departments = [.. Departments.Select(Follow)],
            Users = [.. Users.Select(u => u with { Grants = All(u.Grants) })],
            Groups = [.. Groups.Select(g => g with { Grants = All(g.Grants) })],
        });
    }

    /// <summary>The path a department has once it is called to, spelled as what is above it is.</summary>
    public static string NewPath(string known, string to)
    {
        string above = Above(known);
        string last = to.Contains('/') && PolicyName.Comparer.Equals(Above(to), above) ? to[(to.LastIndexOf('/') + 1)..] : to;
        return above.Length == 0 || last.Contains('/') ? last : $"{above}/{last}";
    }

    /// <summary>Changes a user: another name (memberships follow), identity, expiry or encryption mode. Grants stay.</summary>
    public PolicyEdit ChangeUser(string name, Func<User, User> change)
    {
        if (FindUser(name) is not { } user)
        {
            return UnknownUser(name);
        }

        User changed = change(user);
        changed = changed with { Sid = changed.Sid?.ToUpperInvariant(), Expires = PolicyContent.WholeSeconds(changed.Expires), Grants = user.Grants };
        return Make(Next().UserRenamed(user.Name, changed.Name) with
        {
            Users = [.. Users.Select(u => u == user ? changed : u)],
            Groups = [.. Groups.Select(g => g with { Members = [.. g.Members.Select(m => m == user.Name ? changed.Name : m)] })],
        });
    }

    /// <summary>Changes a group: another name or identity. Members and grants stay.</summary>
    public PolicyEdit ChangeGroup(string name, Func<Group, Group> change)
    {
        if (FindGroup(name) is not { } group)
        {
            return UnknownGroup(name);
        }

        Group changed = change(group);
        changed = changed with { Sid = changed.Sid?.ToUpperInvariant(), Members = group.Members, Grants = group.Grants };
        return Make(Next().GroupRenamed(group.Name, changed.Name) with { Groups = [.. Groups.Select(g => g == group ? changed : g)] });
    }

    /// <summary>This version, for a keyring whose labels have other words: it goes with that keyring or a later one, and drives look at labels anew.</summary>
    public PolicyDocument WithKeysRenamed(ulong keyringVersion)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keyringVersion, KeyringVersion);
        return new PolicyDocument(_content with { LabelEpoch = LabelEpoch + 1, KeyringVersion = keyringVersion });
    }

    private static string Above(string path) => path.LastIndexOf('/') is >= 0 and var cut ? path[..cut] : "";

    private Level LevelOf(string item)
    {
        string[] parts = item.Split('=', 2);
        Level level = FindLevel(parts[0]) ?? new Level(parts[0], []);
        return parts.Length == 2 ? level with { Name = parts[0], Aliases = parts[1].Length == 0 ? [] : parts[1].Split(',') } : level;
    }

    private PolicyEdit WithLevels(Level[] levels, Func<string, string> follow)
    {
        Grant[] All(IReadOnlyList<Grant> grants) => [.. grants.Select(g => g with { Level = follow(g.Level) })];
        return Make(Next().LevelsRenamed(follow) with
        {
            Levels = levels,
            Users = [.. Users.Select(u => u with { Grants = All(u.Grants) })],
            Groups = [.. Groups.Select(g => g with { Grants = All(g.Grants) })],
        });
    }
}
