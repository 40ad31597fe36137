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
    /// <summary>The same content in canonical order. Levels keep theirs: it is their meaning.</summary>
    public PolicyContent Sorted() => this with
    {
        Departments = [.. Departments.Order(PolicyName.Comparer)],
        Users = [.. Users.OrderBy(u => u.Name, PolicyName.Comparer).Select(u => u with { Grants = Sort(u.Grants) })],
        Groups = [.. Groups.OrderBy(g => g.Name, PolicyName.Comparer).Select(g => g with { Grants = Sort(g.Grants), Members = [.. g.Members.Order(PolicyName.Comparer)] })],
    };

    /// <summary>An instant as the policy keeps it: UTC, whole seconds, so that its text is exact.</summary>
    public static DateTimeOffset? WholeSeconds(DateTimeOffset? instant) =>
        instant is { } given ? new DateTimeOffset(given.UtcTicks - (given.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) : null;

    private static Grant[] Sort(IReadOnlyList<Grant> grants) => [.. grants.OrderBy(g => g.Scope, PolicyName.Comparer)];
}
