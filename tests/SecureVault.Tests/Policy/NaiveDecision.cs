using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Documents;

namespace SecureVault.Tests.Policy;

/// <summary>The rules of POLICY.md a second time, word for word and without any index: what Decide must agree with.</summary>
internal static class NaiveDecision
{
    public static (bool Allowed, AccessMode Mode, DecisionReason Reason) Decide(PolicyDocument policy, Subject subject, Label label, AccessAction action, DateTimeOffset now)
    {
        if (label.IsNone)
        {
            return (true, AccessMode.Plaintext, DecisionReason.Unlabelled);
        }

        var level = policy.Levels.SingleOrDefault(l => l.Aliases.Append(l.Name).Any(n => Same(n, label.Level)));
        if (level is null || !policy.Departments.Any(d => Same(d, label.Department)))
        {
            return (false, AccessMode.Denied, DecisionReason.UnknownLabel);
        }

        var user = policy.Users.SingleOrDefault(u => subject.Uid is not null ? u.Uid == subject.Uid : u.Sid is not null && u.Sid == subject.Sid);
        if (user is not null && user.Expires is not null && now >= user.Expires)
        {
            return (false, AccessMode.Denied, DecisionReason.UserExpired);
        }

        var groups = policy.Groups.Where(g => (user is not null && g.Members.Contains(user.Name)) || IsIn(subject, g)).ToList();
        if (user is null && !policy.Groups.Any(g => IsIn(subject, g)))
        {
            return (false, AccessMode.Denied, DecisionReason.UnknownUser);
        }

        var grants = (user?.Grants ?? []).Concat(groups.SelectMany(g => g.Grants)).ToList();
        return FromGrants(policy, grants, user, level, label, action, now);
    }

    private static (bool Allowed, AccessMode Mode, DecisionReason Reason) FromGrants(PolicyDocument policy, List<Grant> grants, User? user, Level level, Label label, AccessAction action, DateTimeOffset now)
    {
        var order = policy.Levels.Select(l => l.Name).ToList();
        var department = grants.Where(g => IsSameOrBelow(label.Department, g.Department)).ToList();
        var reaching = department.Where(g => order.IndexOf(g.Level) >= order.IndexOf(level.Name)).ToList();
        var fitting = reaching.Where(g => g.Compartment == "*" || Same(g.Compartment, label.Compartment)).ToList();
        var living = fitting.Where(g => g.Expires is null || now < g.Expires).ToList();
        if (living.Count == 0)
        {
            var reason = fitting.Count > 0 ? DecisionReason.GrantExpired
                : reaching.Count > 0 ? DecisionReason.CompartmentNotGranted
                : department.Count > 0 ? DecisionReason.LevelTooHigh
                : DecisionReason.NoGrantForDepartment;
            return (false, AccessMode.Denied, reason);
        }

        bool plaintext = living.Any(g => g.Mode == AccessMode.Plaintext);
        if (plaintext && user?.Encryption == EncryptionMode.ReadOnly)
        {
            return (action == AccessAction.Read, AccessMode.ReadOnly, DecisionReason.ReadOnlyEncryptionMode);
        }

        if (plaintext)
        {
            return (true, AccessMode.Plaintext, DecisionReason.Granted);
        }

        return action == AccessAction.Write
            ? (false, AccessMode.ReadOnly, DecisionReason.WriteNeedsPlaintext)
            : (true, AccessMode.ReadOnly, DecisionReason.Granted);
    }

    /// <summary>Walks up from the department, one parent at a time.</summary>
    private static bool IsSameOrBelow(string department, string granted)
    {
        for (string? at = department; at is not null; at = at.Contains('/') ? at[..at.LastIndexOf('/')] : null)
        {
            if (Same(at, granted))
            {
                return true;
            }
        }

        return false;
    }

    internal static bool IsIn(Subject subject, Group group) =>
        (group.Gid is not null && subject.Gids.Contains(group.Gid.Value)) || (group.Sid is not null && subject.GroupSids is not null && subject.GroupSids.Contains(group.Sid));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
