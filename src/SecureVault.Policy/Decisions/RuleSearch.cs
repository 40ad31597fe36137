using SecureVault.Policy.Documents;

namespace SecureVault.Policy.Decisions;

/// <summary>The lowest ceiling of the rules that apply. Their order means nothing: the lowest wins, and of equals the first that was weighed is named.</summary>
internal ref struct RuleSearch(AccessRequest request, int rank)
{
    private readonly AccessRequest _request = request;

    /// <summary>The most that is left.</summary>
    public AccessMode Ceiling { get; private set; } = AccessMode.Plaintext;

    /// <summary>The rule that set it, or null.</summary>
    public Rule? Lowest { get; private set; }

    /// <summary>Whether a rule that applies wants somebody told.</summary>
    public bool Notify { get; private set; }

    /// <summary>Weighs every rule that speaks of the one who asks.</summary>
    public void WeighAll(RuleIndex rules, Principal? principal)
    {
        Weigh(rules.ForAll(_request.Label, rank));
        Weigh(principal?.Rules);
        Subject subject = _request.Subject;
        for (int i = 0; i < subject.Gids?.Count; i++)
        {
            Weigh(rules.OfGid(subject.Gids[i]));
        }

        for (int i = 0; i < subject.GroupSids?.Count; i++)
        {
            Weigh(rules.OfGroupSid(subject.GroupSids[i]));
        }
    }

    /// <summary>Whether a rule that speaks of the one who asks applies: it covers label, action and path, its conditions are so or cannot be told, and its exception is not so for certain.</summary>
    public static bool Applies(CompiledRule rule, in AccessRequest request, int rank) =>
        rule.Covers(request.Action)
        && rule.Covers(request.Label, rank)
        && !(rule.Rule.NeedsReason && !string.IsNullOrEmpty(request.At.Reason))
        && (rule.Rule.Path.Length == 0 || request.Path.IsEmpty || PathGlob.Covers(rule.Rule.Path, request.Path))
        && (rule.When is null || ConditionCheck.Of(rule.When, request.At) != Truth.No)
        && (rule.Unless is null || ConditionCheck.Of(rule.Unless, request.At) != Truth.Yes);

    private void Weigh(CompiledRule[]? rules)
    {
        for (int i = 0; i < rules?.Length; i++)
        {
            CompiledRule rule = rules[i];
            bool tells = rule.Rule.Notify && !Notify;
            if ((rule.Rule.Ceiling < Ceiling || tells) && Applies(rule, _request, rank))
            {
                Notify |= rule.Rule.Notify;
                if (rule.Rule.Ceiling < Ceiling)
                {
                    Ceiling = rule.Rule.Ceiling;
                    Lowest = rule.Rule;
                }
            }
        }
    }
}
