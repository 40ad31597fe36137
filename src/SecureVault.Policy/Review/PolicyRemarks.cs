using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Review;

/// <summary>What a policy says to no effect: rules that can never apply, rules that another makes needless, grants that a rule always denies. Sentences for people.</summary>
public static class PolicyRemarks
{
    /// <summary>Nothing of it is wrong: it is what somebody may have meant otherwise. In the order of the document.</summary>
    public static IReadOnlyList<string> Of(PolicyDocument policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        PolicyIndex index = policy.Index;
        return
        [
            .. policy.Rules.Select(r => Never(policy, r) is { } why ? $"rule {r.Name} can never apply: {why}." : null).OfType<string>(),
            .. Needless(policy.Rules, index).Select(p => $"rule {p.Needless} is needless: rule {p.By} takes away all that it does."),
            .. policy.Users.SelectMany(u => u.Grants.Where(g => AlwaysDenied(policy, r => Concerns(policy, r, u), g)).Select(g => $"the grant {g.Scope} of user {u.Name} gives nothing: rules always deny it.")),
            .. policy.Groups.SelectMany(p => p.Grants.Where(g => AlwaysDenied(policy, r => r.IsForAll || r.Groups.Contains(p.Name), g)).Select(g => $"the grant {g.Scope} of group {p.Name} gives nothing: rules always deny it.")),
        ];
    }

    private static string? Never(PolicyDocument policy, Rule rule)
    {
        if (rule.Unless is { } unless && rule.When is { } when && Coverage.Includes(unless, when))
        {
            return $"wherever it applies ({when}) its exception stands ({unless})";
        }

        bool Somebody(User? user) => user is not null && (user.Uid is not null || user.Sid is not null);
        bool reaches = rule.IsForAll || rule.Users.Any(u => Somebody(policy.FindUser(u)))
            || rule.Groups.Select(policy.FindGroup).OfType<Group>().Any(g => g.Gid is not null || g.Sid is not null || g.Members.Any(m => Somebody(policy.FindUser(m))));
        return reaches ? null : $"nobody is {string.Join(" or ", rule.Users.Select(u => $"user {u}").Concat(rule.Groups.Select(g => $"in group {g}")))}: without uid, gid, SID or members";
    }

    /// <summary>Of two that include each other the first stays.</summary>
    private static IEnumerable<(string Needless, string By)> Needless(IReadOnlyList<Rule> rules, PolicyIndex index)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            for (int j = 0; j < rules.Count; j++)
            {
                if (i != j && Coverage.Includes(rules[j], index, rules[i], index) && (j < i || !Coverage.Includes(rules[i], index, rules[j], index)))
                {
                    yield return (rules[i].Name, rules[j].Name);
                    break;
                }
            }
        }
    }

    private static bool Concerns(PolicyDocument policy, Rule rule, User user) =>
        rule.IsForAll || rule.Users.Contains(user.Name) || rule.Groups.Any(g => policy.FindGroup(g)?.Members.Contains(user.Name) == true);

    /// <summary>Whether some rule without conditions denies each level that the grant reaches.</summary>
    private static bool AlwaysDenied(PolicyDocument policy, Func<Rule, bool> concerns, Grant grant)
    {
        PolicyIndex index = policy.Index;
        Rule[] denying =
        [
            .. policy.Rules.Where(r => r.Ceiling == AccessMode.Denied && r.When is null && r.Unless is null && !r.NeedsReason && r.Path.Length == 0
                && (r.Actions & RuleActions.Usual) == RuleActions.Usual
                && (r.Labels.Department.Length == 0 || PolicyName.Covers(r.Labels.Department, grant.Department))
                && (r.Labels.Compartment == PolicyName.AllCompartments || PolicyName.Comparer.Equals(r.Labels.Compartment, grant.Compartment))
                && concerns(r)),
        ];
        return denying.Length > 0 && index.TryRank(grant.Level, out int top)
            && Enumerable.Range(0, top + 1).All(rank => denying.Any(r => Coverage.From(r, index) <= rank && Coverage.To(r, index) >= rank));
    }
}
