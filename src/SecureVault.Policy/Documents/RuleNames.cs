using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>What becomes of rules, layers and locks when what they name is called otherwise or goes.</summary>
internal static class RuleNames
{
    public static PolicyContent LevelsRenamed(this PolicyContent content, Func<string, string> follow) => content with
    {
        Rules = [.. content.Rules.Select(r => r with { Labels = r.Labels with { From = Follow(r.Labels.From, follow), To = Follow(r.Labels.To, follow) } })],
    };

    public static PolicyContent DepartmentsRenamed(this PolicyContent content, Func<string, string> follow) => content with
    {
        Rules = [.. content.Rules.Select(r => r with { Labels = r.Labels with { Department = Follow(r.Labels.Department, follow) } })],
        Layers = [.. content.Layers.Select(l => l with { Department = follow(l.Department) })],
        Locks = [.. content.Locks.Select(l => l.Kind == LockKind.Department ? l with { Name = follow(l.Name) } : l)],
    };

    public static PolicyContent UserRenamed(this PolicyContent content, string from, string to) => content with
    {
        Rules = [.. content.Rules.Select(r => r with { Users = Renamed(r.Users, from, to) })],
        Locks = [.. content.Locks.Select(l => l.Kind == LockKind.User && l.Name == from ? l with { Name = to } : l)],
    };

    public static PolicyContent GroupRenamed(this PolicyContent content, string from, string to) => content with
    {
        Rules = [.. content.Rules.Select(r => r with { Groups = Renamed(r.Groups, from, to) })],
    };

    /// <summary>A rule that spoke of this user alone goes with them: without a name it would speak of everybody.</summary>
    public static PolicyContent WithoutUser(this PolicyContent content, string name) => content with
    {
        Rules = Left(content.Rules, r => r with { Users = Without(r.Users, name) }),
        Locks = [.. content.Locks.Where(l => l.Kind != LockKind.User || l.Name != name)],
    };

    /// <summary>As WithoutUser, for a group.</summary>
    public static PolicyContent WithoutGroup(this PolicyContent content, string name) => content with { Rules = Left(content.Rules, r => r with { Groups = Without(r.Groups, name) }) };

    /// <summary>Rules, layers and locks that name a department, as a person finds them.</summary>
    public static IEnumerable<string> Naming(this PolicyContent content, string department) =>
        content.Rules.Where(r => r.Labels.Department == department).Select(r => $"rule {r.Name}")
            .Concat(content.Layers.Where(l => l.Department == department).Select(l => $"settings of department {l.Department}"))
            .Concat(content.Locks.Where(l => l.Kind == LockKind.Department && l.Name == department).Select(l => $"the incident lock of {l.Target}"));

    /// <summary>Rules, grants and users whose conditions name a program.</summary>
    public static IEnumerable<string> NamingProgram(this PolicyContent content, string program)
    {
        bool Names(Conditions? conditions) => conditions?.Programs.Contains(program, PolicyName.Comparer) == true;
        return content.Rules.Where(r => Names(r.When) || Names(r.Unless)).Select(r => $"rule {r.Name}")
            .Concat(content.Users.Where(u => Names(u.When)).Select(u => $"user {u.Name}"))
            .Concat(content.Users.SelectMany(u => u.Grants.Where(g => Names(g.When)).Select(g => $"the grant {g.Scope} of {u.Name}")))
            .Concat(content.Groups.SelectMany(p => p.Grants.Where(g => Names(g.When)).Select(g => $"the grant {g.Scope} of {p.Name}")));
    }

    private static string Follow(string name, Func<string, string> follow) => name.Length == 0 ? name : follow(name);

    private static string[] Renamed(IReadOnlyList<string> names, string from, string to) => [.. names.Select(n => n == from ? to : n)];

    private static string[] Without(IReadOnlyList<string> names, string name) => [.. names.Where(n => n != name)];

    private static Rule[] Left(IReadOnlyList<Rule> rules, Func<Rule, Rule> change) => [.. rules.Select(r => (Old: r, New: change(r))).Where(p => p.Old.IsForAll || !p.New.IsForAll).Select(p => p.New)];
}
