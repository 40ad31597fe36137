using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>The canonical order of what rules are made of: lists sorted, conditions that ask nothing left out.</summary>
internal static class RuleOrder
{
    public static Rule Of(Rule rule) => rule with { Users = Names(rule.Users), Groups = Names(rule.Groups), When = Of(rule.When), Unless = Of(rule.Unless) };

    public static TrustedProgram Of(TrustedProgram program) => program with
    {
        Images = Digests(program.Images),
        Paths = Paths(program.Paths),
        Scripts = Digests(program.Scripts),
        ScriptPaths = Paths(program.ScriptPaths),
    };

    public static Conditions? Of(Conditions? conditions) => conditions is null or { IsNone: true }
        ? null
        : conditions with { Programs = Names(conditions.Programs), Hosts = Names(conditions.Hosts), Sessions = Paths(conditions.Sessions) };

    private static string[] Names(IReadOnlyList<string> names) => [.. names.Order(PolicyName.Comparer)];

    private static string[] Paths(IReadOnlyList<string> paths) => [.. paths.Order(StringComparer.Ordinal)];

    private static Digest256[] Digests(IReadOnlyList<Digest256> digests) => [.. digests.OrderBy(d => d.A).ThenBy(d => d.B).ThenBy(d => d.C).ThenBy(d => d.D)];
}
