using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>A scope with its parts as the policy spells them.</summary>
internal readonly record struct Scope(string Department, string Level, string Compartment);

/// <summary>Reads "department:level[:compartment]" as a person types it.</summary>
internal static class Scopes
{
    private const int MaxListed = 12;

    /// <summary>Resolves aliases and case. allowAll: the compartment may be "*". error is a sentence that says what exists.</summary>
    public static bool TryResolve(PolicyIndex index, string text, bool allowAll, out Scope scope, out string? error)
    {
        scope = default;
        string[] parts = text.Split(':');
        error = parts.Length is 2 or 3 ? null : $"'{text}' is no label; write department:level or department:level:compartment, for example {Example(index)}.";
        if (error is not null)
        {
            return false;
        }

        error = PolicyName.PathProblem(parts[0]) ?? PolicyName.Problem("level", parts[1]) ?? CompartmentProblem(parts, allowAll);
        if (error is not null)
        {
            return false;
        }

        if (!index.TryDepartment(parts[0], out string? department))
        {
            error = index.DepartmentNames.Count == 0
                ? $"Department {parts[0]} does not exist; there is none yet, add it first (department add)."
                : $"Department {parts[0]} does not exist; there is {Listed(index.DepartmentNames)}.";
            return false;
        }

        if (!index.TryRank(parts[1], out int rank))
        {
            error = $"Level {parts[1]} does not exist; there is {Listed(index.LevelNames)}.";
            return false;
        }

        scope = new Scope(department!, index.LevelNames[rank], parts.Length == 3 ? PolicyName.FoldCompartment(parts[2]) : "");
        return true;
    }

    /// <summary>"a, b, c", cut after a dozen.</summary>
    public static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names];
        string listed = string.Join(", ", all.Take(MaxListed));
        return all.Length > MaxListed ? $"{listed} and {all.Length - MaxListed} more" : listed;
    }

    private static string? CompartmentProblem(string[] parts, bool allowAll)
    {
        if (parts.Length == 2 || (parts[2] == PolicyName.AllCompartments && allowAll))
        {
            return null;
        }

        return parts[2] == PolicyName.AllCompartments
            ? "The compartment '*' stands for all compartments in a grant; a label names one."
            : PolicyName.Problem("compartment", parts[2]);
    }

    private static string Example(PolicyIndex index) =>
        $"{(index.DepartmentNames.Count == 0 ? "finance" : index.DepartmentNames[0])}:{index.LevelNames[^1]}";
}
