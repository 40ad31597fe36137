using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Decisions;

/// <summary>Which of two labels an object takes that stands in another's place.</summary>
public static class LabelJoin
{
    /// <summary>The label of what comes in place of something else: the one that includes the other. POLICY.md, "One file in place of another".</summary>
    /// <param name="policy">Orders the levels.</param>
    /// <param name="moved">Label of what comes.</param>
    /// <param name="replaced">Label of what was there; wins between equals.</param>
    /// <param name="joined">One of the two.</param>
    /// <returns>False when neither includes the other: of unrelated departments, of two compartments, or of no level of the policy.</returns>
    public static bool TryJoin(PolicyDocument policy, Label moved, Label replaced, out Label joined)
    {
        bool takes = Includes(policy, replaced, moved);
        joined = takes ? replaced : moved;
        return takes || Includes(policy, moved, replaced);
    }

    /// <summary>At least as high a level, a related department, and the other's compartment where it has one. Everything includes what has no label.</summary>
    private static bool Includes(PolicyDocument policy, Label label, Label other)
    {
        if (other.IsNone || label == other)
        {
            return true;
        }

        return !label.IsNone
            && policy.Index.TryRank(label.Level, out int rank) && policy.Index.TryRank(other.Level, out int otherRank) && rank >= otherRank
            && (PolicyName.Covers(label.Department, other.Department) || PolicyName.Covers(other.Department, label.Department))
            && (other.Compartment.Length == 0 || PolicyName.Comparer.Equals(label.Compartment, other.Compartment));
    }
}
