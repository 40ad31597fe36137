using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

public sealed partial class PolicyDocument
{
    /// <summary>Adds a department and those above it that do not exist yet.</summary>
    public PolicyEdit AddDepartment(string path)
    {
        if (PolicyName.PathProblem(path) is { } problem)
        {
            return Refuse(problem);
        }

        if (Index.TryDepartment(path, out string? known))
        {
            return Refuse($"Department {known} exists already.");
        }

        var added = new List<string>();
        string above = "";
        foreach (string part in path.Split('/'))
        {
            string next = above.Length == 0 ? part : $"{above}/{part}";
            bool exists = Index.TryDepartment(next, out string? spelled);
            above = exists ? spelled! : next;
            if (!exists)
            {
                added.Add(above);
            }
        }

        return Make(Next() with { Departments = [.. Departments, .. added] });
    }

    /// <summary>Refused while a department lies below it or a grant names it. Files labelled with it are denied to everyone afterwards.</summary>
    public PolicyEdit RemoveDepartment(string path)
    {
        if (!Index.TryDepartment(path, out string? known))
        {
            return Refuse($"Department {path} does not exist; there is {Existing(Departments)}.");
        }

        string[] below = [.. Departments.Where(d => d != known && PolicyName.Covers(known!, d))];
        if (below.Length > 0)
        {
            return Refuse($"Department {known} has others below it; remove {Scopes.Listed(below)} first.");
        }

        string[] grants = [.. GrantsWhere(g => g.Department == known)];
        string[] others = [.. _content.Naming(known!)];
        return grants.Length > 0 ? Refuse($"Department {known} is named by grants; revoke {Scopes.Listed(grants)} first.")
            : others.Length > 0 ? Refuse($"Department {known} is named by {Scopes.Listed(others)}; take that away first.")
            : Make(Next() with { Departments = [.. Departments.Where(d => d != known)] });
    }

    public PolicyEdit AddUser(string name, uint? uid, string? sid, DateTimeOffset? expires, EncryptionMode encryption)
    {
        var user = new User(name, uid, sid?.ToUpperInvariant(), PolicyContent.WholeSeconds(expires), encryption, []);
        return Make(Next() with { Users = [.. Users, user] });
    }

    /// <summary>Removes the user, their grants and memberships.</summary>
    public PolicyEdit RemoveUser(string name) => FindUser(name) is not { } user ? UnknownUser(name) : Make(Next().WithoutUser(user.Name) with
    {
        Users = [.. Users.Where(u => u != user)],
        Groups = [.. Groups.Select(g => g with { Members = [.. g.Members.Where(m => m != user.Name)] })],
    });

    public PolicyEdit AddGroup(string name, uint? gid, string? sid) =>
        Make(Next() with { Groups = [.. Groups, new Group(name, gid, sid?.ToUpperInvariant(), [], [])] });

    /// <summary>Removes the group and its grants.</summary>
    public PolicyEdit RemoveGroup(string name) =>
        FindGroup(name) is not { } group ? UnknownGroup(name) : Make(Next().WithoutGroup(group.Name) with { Groups = [.. Groups.Where(g => g != group)] });

    public PolicyEdit AddMember(string group, string user)
    {
        if (FindGroup(group) is not { } known)
        {
            return UnknownGroup(group);
        }

        if (FindUser(user) is not { } member)
        {
            return UnknownUser(user);
        }

        return known.Members.Contains(member.Name)
            ? Refuse($"User {member.Name} is a member of group {known.Name} already.")
            : Replace(known, known with { Members = [.. known.Members, member.Name] });
    }

    public PolicyEdit RemoveMember(string group, string user)
    {
        if (FindGroup(group) is not { } known)
        {
            return UnknownGroup(group);
        }

        string? member = known.Members.FirstOrDefault(m => PolicyName.Comparer.Equals(m, user));
        return member is null
            ? Refuse($"User {user} is no member of group {known.Name}; members are {Existing(known.Members)}.")
            : Replace(known, known with { Members = [.. known.Members.Where(m => m != member)] });
    }

    /// <summary>Adds or replaces the grant of the same department, level and compartment. scope is "department:level[:compartment]".</summary>
    public PolicyEdit GrantUser(string user, string scope, AccessMode mode, DateTimeOffset? expires, Conditions? when = null)
    {
        if (FindUser(user) is not { } known)
        {
            return UnknownUser(user);
        }

        return TryGrant(scope, mode, expires, when, known.Grants, out IReadOnlyList<Grant> grants) is { } error
            ? Refuse(error)
            : Replace(known, known with { Grants = grants });
    }

    public PolicyEdit RevokeUser(string user, string scope)
    {
        if (FindUser(user) is not { } known)
        {
            return UnknownUser(user);
        }

        return TryRevoke(scope, known.Name, known.Grants, out IReadOnlyList<Grant> grants) is { } error
            ? Refuse(error)
            : Replace(known, known with { Grants = grants });
    }

    /// <summary>As GrantUser, for a group.</summary>
    public PolicyEdit GrantGroup(string group, string scope, AccessMode mode, DateTimeOffset? expires, Conditions? when = null)
    {
        if (FindGroup(group) is not { } known)
        {
            return UnknownGroup(group);
        }

        return TryGrant(scope, mode, expires, when, known.Grants, out IReadOnlyList<Grant> grants) is { } error
            ? Refuse(error)
            : Replace(known, known with { Grants = grants });
    }

    public PolicyEdit RevokeGroup(string group, string scope)
    {
        if (FindGroup(group) is not { } known)
        {
            return UnknownGroup(group);
        }

        return TryRevoke(scope, known.Name, known.Grants, out IReadOnlyList<Grant> grants) is { } error
            ? Refuse(error)
            : Replace(known, known with { Grants = grants });
    }

    /// <summary>The next version with LabelEpoch + 1 and the given versions of keyring and list of given labels, which are never less than before.</summary>
    public PolicyDocument WithLabelsChanged(ulong keyringVersion, ulong labelsVersion)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keyringVersion, KeyringVersion);
        ArgumentOutOfRangeException.ThrowIfLessThan(labelsVersion, LabelsVersion);
        return new PolicyDocument(Next() with { LabelEpoch = LabelEpoch + 1, KeyringVersion = keyringVersion, LabelsVersion = labelsVersion });
    }

    /// <summary>The same policy under a later version: for one that was put back on purpose and is to hold from now on.</summary>
    public PolicyDocument Republished(ulong version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(version, Version);
        return new PolicyDocument(_content with { Version = version });
    }

    private static PolicyEdit Refuse(string error) => new(null, error);

    private static string Existing(IReadOnlyList<string> names) => names.Count == 0 ? "none" : Scopes.Listed(names);

    private string? TryGrant(string text, AccessMode mode, DateTimeOffset? expires, Conditions? when, IReadOnlyList<Grant> grants, out IReadOnlyList<Grant> granted)
    {
        granted = grants;
        if (mode == AccessMode.Denied)
        {
            return "A grant gives plaintext or read-only; to take one away, revoke it.";
        }

        if (!Scopes.TryResolve(Index, text, allowAll: true, out Scope scope, out string? error))
        {
            return error;
        }

        var grant = new Grant(scope.Department, scope.Level, scope.Compartment, mode, PolicyContent.WholeSeconds(expires)) { When = when };
        granted = [.. grants.Where(g => g.Scope != grant.Scope), grant];
        return null;
    }

    private string? TryRevoke(string text, string holder, IReadOnlyList<Grant> grants, out IReadOnlyList<Grant> left)
    {
        left = grants;
        if (!Scopes.TryResolve(Index, text, allowAll: true, out Scope scope, out string? error))
        {
            return error;
        }

        var named = new Grant(scope.Department, scope.Level, scope.Compartment, AccessMode.ReadOnly, null);
        left = [.. grants.Where(g => g.Scope != named.Scope)];
        return left.Count < grants.Count ? null : $"{holder} has no grant {named.Scope}; there is {Existing([.. grants.Select(g => g.Scope)])}.";
    }

    private PolicyContent Next() => _content with { Version = Version + 1 };

    private PolicyEdit Replace(User old, User changed) => Make(Next() with { Users = [.. Users.Select(u => u == old ? changed : u)] });

    private PolicyEdit Replace(Group old, Group changed) => Make(Next() with { Groups = [.. Groups.Select(g => g == old ? changed : g)] });

    private IEnumerable<string> GrantsWhere(Func<Grant, bool> matches) =>
        Users.SelectMany(u => u.Grants.Where(matches).Select(g => $"{u.Name} {g.Scope}"))
            .Concat(Groups.SelectMany(p => p.Grants.Where(matches).Select(g => $"{p.Name} {g.Scope}")));

    private PolicyEdit UnknownUser(string name) => Refuse($"User {name} does not exist; there is {Existing([.. Users.Select(u => u.Name)])}.");

    private PolicyEdit UnknownGroup(string name) => Refuse($"Group {name} does not exist; there is {Existing([.. Groups.Select(g => g.Name)])}.");
}
