using System;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Decisions;

/// <summary>The pure decision.</summary>
public static class PolicyDecision
{
    /// <summary>Decides one action of one subject on one label at one time. Any thread; no I/O; deterministic; does not allocate.</summary>
    /// <remarks>POLICY.md gives the rules in this order. application is not weighed yet: no rule of a policy names programs.</remarks>
    public static Decision Decide(PolicyDocument policy, in Subject subject, Label label, AccessAction action, DateTimeOffset now, string? application)
    {
        Principal? principal = policy.Index.Find(subject);
        string user = principal?.User.Name ?? "";
        EncryptionMode encryption = principal?.User.Encryption ?? EncryptionMode.Mandatory;
        if (label.IsNone)
        {
            return new Decision(true, AccessMode.Plaintext, DecisionReason.Unlabelled, user, "", "", encryption);
        }

        if (policy.IsClosed)
        {
            return new Decision(false, AccessMode.Denied, DecisionReason.PolicyNotCurrent, user, "", "", encryption);
        }

        if (!policy.Index.TryDepartment(label.Department, out _) || !policy.Index.TryRank(label.Level, out int rank))
        {
            return new Decision(false, AccessMode.Denied, DecisionReason.UnknownLabel, user, "", "", encryption);
        }

        if (principal?.User.Expires <= now)
        {
            return new Decision(false, AccessMode.Denied, DecisionReason.UserExpired, user, "", "", encryption);
        }

        var search = new GrantSearch(label, rank, now);
        bool known = Search(policy.Index, principal, subject, ref search);
        DecisionReason reason = known ? search.Reason : DecisionReason.UnknownUser;
        AccessMode mode = search.Mode;
        if (mode == AccessMode.Plaintext && encryption == EncryptionMode.ReadOnly)
        {
            mode = AccessMode.ReadOnly;
            reason = DecisionReason.ReadOnlyEncryptionMode;
        }

        if (mode == AccessMode.ReadOnly && action == AccessAction.Write && reason == DecisionReason.Granted)
        {
            reason = DecisionReason.WriteNeedsPlaintext;
        }

        bool allowed = mode == AccessMode.Plaintext || (mode == AccessMode.ReadOnly && action == AccessAction.Read);
        return new Decision(allowed, mode, reason, user, search.Holder, search.Scope, encryption);
    }

    /// <summary>Weighs every grant the subject has; false when the policy knows neither the user nor a group of theirs.</summary>
    private static bool Search(PolicyIndex index, Principal? principal, in Subject subject, ref GrantSearch search)
    {
        bool known = principal is not null;
        for (int i = 0; i < principal?.GrantSets.Count; i++)
        {
            search.Weigh(principal.GrantSets[i]);
        }

        for (int i = 0; i < subject.Gids?.Count; i++)
        {
            if (index.GrantsOfGid(subject.Gids[i]) is { } grants)
            {
                known = true;
                search.Weigh(grants);
            }
        }

        for (int i = 0; i < subject.GroupSids?.Count; i++)
        {
            if (index.GrantsOfGroupSid(subject.GroupSids[i]) is { } grants)
            {
                known = true;
                search.Weigh(grants);
            }
        }

        return known;
    }

    /// <summary>The best grant so far or, while none matches, how near one came.</summary>
    private struct GrantSearch(Label label, int rank, DateTimeOffset now)
    {
        public AccessMode Mode { get; private set; } = AccessMode.Denied;

        public DecisionReason Reason { get; private set; } = DecisionReason.NoGrantForDepartment;

        public string Holder { get; private set; } = "";

        public string Scope { get; private set; } = "";

        /// <summary>The first of the best wins: a user's own grants come before those of groups.</summary>
        public void Weigh(RankedGrant[] grants)
        {
            foreach (RankedGrant ranked in grants)
            {
                DecisionReason outcome = Match(ranked);
                if (outcome == DecisionReason.Granted ? ranked.Grant.Mode > Mode : Mode == AccessMode.Denied && outcome > Reason)
                {
                    bool names = outcome is DecisionReason.Granted or DecisionReason.GrantExpired;
                    Mode = outcome == DecisionReason.Granted ? ranked.Grant.Mode : AccessMode.Denied;
                    Reason = outcome;
                    Holder = names ? ranked.Holder : "";
                    Scope = names ? ranked.Scope : "";
                }
            }
        }

        /// <summary>Granted, or the first thing that does not fit: department, level, compartment, expiry.</summary>
        private readonly DecisionReason Match(RankedGrant ranked)
        {
            Grant grant = ranked.Grant;
            if (!PolicyName.Covers(grant.Department, label.Department))
            {
                return DecisionReason.NoGrantForDepartment;
            }

            if (ranked.Rank < rank)
            {
                return DecisionReason.LevelTooHigh;
            }

            if (grant.Compartment != PolicyName.AllCompartments && !PolicyName.Comparer.Equals(grant.Compartment, label.Compartment))
            {
                return DecisionReason.CompartmentNotGranted;
            }

            return grant.Expires <= now ? DecisionReason.GrantExpired : DecisionReason.Granted;
        }
    }
}
