using System;
using System.Collections.Generic;

namespace SecureVault.Service.Administration;

/// <summary>Conditions as they are typed and shown. Online null = either.</summary>
public sealed record ConditionRow(IReadOnlyList<string> Programs, string? Hours, IReadOnlyList<string> Hosts, bool? Online, IReadOnlyList<string> Sessions)
{
    /// <summary>Whether nothing is asked.</summary>
    public bool IsEmpty => Programs.Count == 0 && Hours is null && Hosts.Count == 0 && Online is null && Sessions.Count == 0;
}

/// <summary>A rule as it is typed and shown.</summary>
/// <param name="Label">"finance:secret" (from secret up), "finance:internal..secret", "*".</param>
/// <param name="Path">Pattern of paths, or empty.</param>
/// <param name="Actions">read, write, list, create, rename, delete, relabel; empty = all but list.</param>
/// <param name="When">Applies only then; null = always.</param>
/// <param name="Unless">Does not apply then; null = no exception.</param>
/// <param name="Ceiling">"denied" or "read-only"; "plaintext" where it only tells somebody.</param>
public sealed record RuleRow(string Name, string Label, string Path, IReadOnlyList<string> Users, IReadOnlyList<string> Groups, IReadOnlyList<string> Actions, ConditionRow? When, ConditionRow? Unless, string Ceiling, string Say, bool Notify, bool NeedsReason)
{
    /// <summary>As a sentence's end: "unless in office".</summary>
    public string Summary { get; init; } = "";
}

/// <summary>A program as shown: digests in hexadecimal, and where they were read.</summary>
public sealed record ProgramRow(string Name, IReadOnlyList<string> Images, IReadOnlyList<string> Paths, IReadOnlyList<string> Scripts, IReadOnlyList<string> ScriptPaths);

/// <summary>An incident lock as shown. Kind: all, user, department or host.</summary>
public sealed record LockRow(string Kind, string Name, string Because, string By, DateTimeOffset Since, DateTimeOffset? Until);

/// <summary>What a department has of its own. Audit: all, changes, denials; Access: enforce, observe (until then); "as-above" where it has nothing.</summary>
public sealed record LayerRow(string Department, string Audit, string Access, DateTimeOffset? Until);
