using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>What holds of programs, rules, conditions, layers, locks and the attributes of levels.</summary>
internal static class RuleInvariants
{
    /// <summary>Most rules of a policy.</summary>
    public const int MaxRules = 10_000;

    private const int MaxPath = 4096;
    private const int MaxHost = 253;

    /// <summary>The first invariant that does not hold, as a sentence for a person, or null. The rest of the content holds already.</summary>
    public static string? FirstBroken(PolicyContent content)
    {
        var programs = content.Programs.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return Programs(content.Programs)
            ?? Rules(content, programs)
            ?? Layers(content)
            ?? Locks(content)
            ?? content.Levels.Select(l => Hosts($"level {l.Name}", l.NotOnHosts)).FirstOrDefault(p => p is not null)
            ?? content.Users.Select(u => Check($"user {u.Name}", u.When, programs)
                ?? u.Grants.Select(g => Check($"the grant {g.Scope} of {u.Name}", g.When, programs)).FirstOrDefault(p => p is not null)).FirstOrDefault(p => p is not null)
            ?? content.Groups.SelectMany(g => g.Grants.Select(r => Check($"the grant {r.Scope} of {g.Name}", r.When, programs))).FirstOrDefault(p => p is not null);
    }

    internal static string? Programs(IReadOnlyList<TrustedProgram> programs)
    {
        var names = new HashSet<string>(PolicyName.Comparer);
        foreach (TrustedProgram program in programs)
        {
            if (PolicyName.Problem("program", program.Name) is { } problem)
            {
                return problem;
            }

            if (!names.Add(program.Name))
            {
                return $"A program named {program.Name} exists already.";
            }

            if (program.Images.Count == 0 || Repeats(program.Images) || Repeats(program.Scripts) || program.Images.Concat(program.Scripts).Any(d => d.IsNone)
                || !program.Paths.Concat(program.ScriptPaths).All(IsPath) || Repeats(program.Paths) || Repeats(program.ScriptPaths))
            {
                return $"Program {program.Name} has no digest, or a digest or path twice, or a path that is none.";
            }
        }

        return null;
    }

    private static string? Rules(PolicyContent content, HashSet<string> programs)
    {
        if (content.Rules.Count > MaxRules)
        {
            return $"A policy has at most {MaxRules} rules.";
        }

        var names = new HashSet<string>(PolicyName.Comparer);
        var users = content.Users.Select(u => u.Name).ToHashSet(StringComparer.Ordinal);
        var groups = content.Groups.Select(g => g.Name).ToHashSet(StringComparer.Ordinal);
        foreach (Rule rule in content.Rules)
        {
            if (PolicyName.Problem("rule", rule.Name) is { } problem)
            {
                return problem;
            }

            if (!names.Add(rule.Name))
            {
                return $"A rule named {rule.Name} exists already.";
            }

            string of = $"rule {rule.Name}";
            string? wrong = Names(of, "user", rule.Users, users) ?? Names(of, "group", rule.Groups, groups)
                ?? Range(content, rule) ?? (rule.Path.Length == 0 ? null : PathGlob.Problem(rule.Path))
                ?? Check(of, rule.When, programs) ?? Check(of, rule.Unless, programs) ?? Effect(rule);
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return null;
    }

    internal static string? Range(PolicyContent content, Rule rule)
    {
        LabelRange range = rule.Labels;
        int from = range.From.Length == 0 ? 0 : Rank(content, range.From);
        int to = range.To.Length == 0 ? content.Levels.Count - 1 : Rank(content, range.To);
        if (from < 0 || to < 0 || (range.Department.Length > 0 && !content.Departments.Contains(range.Department, StringComparer.Ordinal)))
        {
            return $"Rule {rule.Name} speaks of {range}, and the policy has no such department or level.";
        }

        if (from > to)
        {
            return $"Rule {rule.Name} speaks of {range}: {range.From} is above {range.To}, so no label is between them.";
        }

        bool compartment = range.Compartment is PolicyName.AllCompartments || (PolicyName.Problem("compartment", range.Compartment) is null && PolicyName.FoldCompartment(range.Compartment) == range.Compartment);
        return compartment ? null : $"Rule {rule.Name} names compartment {range.Compartment}, which is none.";
    }

    internal static string? Effect(Rule rule)
    {
        if (rule.Actions == RuleActions.None || (rule.Actions & ~(RuleActions.Usual | RuleActions.List)) != 0 || !Enum.IsDefined(rule.Ceiling))
        {
            return $"Rule {rule.Name} speaks of no action; name some of read, write, list, create, rename, delete, relabel.";
        }

        if (rule.Ceiling == AccessMode.Plaintext && !rule.Notify && !rule.NeedsReason)
        {
            return $"Rule {rule.Name} takes nothing away and tells nobody; give it a ceiling (read-only or denied), or notify.";
        }

        return rule.Ceiling == AccessMode.Plaintext && rule.NeedsReason
            ? $"Rule {rule.Name} asks for a reason and takes nothing away without one; give it a ceiling of read-only or denied."
            : SayProblem(rule);
    }

    private static string? SayProblem(Rule rule) =>
        rule.Say.Length > Rule.MaxSay ? $"What rule {rule.Name} says has more than {Rule.MaxSay} characters."
        : rule.Say != rule.Say.Trim() || !PolicyText.IsShown(rule.Say) ? $"What rule {rule.Name} says is no line of text: it has control or invisible characters, or blanks at an end."
        : null;

    internal static string? Check(string of, Conditions? conditions, HashSet<string> programs)
    {
        if (conditions is null)
        {
            return null;
        }

        return conditions.IsNone ? $"The conditions of {of} ask nothing."
            : Names(of, "program", conditions.Programs, programs)
            ?? Hosts(of, conditions.Hosts)
            ?? Names(of, "kind of session", conditions.Sessions, [.. Conditions.SessionKinds]);
    }

    internal static string? Layers(PolicyContent content)
    {
        var seen = new HashSet<string>(PolicyName.Comparer);
        foreach (Layer layer in content.Layers)
        {
            bool sound = content.Departments.Contains(layer.Department, StringComparer.Ordinal) && seen.Add(layer.Department)
                && (layer.Audit is null || Enum.IsDefined(layer.Audit.Value))
                && layer.Encryption is null or EncryptionMode.Mandatory or EncryptionMode.Optional
                && !PolicyContent.IsOdd(layer.ObservesUntil);
            if (!sound)
            {
                return $"The settings of department {layer.Department} are none, are there twice, or there is no such department.";
            }

            if (layer.Observes == true != layer.ObservesUntil is not null)
            {
                return $"Department {layer.Department} is to observe and not to enforce: that has an end; say when (--until).";
            }
        }

        return null;
    }

    private static string? Locks(PolicyContent content)
    {
        var seen = new HashSet<string>(PolicyName.Comparer);
        foreach (IncidentLock locked in content.Locks)
        {
            bool named = locked.Kind switch
            {
                LockKind.All => locked.Name.Length == 0,
                LockKind.User => content.Users.Any(u => u.Name == locked.Name),
                LockKind.Department => content.Departments.Contains(locked.Name, StringComparer.Ordinal),
                LockKind.Host => Hosts("", [locked.Name]) is null,
                _ => false,
            };
            if (!named || !seen.Add(locked.Target))
            {
                return $"The incident lock of {locked.Target} is there twice, or there is no such user, department or host.";
            }

            bool told = PolicyText.IsLine(locked.Because, 500) && PolicyText.IsLine(locked.By, 200);
            if (!told || PolicyContent.IsOdd(locked.Since) || PolicyContent.IsOdd(locked.Until))
            {
                return $"The incident lock of {locked.Target} needs a reason: one line of at most 500 characters.";
            }
        }

        return null;
    }

    private static string? Names(string of, string kind, IReadOnlyList<string> names, HashSet<string> known)
    {
        string? missing = names.FirstOrDefault(n => !known.Contains(n));
        return missing is not null ? $"{Capital(of)} names {kind} {missing}, which does not exist; there is {(known.Count == 0 ? "none" : Scopes.Listed(known.Order(PolicyName.Comparer)))}."
            : Repeats(names) ? $"{Capital(of)} names a {kind} twice." : null;
    }

    internal static string? Hosts(string of, IReadOnlyList<string> hosts)
    {
        string? odd = hosts.FirstOrDefault(h => h.Length is 0 or > MaxHost || !h.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_'));
        return odd is not null ? $"{Capital(of)} names host '{odd}', which is no name of a machine."
            : hosts.Distinct(PolicyName.Comparer).Count() < hosts.Count ? $"{Capital(of)} names a host twice." : null;
    }

    private static int Rank(PolicyContent content, string level) => Enumerable.Range(0, content.Levels.Count).FirstOrDefault(i => content.Levels[i].Name == level, -1);

    private static bool IsPath(string path) => path.Length is > 1 and <= MaxPath && !path.Any(char.IsControl);

    private static bool Repeats<T>(IReadOnlyList<T> items) => items.Distinct().Count() < items.Count;

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
