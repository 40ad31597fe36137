using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Documents;

namespace SecureVault.Tests.Policy;

/// <summary>What a naive decision is asked, as an object.</summary>
internal sealed record NaiveRequest(Subject Subject, Label Label, AccessAction Action, Circumstances At, string Path);

/// <summary>Conditions, rules, layers and locks of POLICY.md a second time, on top of NaiveDecision: no index, no order, plain sets.</summary>
internal static class NaiveRules
{
    private static readonly string[] Week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static (bool Allowed, AccessMode Mode, DecisionReason Reason, bool Observed) Decide(PolicyDocument policy, NaiveRequest request)
    {
        User? user = policy.Users.SingleOrDefault(u => request.Subject.Uid is not null ? u.Uid == request.Subject.Uid : u.Sid is not null && u.Sid == request.Subject.Sid);
        if (policy.Locks.Any(l => Shuts(l, user, request)))
        {
            return (false, AccessMode.Denied, DecisionReason.Locked, false);
        }

        var (_, mode, reason) = Granted(policy, user, request);
        Rule[] applying = [.. policy.Rules.Where(r => Applies(policy, r, user, request))];
        if (reason is not (DecisionReason.UnknownLabel or DecisionReason.Locked) && applying.Any(r => r.Ceiling < mode))
        {
            (mode, reason) = (applying.Min(r => r.Ceiling), DecisionReason.LoweredByRule);
        }

        bool reads = request.Action is AccessAction.Read or AccessAction.List;
        bool allowed = mode == AccessMode.Plaintext || (mode == AccessMode.ReadOnly && reads);
        reason = reason == DecisionReason.Granted && !allowed ? DecisionReason.WriteNeedsPlaintext : reason;
        bool observes = !allowed && reason != DecisionReason.UnknownLabel && Observes(policy, request);
        return observes ? (true, AccessMode.Plaintext, reason, true) : (allowed, mode, reason, false);
    }

    private static (bool, AccessMode Mode, DecisionReason Reason) Granted(PolicyDocument policy, User? user, NaiveRequest request)
    {
        PolicyDocument met = WithoutUnmet(policy, request);
        var now = NaiveDecision.Decide(met, request.Subject, request.Label, AccessAction.Read, request.At.Now);
        if (now.Reason is DecisionReason.Unlabelled or DecisionReason.UnknownLabel or DecisionReason.UserExpired)
        {
            return now;
        }

        if (user?.When is not null && Is(policy, user.When, request.At) != true)
        {
            return (false, AccessMode.Denied, DecisionReason.UserConditions);
        }

        // What would be granted if every condition were met, but is not: the conditions stand in the way.
        if (now.Mode == AccessMode.Denied)
        {
            var otherwise = NaiveDecision.Decide(policy, request.Subject, request.Label, AccessAction.Read, request.At.Now);
            return otherwise.Mode > AccessMode.Denied ? (false, AccessMode.Denied, DecisionReason.GrantConditions) : otherwise;
        }

        Level level = policy.Levels.Single(l => l.Aliases.Append(l.Name).Any(n => Same(n, request.Label.Level)));
        bool elsewhere = level.NotOnHosts.Count > 0 && (request.At.Host is null or "" || level.NotOnHosts.Any(h => Same(h, request.At.Host)));
        return elsewhere ? (false, AccessMode.Denied, DecisionReason.LevelNotOnHost) : now;
    }

    /// <summary>The policy without the grants whose conditions are not met for certain.</summary>
    private static PolicyDocument WithoutUnmet(PolicyDocument policy, NaiveRequest request)
    {
        foreach (User user in policy.Users)
        {
            foreach (Grant grant in user.Grants.Where(g => g.When is not null && Is(policy, g.When, request.At) != true))
            {
                policy = policy.RevokeUser(user.Name, grant.Scope).Policy!;
            }
        }

        foreach (Group group in policy.Groups)
        {
            foreach (Grant grant in group.Grants.Where(g => g.When is not null && Is(policy, g.When, request.At) != true))
            {
                policy = policy.RevokeGroup(group.Name, grant.Scope).Policy!;
            }
        }

        return policy;
    }

    private static bool Shuts(IncidentLock locked, User? user, NaiveRequest request) =>
        (locked.Until is null || request.At.Now < locked.Until) && locked.Kind switch
        {
            LockKind.All => true,
            LockKind.User => user?.Name == locked.Name,
            LockKind.Department => Same(request.Label.Department, locked.Name) || request.Label.Department.StartsWith(locked.Name + "/", StringComparison.OrdinalIgnoreCase),
            _ => request.At.Host is null or "" || Same(request.At.Host, locked.Name),
        };

    private static bool Observes(PolicyDocument policy, NaiveRequest request)
    {
        for (string at = request.Label.Department; at.Length > 0; at = at.Contains('/') ? at[..at.LastIndexOf('/')] : "")
        {
            if (policy.Layers.SingleOrDefault(l => Same(l.Department, at)) is { Observes: not null } layer)
            {
                return layer.Observes.Value && request.At.Now < layer.ObservesUntil;
            }
        }

        return false;
    }

    private static bool Applies(PolicyDocument policy, Rule rule, User? user, NaiveRequest request)
    {
        bool who = (rule.Users.Count == 0 && rule.Groups.Count == 0)
            || (user is not null && rule.Users.Contains(user.Name))
            || policy.Groups.Where(g => rule.Groups.Contains(g.Name)).Any(g => (user is not null && g.Members.Contains(user.Name)) || NaiveDecision.IsIn(request.Subject, g));
        return who
            && (rule.Actions & Enum.Parse<RuleActions>(request.Action.ToString())) != 0
            && Speaks(policy, rule.Labels, request.Label)
            && !(rule.NeedsReason && request.At.Reason is { Length: > 0 })
            && (rule.Path.Length == 0 || request.Path.Length == 0 || NaiveGlob.Covers(rule.Path, request.Path))
            && (rule.When is null || Is(policy, rule.When, request.At) != false)
            && (rule.Unless is null || Is(policy, rule.Unless, request.At) != true);
    }

    private static bool Speaks(PolicyDocument policy, LabelRange range, Label label)
    {
        if (label.IsNone)
        {
            return range == new LabelRange("", "", "", "*");
        }

        int rank = policy.Levels.ToList().FindIndex(l => l.Aliases.Append(l.Name).Any(n => Same(n, label.Level)));
        return rank >= (range.From.Length == 0 ? 0 : policy.Levels.ToList().FindIndex(l => l.Name == range.From))
            && rank <= (range.To.Length == 0 ? 99 : policy.Levels.ToList().FindIndex(l => l.Name == range.To))
            && (range.Department.Length == 0 || Same(label.Department, range.Department) || label.Department.StartsWith(range.Department + "/", StringComparison.OrdinalIgnoreCase))
            && (range.Compartment == "*" || Same(range.Compartment, label.Compartment));
    }

    /// <summary>True, false, or null when nobody can tell.</summary>
    private static bool? Is(PolicyDocument policy, Conditions conditions, Circumstances at)
    {
        var answers = new List<bool?>();
        if (conditions.Online is { } online)
        {
            answers.Add(at.Online is { } known ? known == online : null);
        }

        if (conditions.Hosts.Count > 0)
        {
            answers.Add(at.Host is { Length: > 0 } host ? conditions.Hosts.Any(h => Same(h, host)) : null);
        }

        if (conditions.Sessions.Count > 0)
        {
            answers.Add(at.Session is { Length: > 0 } session ? conditions.Sessions.Contains(session) : null);
        }

        if (conditions.Programs.Count > 0)
        {
            answers.Add(at.Program.IsSound && at.Program.Image != default
                ? policy.Programs.Any(p => conditions.Programs.Contains(p.Name) && p.Images.Contains(at.Program.Image) && (p.Scripts.Count == 0 || p.Scripts.Contains(at.Program.Script)))
                : null);
        }

        if (conditions.Hours is { } hours)
        {
            answers.Add(at.Zones!.TryLocal(hours.Zone, at.Now, out DateTime local) ? Minutes(hours).Contains(Minute(local)) : null);
        }

        return answers.Contains(false) ? false : answers.Contains(null) ? null : true;
    }

    /// <summary>Every minute of the week that the text of the hours names.</summary>
    private static HashSet<int> Minutes(Hours hours)
    {
        var all = new HashSet<int>();
        foreach (string[] span in hours.Spans.Split(", ").Select(s => s.Split(' ', '-', ':')))
        {
            bool ranged = span.Length == 6; // mon-fri 08:00-18:00, or mon 08:00-18:00
            int day = Array.IndexOf(Week, span[0]);
            int last = ranged ? Array.IndexOf(Week, span[1]) : day;
            int[] numbers = [.. span[(ranged ? 2 : 1)..].Select(int.Parse)];
            int length = ((numbers[2] * 60) + numbers[3] - (numbers[0] * 60) - numbers[1] + 1440) % 1440;
            length = length == 0 ? 1440 : length;
            while (true)
            {
                all.UnionWith(Enumerable.Range((day * 1440) + (numbers[0] * 60) + numbers[1], length).Select(m => m % (7 * 1440)));
                if (day == last)
                {
                    break;
                }

                day = (day + 1) % 7;
            }
        }

        return all;
    }

    private static int Minute(DateTime local) => (((int)local.DayOfWeek + 6) % 7 * 1440) + (local.Hour * 60) + local.Minute;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
