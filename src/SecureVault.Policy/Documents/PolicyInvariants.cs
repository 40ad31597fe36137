using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>What holds in every policy document, whether it came from an edit or from bytes.</summary>
internal static class PolicyInvariants
{
    /// <summary>Most levels.</summary>
    public const int MaxLevels = 64;

    /// <summary>The first invariant that does not hold, as a sentence for a person, or null.</summary>
    public static string? FirstBroken(PolicyContent content)
    {
        if (content.Version == 0)
        {
            return "A policy's version begins at 1.";
        }

        var levels = new Dictionary<string, string>(PolicyName.Comparer);
        var departments = new HashSet<string>(StringComparer.Ordinal);
        return Levels(content, levels)
            ?? Departments(content, departments)
            ?? Identities(content)
            ?? Members(content)
            ?? content.Users.Select(u => Grants("user", u.Name, u.Grants, levels, departments))
                .Concat(content.Groups.Select(g => Grants("group", g.Name, g.Grants, levels, departments)))
                .FirstOrDefault(p => p is not null)
            ?? RuleInvariants.FirstBroken(content);
    }

    private static string? Levels(PolicyContent content, Dictionary<string, string> names)
    {
        if (content.Levels.Count is 0 or > MaxLevels)
        {
            return $"A policy has 1 to {MaxLevels} levels.";
        }

        foreach (Level level in content.Levels)
        {
            foreach (string name in level.Aliases.Prepend(level.Name))
            {
                if (PolicyName.Problem("level", name) is { } problem)
                {
                    return problem;
                }

                if (!names.TryAdd(name, level.Name))
                {
                    return $"'{name}' would name two levels; give every level and alias a name of its own.";
                }
            }
        }

        return null;
    }

    private static string? Departments(PolicyContent content, HashSet<string> known)
    {
        var seen = new HashSet<string>(PolicyName.Comparer);
        foreach (string path in content.Departments.Order(PolicyName.Comparer))
        {
            if (PolicyName.PathProblem(path) is { } problem)
            {
                return problem;
            }

            if (!seen.Add(path))
            {
                return $"Department {path} exists already.";
            }

            known.Add(path);
        }

        return content.Departments.Where(d => d.Contains('/') && !known.Contains(d[..d.LastIndexOf('/')]))
            .Select(d => $"Department {d} needs {d[..d.LastIndexOf('/')]} above it.").FirstOrDefault();
    }

    private static string? Identities(PolicyContent content)
    {
        var names = new Dictionary<string, string>(PolicyName.Comparer);
        var uids = new Dictionary<uint, string>();
        var gids = new Dictionary<uint, string>();
        var sids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (User user in content.Users)
        {
            if (Identity("user", user.Name, user.Uid, "uid", user.Sid, names, uids, sids) is { } problem)
            {
                return problem;
            }

            if (!Enum.IsDefined(user.Encryption) || PolicyContent.IsOdd(user.Expires))
            {
                return $"User {user.Name} has an encryption mode or an expiry that does not exist.";
            }
        }

        return content.Groups.Select(g => Identity("group", g.Name, g.Gid, "gid", g.Sid, names, gids, sids)).FirstOrDefault(p => p is not null);
    }

    internal static string? Identity(string kind, string name, uint? number, string numberKind, string? sid, Dictionary<string, string> names, Dictionary<uint, string> numbers, Dictionary<string, string> sids)
    {
        if (PolicyName.Problem(kind, name) is { } problem)
        {
            return problem;
        }

        if (!names.TryAdd(name, kind))
        {
            return names[name] == kind
                ? $"A {kind} named {name} exists already."
                : $"'{name}' would name both a user and a group; they share one list of names.";
        }

        if (number == uint.MaxValue)
        {
            return $"{number} is no {numberKind}: the system uses it for 'nobody at all'.";
        }

        if (number is { } given && !numbers.TryAdd(given, name))
        {
            return $"The {numberKind} {given} belongs to {kind} {numbers[given]} already.";
        }

        if (sid is not null && (PolicyName.SidProblem(sid) ?? (sids.TryAdd(sid, name) ? null : $"The SID {sid} would belong to both {sids[sid]} and {name}.")) is { } wrong)
        {
            return wrong;
        }

        return null;
    }

    private static string? Members(PolicyContent content)
    {
        var users = content.Users.Select(u => u.Name).ToHashSet(StringComparer.Ordinal);
        foreach (Group group in content.Groups)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (string member in group.Members)
            {
                if (!users.Contains(member) || !seen.Add(member))
                {
                    return $"Group {group.Name} lists {member}, who is no user or is listed twice.";
                }
            }
        }

        return null;
    }

    private static string? Grants(string kind, string name, IReadOnlyList<Grant> grants, Dictionary<string, string> levels, HashSet<string> departments)
    {
        var seen = new HashSet<string>(PolicyName.Comparer);
        foreach (Grant grant in grants)
        {
            bool sound = departments.Contains(grant.Department)
                && levels.TryGetValue(grant.Level, out string? level) && level == grant.Level
                && IsCompartment(grant.Compartment)
                && grant.Mode is (AccessMode.ReadOnly or AccessMode.Plaintext)
                && !PolicyContent.IsOdd(grant.Expires);
            if (!sound || !seen.Add(grant.Scope))
            {
                return $"The grant {grant.Scope} of {kind} {name} names something that does not exist, or is there twice.";
            }
        }

        return null;
    }

    internal static bool IsCompartment(string compartment) =>
        compartment is "" or PolicyName.AllCompartments
        || (PolicyName.Problem("compartment", compartment) is null && PolicyName.FoldCompartment(compartment) == compartment);
}
