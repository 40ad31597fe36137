using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Review;

/// <summary>What somebody may do at most with a label, and by what.</summary>
/// <param name="Mode">What the best grant gives, lowered by the rules that always apply; Denied where there is none, or it or the user has expired.</param>
/// <param name="Holder">User or group whose grant it is; empty without one.</param>
/// <param name="Grant">Its scope.</param>
/// <param name="Until">When it ends by itself; null = never.</param>
/// <param name="Only">What must be so for it, in words; empty when nothing is asked.</param>
/// <param name="Rules">Rules that speak of it, with what each takes away.</param>
public sealed record AccessRow(string User, AccessMode Mode, string Holder, string Grant, DateTimeOffset? Until, string Only, IReadOnlyList<string> Rules);

/// <summary>What a user may open of a department and those below that are not listed themselves.</summary>
public sealed record DepartmentAccess(string Department, string Level, string Compartment, AccessMode Mode, string Holder, string Grant, DateTimeOffset? Until, string Only);

/// <summary>Who may do what by a policy, for a firm's access review: the most that is possible, with what it depends on beside it. Pure.</summary>
public static class AccessReview
{
    /// <summary>Every user of the policy for one label; those who get nothing too.</summary>
    /// <param name="path">Inside the vault, or empty: then rules with a path are counted as speaking of it.</param>
    public static IReadOnlyList<AccessRow> Of(PolicyDocument policy, Label label, string path, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(label);
        return [.. policy.Users.Select(u => Of(policy, u, label, path, now))];
    }

    /// <summary>Everything that a user may open: for each department the highest level of each compartment and mode. One below another with the same is left out.</summary>
    public static IReadOnlyList<DepartmentAccess> Of(PolicyDocument policy, User user, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(user);
        string[] compartments = [.. Held(policy, user).Select(h => h.Grant.Compartment).Where(c => c != PolicyName.AllCompartments).Append("").Distinct(PolicyName.Comparer).Order(PolicyName.Comparer)];
        var all = new Dictionary<string, DepartmentAccess[]>(PolicyName.Comparer);
        var shown = new List<DepartmentAccess>();
        foreach (string department in policy.Departments)
        {
            DepartmentAccess[] own = [.. compartments.SelectMany(c => Highest(policy, user, department, c, now))];
            all[department] = own;
            string above = department.Contains('/') ? department[..department.LastIndexOf('/')] : "";
            bool same = above.Length > 0 && all[above].Select(a => a with { Department = "" }).SequenceEqual(own.Select(a => a with { Department = "" }));
            shown.AddRange(same ? [] : own);
        }

        return shown;
    }

    /// <summary>Grants that nobody used: no open of what they cover by whom they were given to.</summary>
    /// <param name="opened">What was opened: names of users and labels. A user may be in it with a group's name, who is in it by number only.</param>
    public static IReadOnlyList<(string Holder, Grant Grant)> Unused(PolicyDocument policy, IReadOnlyCollection<(string User, Label Label)> opened)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(opened);
        ILookup<string, Label> labels = opened.ToLookup(o => o.User, o => o.Label, PolicyName.Comparer);
        bool Used(IEnumerable<string> people, Grant grant) => people.Any(p => labels[p].Any(l => Covers(policy, grant, l)));
        return
        [
            .. policy.Users.SelectMany(u => u.Grants.Where(g => !Used([u.Name], g)).Select(g => (u.Name, g))),
            .. policy.Groups.SelectMany(p => p.Grants.Where(g => !Used(p.Members.Append(p.Name), g)).Select(g => (p.Name, g))),
        ];
    }

    private static IEnumerable<DepartmentAccess> Highest(PolicyDocument policy, User user, string department, string compartment, DateTimeOffset now)
    {
        AccessMode most = AccessMode.Denied;
        for (int rank = policy.Levels.Count - 1; rank >= 0 && most < AccessMode.Plaintext; rank--)
        {
            AccessRow row = Of(policy, user, new Label(department, policy.Levels[rank].Name, compartment), "", now);
            if (row.Mode > most)
            {
                most = row.Mode;
                string only = string.Join("; ", row.Rules.Prepend(row.Only).Where(t => t.Length > 0));
                yield return new DepartmentAccess(department, policy.Levels[rank].Name, compartment, row.Mode, row.Holder, row.Grant, row.Until, only);
            }
        }
    }

    private static AccessRow Of(PolicyDocument policy, User user, Label label, string path, DateTimeOffset now)
    {
        Rule[] rules = [.. policy.Rules.Where(r => Speaks(policy, r, user, label, path))];
        string[] told = [.. rules.Select(Told)];
        (string Holder, Grant Grant) best = label.IsNone || user.Expires <= now ? default
            : Held(policy, user).Where(h => !(h.Grant.Expires <= now) && Covers(policy, h.Grant, label)).OrderByDescending(h => h.Grant.Mode).ThenBy(h => h.Grant.When is null ? 0 : 1).FirstOrDefault();
        if (best.Grant is null && !label.IsNone)
        {
            return new AccessRow(user.Name, AccessMode.Denied, "", "", null, user.Expires <= now ? "expired" : "", told);
        }

        AccessMode given = best.Grant?.Mode ?? AccessMode.Plaintext;
        given = user.Encryption == EncryptionMode.ReadOnly && !label.IsNone && given == AccessMode.Plaintext ? AccessMode.ReadOnly : given;
        AccessMode mode = rules.Where(r => IsAlways(r, path)).Select(r => r.Ceiling).Append(given).Min();
        DateTimeOffset? until = Earlier(user.Expires, best.Grant?.Expires);
        string only = string.Join("; ", new[] { user.When?.ToString(), best.Grant?.When?.ToString() }.OfType<string>());
        return new AccessRow(user.Name, Locked(policy, user, label, now) ? AccessMode.Denied : mode, best.Holder ?? "", best.Grant?.Scope ?? "", until, only, Locked(policy, user, label, now) ? ["incident lock", .. told] : told);
    }

    private static IEnumerable<(string Holder, Grant Grant)> Held(PolicyDocument policy, User user) =>
        user.Grants.Select(g => (user.Name, g)).Concat(policy.Groups.Where(p => p.Members.Contains(user.Name)).SelectMany(p => p.Grants.Select(g => (p.Name, g))));

    private static bool Covers(PolicyDocument policy, Grant grant, Label label) =>
        !label.IsNone && PolicyName.Covers(grant.Department, label.Department)
        && policy.Index.TryRank(grant.Level, out int top) && policy.Index.TryRank(label.Level, out int rank) && rank <= top
        && (grant.Compartment == PolicyName.AllCompartments || PolicyName.Comparer.Equals(grant.Compartment, label.Compartment));

    private static bool Speaks(PolicyDocument policy, Rule rule, User user, Label label, string path)
    {
        bool everything = rule.Labels is { Department: "", From: "", To: "", Compartment: PolicyName.AllCompartments };
        bool labels = label.IsNone ? everything
            : policy.Index.TryRank(label.Level, out int rank) && Coverage.From(rule, policy.Index) <= rank && Coverage.To(rule, policy.Index) >= rank
                && (rule.Labels.Department.Length == 0 || PolicyName.Covers(rule.Labels.Department, label.Department))
                && (rule.Labels.Compartment == PolicyName.AllCompartments || PolicyName.Comparer.Equals(rule.Labels.Compartment, label.Compartment));
        return labels
            && (path.Length == 0 || rule.Path.Length == 0 || PathGlob.Covers(rule.Path, path))
            && (rule.IsForAll || rule.Users.Contains(user.Name) || rule.Groups.Any(g => policy.FindGroup(g)?.Members.Contains(user.Name) == true));
    }

    /// <summary>Whether it takes reading or writing away whatever holds else.</summary>
    private static bool IsAlways(Rule rule, string path) =>
        rule is { When: null, Unless: null, NeedsReason: false } && (rule.Path.Length == 0 || path.Length > 0) && (rule.Actions & (RuleActions.Read | RuleActions.Write)) == (RuleActions.Read | RuleActions.Write);

    private static string Told(Rule rule)
    {
        string when = rule.When is { } so ? $" when {so}" : "";
        string unless = rule.Unless is { } not ? $" unless {not}" : "";
        return $"{rule.Name}: {Spelling.Of(rule.Ceiling)}{when}{unless}{(rule.NeedsReason ? " without a reason" : "")}{(rule.Path.Length > 0 ? $" at {rule.Path}" : "")}";
    }

    private static bool Locked(PolicyDocument policy, User user, Label label, DateTimeOffset now) => policy.Locks.Any(l => !(l.Until <= now) && l.Kind switch
    {
        LockKind.All => true,
        LockKind.User => l.Name == user.Name,
        LockKind.Department => !label.IsNone && PolicyName.Covers(l.Name, label.Department),
        _ => false,
    });

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
