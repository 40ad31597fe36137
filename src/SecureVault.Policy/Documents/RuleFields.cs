using System;
using System.Collections.Generic;
using System.Linq;

namespace SecureVault.Policy.Documents;

/// <summary>Every field of programs, rules, layers and locks that changes a right, as people read it.</summary>
internal static class RuleFields
{
    public static SortedDictionary<string, string> Of(TrustedProgram program) => new(StringComparer.Ordinal)
    {
        ["images"] = Digests(program.Images),
        ["scripts"] = Digests(program.Scripts),
        ["read from"] = List(program.Paths.Concat(program.ScriptPaths)),
    };

    public static SortedDictionary<string, string> Of(Rule rule) => new(StringComparer.Ordinal)
    {
        ["labels"] = rule.Labels.ToString(),
        ["path"] = rule.Path.Length == 0 ? "any" : rule.Path,
        ["users"] = List(rule.Users),
        ["groups"] = List(rule.Groups),
        ["actions"] = List(Spelling.Actions.Where(a => rule.Actions.HasFlag((RuleActions)(1 << (int)a))).Select(Spelling.Of)),
        ["when"] = rule.When?.ToString() ?? "always",
        ["unless"] = rule.Unless?.ToString() ?? "never",
        ["ceiling"] = Spelling.Of(rule.Ceiling),
        ["says"] = rule.Say.Length == 0 ? "nothing" : rule.Say,
        ["notify"] = rule.Notify ? "yes" : "no",
        ["asks for a reason"] = rule.NeedsReason ? "yes" : "no",
    };

    public static SortedDictionary<string, string> Of(Layer layer) => new(StringComparer.Ordinal)
    {
        ["audit"] = layer.Audit is { } audit ? Spelling.Of(audit) : "as above",
        ["access"] = layer.Observes is not { } observes ? "as above" : observes ? $"observe until {PolicyChanges.Instant(layer.ObservesUntil)}" : "enforce",
        ["encryption"] = layer.Encryption is { } encryption ? Spelling.Of(encryption) : "as above",
    };

    public static SortedDictionary<string, string> Of(IncidentLock locked) => new(StringComparer.Ordinal)
    {
        ["because"] = locked.Because,
        ["by"] = locked.By,
        ["until"] = PolicyChanges.Instant(locked.Until),
    };

    public static string AttributesOf(Level level)
    {
        string[] all =
        [
            .. level.Strict ? ["strict"] : Array.Empty<string>(),
            .. level.NoWriteDown ? ["no-write-down"] : Array.Empty<string>(),
            .. level.NotOnHosts.Select(h => $"not on {h}"),
        ];
        return List(all);
    }

    private static string Digests(IEnumerable<Digest256> digests) => List(digests.Select(d => d.ToString()));

    private static string List(IEnumerable<string> items) => string.Join(',', items) is { Length: > 0 } all ? all : "none";
}
