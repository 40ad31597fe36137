using System;
using System.Collections.Generic;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Decisions;

/// <summary>Whether something is so, as far as anybody can tell.</summary>
internal enum Truth : byte
{
    No = 0,
    Unknown = 1,
    Yes = 2,
}

/// <summary>Weighs conditions. Pure; does not allocate.</summary>
internal static class ConditionCheck
{
    /// <summary>Yes when everything is so, No when something is not, Unknown otherwise.</summary>
    public static Truth Of(CompiledConditions conditions, in Circumstances at)
    {
        Conditions source = conditions.Source;
        Truth truth = source.Online is not { } online ? Truth.Yes : at.Online is { } known ? So(known == online) : Truth.Unknown;
        truth = Least(truth, OneOf(source.Hosts, at.Host));
        truth = Least(truth, OneOf(source.Sessions, at.Session));
        truth = Least(truth, source.Hours is { } hours ? OnTheClock(hours, at) : Truth.Yes);
        return Least(truth, conditions.Programs.Length == 0 ? Truth.Yes : InProgram(conditions.Programs, at.Program));
    }

    /// <summary>Yes for a name of the list, or an empty list; Unknown when there is no name.</summary>
    public static Truth OneOf(IReadOnlyList<string> names, string? name)
    {
        if (names.Count == 0)
        {
            return Truth.Yes;
        }

        if (string.IsNullOrEmpty(name))
        {
            return Truth.Unknown;
        }

        for (int i = 0; i < names.Count; i++)
        {
            if (PolicyName.Comparer.Equals(names[i], name))
            {
                return Truth.Yes;
            }
        }

        return Truth.No;
    }

    private static Truth OnTheClock(Hours hours, in Circumstances at) =>
        at.Zones is { } zones && zones.TryLocal(hours.Zone, at.Now, out DateTime local) ? So(hours.Contain(local)) : Truth.Unknown;

    private static Truth InProgram(TrustedProgram[] programs, in ProgramFacts facts)
    {
        if (!facts.IsKnown)
        {
            return Truth.Unknown;
        }

        foreach (TrustedProgram program in programs)
        {
            if (program.Is(facts))
            {
                return Truth.Yes;
            }
        }

        return Truth.No;
    }

    private static Truth So(bool so) => so ? Truth.Yes : Truth.No;

    private static Truth Least(Truth one, Truth other) => one < other ? one : other;
}
