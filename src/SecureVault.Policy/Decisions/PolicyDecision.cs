using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Decisions;

/// <summary>The pure decision.</summary>
public static class PolicyDecision
{
    /// <summary>Decides one action of one subject on one label, by a program, at a time and place. Any thread; no I/O; deterministic; does not allocate in steady state.</summary>
    /// <remarks>POLICY.md gives the rules in this order.</remarks>
    public static Decision Decide(PolicyDocument policy, in AccessRequest request)
    {
        PolicyIndex index = policy.Index;
        Principal? principal = index.Find(request.Subject);
        if (index.Rules.Locks.Length > 0 && LockOn(index.Rules.Locks, request, principal) is { } locked)
        {
            return Refused(DecisionReason.Locked, principal) with { Rule = locked.Target, Say = locked.Because, Notify = true };
        }

        if (request.Label.IsNone && !index.Rules.SpeaksOfUnlabelled)
        {
            return Blank(principal) with { Allowed = true, Mode = AccessMode.Plaintext, Reason = DecisionReason.Unlabelled };
        }

        if (policy.IsClosed)
        {
            return Refused(DecisionReason.PolicyNotCurrent, principal);
        }

        int rank = -1;
        if (!request.Label.IsNone && !(index.TryDepartment(request.Label.Department, out _) && index.TryRank(request.Label.Level, out rank)))
        {
            return Refused(DecisionReason.UnknownLabel, principal);
        }

        Decision granted = request.Label.IsNone
            ? Blank(principal) with { Mode = AccessMode.Plaintext, Reason = DecisionReason.Unlabelled }
            : Granted(policy, principal, request, rank);
        Decision lowered = index.Rules.IsEmpty ? granted : Lowered(index.Rules, principal, request, rank, granted);
        return Layered(index.Rules, request, Allowing(lowered, request.Action));
    }

    private static Decision Blank(Principal? principal) =>
        new(false, AccessMode.Denied, DecisionReason.Unlabelled, principal?.User.Name ?? "", "", "", principal?.User.Encryption ?? EncryptionMode.Mandatory);

    private static Decision Refused(DecisionReason reason, Principal? principal) => Blank(principal) with { Reason = reason };

    /// <summary>What the best grant gives.</summary>
    private static Decision Granted(PolicyDocument policy, Principal? principal, in AccessRequest request, int rank)
    {
        if (principal?.User.Expires <= request.At.Now)
        {
            return Refused(DecisionReason.UserExpired, principal);
        }

        if (principal?.When is { } when && ConditionCheck.Of(when, request.At) != Truth.Yes)
        {
            return Refused(DecisionReason.UserConditions, principal);
        }

        var search = new GrantSearch(request.Label, rank, request.At);
        bool known = Search(policy.Index, principal, request.Subject, ref search);
        Decision decision = Blank(principal) with
        {
            Mode = search.Mode,
            Reason = known ? search.Reason : DecisionReason.UnknownUser,
            GrantedTo = search.Holder,
            Grant = search.Scope,
        };
        if (decision.Mode == AccessMode.Plaintext && decision.Encryption == EncryptionMode.ReadOnly)
        {
            decision = decision with { Mode = AccessMode.ReadOnly, Reason = DecisionReason.ReadOnlyEncryptionMode };
        }

        Level level = policy.Levels[rank];
        return decision.Mode > AccessMode.Denied && level.NotOnHosts.Count > 0 && ConditionCheck.OneOf(level.NotOnHosts, request.At.Host) != Truth.No
            ? decision with { Mode = AccessMode.Denied, Reason = DecisionReason.LevelNotOnHost }
            : decision;
    }

    /// <summary>The same, lowered by every rule that applies.</summary>
    private static Decision Lowered(RuleIndex rules, Principal? principal, in AccessRequest request, int rank, in Decision granted)
    {
        var search = new RuleSearch(request, rank);
        search.WeighAll(rules, principal);
        Decision decision = granted with { Notify = search.Notify };
        return search.Lowest is { } rule && search.Ceiling < granted.Mode
            ? decision with { Mode = search.Ceiling, Reason = DecisionReason.LoweredByRule, Rule = rule.Name, Say = rule.Say, NeedsReason = rule.NeedsReason }
            : decision;
    }

    private static Decision Allowing(in Decision decision, AccessAction action)
    {
        bool reads = action is AccessAction.Read or AccessAction.List;
        bool allowed = decision.Mode == AccessMode.Plaintext || (decision.Mode == AccessMode.ReadOnly && reads);
        return decision.Mode == AccessMode.ReadOnly && !reads && decision.Reason == DecisionReason.Granted
            ? decision with { Allowed = allowed, Reason = DecisionReason.WriteNeedsPlaintext }
            : decision with { Allowed = allowed };
    }

    /// <summary>What the department wants recorded, and whether it only observes: then what is refused goes on, marked.</summary>
    private static Decision Layered(RuleIndex rules, in AccessRequest request, in Decision decision)
    {
        EffectiveLayer layer = rules.LayerOf(request.Label.Department);
        return !decision.Allowed && request.At.Now < layer.ObservesUntil
            ? decision with { Allowed = true, Mode = AccessMode.Plaintext, Observed = true, Audit = layer.Audit }
            : decision with { Audit = layer.Audit };
    }

    private static IncidentLock? LockOn(IncidentLock[] locks, in AccessRequest request, Principal? principal)
    {
        foreach (IncidentLock locked in locks)
        {
            bool concerns = locked.Kind switch
            {
                LockKind.All => true,
                LockKind.User => principal?.User.Name == locked.Name,
                LockKind.Department => PolicyName.Covers(locked.Name, request.Label.Department),
                _ => string.IsNullOrEmpty(request.At.Host) || PolicyName.Comparer.Equals(locked.Name, request.At.Host),
            };
            if (concerns && !(locked.Until <= request.At.Now))
            {
                return locked;
            }
        }

        return null;
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
    private struct GrantSearch(Label label, int rank, Circumstances at)
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
                    bool names = outcome is DecisionReason.Granted or DecisionReason.GrantExpired or DecisionReason.GrantConditions;
                    Mode = outcome == DecisionReason.Granted ? ranked.Grant.Mode : AccessMode.Denied;
                    Reason = outcome;
                    Holder = names ? ranked.Holder : "";
                    Scope = names ? ranked.Scope : "";
                }
            }
        }

        /// <summary>Granted, or the first thing that does not fit: department, level, compartment, expiry, conditions.</summary>
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

            return grant.Expires <= at.Now ? DecisionReason.GrantExpired
                : ranked.When is not null && ConditionCheck.Of(ranked.When, at) != Truth.Yes ? DecisionReason.GrantConditions
                : DecisionReason.Granted;
        }
    }
}
