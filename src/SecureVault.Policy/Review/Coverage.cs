using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Review;

/// <summary>Whether one condition, rule or grant includes another: true only when it surely does. Pure.</summary>
internal static class Coverage
{
    private const int MinutesOfWeek = 7 * 24 * 60;
    private static readonly DateTime Monday = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
    private static readonly char[] Wild = ['*', '?'];

    /// <summary>Whether the wide one is so wherever the narrow one is. Null asks nothing.</summary>
    public static bool Includes(Conditions? wide, Conditions? narrow)
    {
        if (wide is null)
        {
            return true;
        }

        return narrow is not null
            && OneOf(wide.Programs, narrow.Programs) && OneOf(wide.Hosts, narrow.Hosts) && OneOf(wide.Sessions, narrow.Sessions)
            && (wide.Online is null || wide.Online == narrow.Online)
            && (wide.Hours is null || (narrow.Hours is not null && Includes(wide.Hours, narrow.Hours)));
    }

    /// <summary>Whether the wide rule takes away all that the narrow one does, wherever that applies. Both of one policy, or of two with the same names.</summary>
    /// <param name="wideIn">The policy that ranks the wide one's levels and has its groups.</param>
    public static bool Includes(Rule wide, PolicyIndex wideIn, Rule narrow, PolicyIndex narrowIn) =>
        wide.Ceiling <= narrow.Ceiling
        && (narrow.Labels != LabelRange.All || wide.Labels == LabelRange.All) // that one alone speaks of what has no label
        && (wide.Labels.Department.Length == 0 || (narrow.Labels.Department.Length > 0 && PolicyName.Covers(wide.Labels.Department, narrow.Labels.Department)))
        && From(wide, wideIn) <= From(narrow, narrowIn) && To(wide, wideIn) >= To(narrow, narrowIn)
        && (wide.Labels.Compartment == PolicyName.AllCompartments || PolicyName.Comparer.Equals(wide.Labels.Compartment, narrow.Labels.Compartment))
        && (narrow.Actions & ~wide.Actions) == 0
        && (!wide.NeedsReason || narrow.NeedsReason)
        && (wide.Notify || !narrow.Notify)
        && IncludesPath(wide.Path, narrow.Path)
        && IncludesPeople(wide, narrow, wideIn)
        && Includes(wide.When, narrow.When)
        && (wide.Unless is null || (narrow.Unless is not null && Includes(narrow.Unless, wide.Unless)));

    /// <summary>Whether a grant gives at least what another gives. Conditions and ends included.</summary>
    public static bool Includes(Grant wide, int wideRank, Grant narrow, int narrowRank) =>
        PolicyName.Covers(wide.Department, narrow.Department)
        && wideRank >= narrowRank
        && (wide.Compartment == PolicyName.AllCompartments || PolicyName.Comparer.Equals(wide.Compartment, narrow.Compartment))
        && wide.Mode >= narrow.Mode
        && (wide.Expires is null || narrow.Expires <= wide.Expires)
        && Includes(wide.When, narrow.When);

    public static int From(Rule rule, PolicyIndex index) => rule.Labels.From.Length > 0 && index.TryRank(rule.Labels.From, out int rank) ? rank : 0;

    public static int To(Rule rule, PolicyIndex index) => rule.Labels.To.Length > 0 && index.TryRank(rule.Labels.To, out int rank) ? rank : index.LevelNames.Count - 1;

    /// <summary>Empty = any.</summary>
    private static bool OneOf(IReadOnlyList<string> wide, IReadOnlyList<string> narrow) =>
        wide.Count == 0 || (narrow.Count > 0 && narrow.All(n => wide.Contains(n, PolicyName.Comparer)));

    private static bool Includes(Hours wide, Hours narrow) =>
        PolicyName.Comparer.Equals(wide.Zone, narrow.Zone)
        && (wide.Spans == narrow.Spans || Enumerable.Range(0, MinutesOfWeek).Select(m => Monday.AddMinutes(m)).All(m => !narrow.Contain(m) || wide.Contain(m)));

    /// <summary>With wild characters on both sides only the same pattern is sure.</summary>
    private static bool IncludesPath(string wide, string narrow) =>
        wide.Length == 0
        || (narrow.Length > 0 && (PolicyName.Comparer.Equals(wide, narrow)
            || ((narrow.IndexOfAny(Wild) < 0 || wide.IndexOfAny(Wild) < 0) && PathGlob.Covers(wide, narrow))));

    private static bool IncludesPeople(Rule wide, Rule narrow, PolicyIndex index)
    {
        if (wide.IsForAll || narrow.IsForAll)
        {
            return wide.IsForAll;
        }

        bool Member(string user) => wide.Groups.Any(g => index.GroupNamed(g)?.Members.Contains(user) == true);
        return narrow.Groups.All(g => wide.Groups.Contains(g)) && narrow.Users.All(u => wide.Users.Contains(u) || Member(u));
    }
}
