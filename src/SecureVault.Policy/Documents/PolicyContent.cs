using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>What a policy document holds, before or after its invariants were checked.</summary>
internal sealed record PolicyContent(
    ulong Version,
    ulong KeyringVersion,
    ulong LabelEpoch,
    ulong LabelsVersion,
    IReadOnlyList<Level> Levels,
    IReadOnlyList<string> Departments,
    IReadOnlyList<User> Users,
    IReadOnlyList<Group> Groups)
{
    public IReadOnlyList<TrustedProgram> Programs { get; init; } = [];

    public IReadOnlyList<Rule> Rules { get; init; } = [];

    public IReadOnlyList<Layer> Layers { get; init; } = [];

    public IReadOnlyList<IncidentLock> Locks { get; init; } = [];

    /// <summary>Whether it says something that documents of format 1 to 3 cannot.</summary>
    public bool HasRules =>
        Programs.Count + Rules.Count + Layers.Count + Locks.Count > 0
        || Levels.Any(l => l.HasAttributes)
        || Users.Any(u => u.When is not null || u.Grants.Any(g => g.When is not null))
        || Groups.Any(g => g.Grants.Any(r => r.When is not null));

    /// <summary>The same content in canonical order. Levels keep theirs: it is their meaning.</summary>
    public PolicyContent Sorted() => this with
    {
        Levels = [.. Levels.Select(l => l.NotOnHosts.Count == 0 ? l : l with { NotOnHosts = Sort(l.NotOnHosts) })],
        Programs = [.. Programs.OrderBy(p => p.Name, PolicyName.Comparer).Select(RuleOrder.Of)],
        Rules = [.. Rules.OrderBy(r => r.Name, PolicyName.Comparer).Select(RuleOrder.Of)],
        Layers = [.. Layers.Where(l => !l.IsEmpty).OrderBy(l => l.Department, PolicyName.Comparer)],
        Locks = [.. Locks.OrderBy(l => l.Kind).ThenBy(l => l.Name, PolicyName.Comparer)],
        Departments = [.. Departments.Order(PolicyName.Comparer)],
        Users = [.. Users.OrderBy(u => u.Name, PolicyName.Comparer).Select(u => u with { Grants = Sort(u.Grants), When = RuleOrder.Of(u.When) })],
        Groups = [.. Groups.OrderBy(g => g.Name, PolicyName.Comparer).Select(g => g with { Grants = Sort(g.Grants), Members = [.. g.Members.Order(PolicyName.Comparer)] })],
    };

    /// <summary>Whether every name is one that documents of format 1 and 2 may hold.</summary>
    public bool HasPlainNames() =>
        Levels.All(l => l.Aliases.Prepend(l.Name).All(n => PolicyName.IsPlain(n)))
        && Departments.All(d => PolicyName.IsPlain(d))
        && Users.All(u => PolicyName.IsPlain(u.Name) && HavePlainNames(u.Grants))
        && Groups.All(g => PolicyName.IsPlain(g.Name) && HavePlainNames(g.Grants));

    /// <summary>An instant as the policy keeps it: UTC, whole seconds, so that its text is exact.</summary>
    public static DateTimeOffset? WholeSeconds(DateTimeOffset? instant) =>
        instant is { } given ? new DateTimeOffset(given.UtcTicks - (given.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) : null;

    /// <summary>Whether it is none that a policy keeps.</summary>
    public static bool IsOdd(DateTimeOffset? instant) => instant != WholeSeconds(instant);

    /// <summary>Only compartments are asked: departments and levels are the document's own.</summary>
    private static bool HavePlainNames(IReadOnlyList<Grant> grants) => grants.All(g => g.Compartment == PolicyName.AllCompartments || PolicyName.IsPlain(g.Compartment));

    private static Grant[] Sort(IReadOnlyList<Grant> grants) => [.. grants.OrderBy(g => g.Scope, PolicyName.Comparer).Select(g => g.When is null ? g : g with { When = RuleOrder.Of(g.When) })];

    private static string[] Sort(IReadOnlyList<string> names) => [.. names.Order(PolicyName.Comparer)];
}
