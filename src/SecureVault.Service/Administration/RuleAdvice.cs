using System.Collections.Generic;
using SecureVault.Policy;

namespace SecureVault.Service.Administration;

/// <summary>What a rule did, and what would let somebody through, in words.</summary>
internal static class RuleAdvice
{
    /// <summary>A sentence without a full stop: what the rule leaves, and when.</summary>
    public static string Reason(Rule rule)
    {
        var parts = new List<string> { $"rule {rule.Name} leaves {(rule.Ceiling == AccessMode.Denied ? "nothing" : "reading only")} of what the grants give" };
        if (rule.When is not null)
        {
            parts.Add($"when {rule.When}");
        }

        if (rule.Unless is not null)
        {
            parts.Add($"unless {rule.Unless}");
        }

        if (rule.NeedsReason)
        {
            parts.Add("unless a reason was given");
        }

        if (rule.Unless is { Programs.Count: > 0 } or { Sessions.Count: > 0 } || rule.When is { Programs.Count: > 0 } or { Sessions.Count: > 0 })
        {
            parts.Add("which program and session it would be is not known here");
        }

        return rule.Say.Length == 0 ? string.Join("; ", parts) : $"{string.Join("; ", parts)}: {rule.Say}";
    }

    /// <summary>What to do about it, ending in a command line.</summary>
    public static string Cure(string vault, Rule rule)
    {
        string so = rule.Unless is null ? "" : $"do it {rule.Unless}; or ";
        return $"{so}an admin takes the rule away: {PolicyAdvice.Command("rule remove", vault, rule.Name)}";
    }

    /// <summary>"user bob" as options of a command: "--user bob".</summary>
    public static string LockOptions(string target) => "--" + target;
}
