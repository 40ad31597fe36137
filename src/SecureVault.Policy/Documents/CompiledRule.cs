using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>Conditions with the programs that they name at hand.</summary>
internal sealed record CompiledConditions(Conditions Source, TrustedProgram[] Programs);

/// <summary>A rule with what a decision needs of it ready.</summary>
internal sealed record CompiledRule(Rule Rule, int From, int To, CompiledConditions? When, CompiledConditions? Unless)
{
    /// <summary>Whether it speaks of objects without a label, too: it does when it speaks of every label.</summary>
    public bool CoversUnlabelled => Rule.Labels == LabelRange.All;

    /// <summary>Whether it speaks of a label. Does not allocate.</summary>
    public bool Covers(Label label, int rank) => label.IsNone
        ? CoversUnlabelled
        : rank >= From && rank <= To
            && (Rule.Labels.Department.Length == 0 || PolicyName.Covers(Rule.Labels.Department, label.Department))
            && (Rule.Labels.Compartment == PolicyName.AllCompartments || PolicyName.Comparer.Equals(Rule.Labels.Compartment, label.Compartment));

    public bool Covers(AccessAction action) => (Rule.Actions & (RuleActions)(1 << (int)action)) != 0;
}

/// <summary>Makes compiled rules and conditions for one document.</summary>
internal sealed class RuleCompiler(PolicyContent content)
{
    public CompiledRule Compile(Rule rule) => new(rule, Rank(rule.Labels.From, 0), Rank(rule.Labels.To, content.Levels.Count - 1), Compile(rule.When), Compile(rule.Unless));

    public CompiledConditions? Compile(Conditions? conditions) =>
        conditions is null ? null : new CompiledConditions(conditions, [.. conditions.Programs.Select(p => content.Programs.First(k => k.Name == p))]);

    private int Rank(string level, int open) => level.Length == 0 ? open : Enumerable.Range(0, content.Levels.Count).First(i => content.Levels[i].Name == level);
}
