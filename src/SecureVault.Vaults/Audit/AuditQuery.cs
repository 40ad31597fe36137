using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Audit;

namespace SecureVault.Vaults.Audit;

/// <summary>Which records to read; null = all. Path means it and what is below it; User is a name of the policy, of the system or of who is said to be behind it, case ignored.</summary>
public sealed record AuditQuery(string? User, string? Path, DateTimeOffset? Since, bool DeniedOnly)
{
    public static AuditQuery All { get; } = new(null, null, null, false);

    /// <summary>The system's number of a user, or of who is said to be behind it.</summary>
    public uint? Uid { get; init; }

    /// <summary>Only before it.</summary>
    public DateTimeOffset? Until { get; init; }

    public AuditEvent? Event { get; init; }

    public AuditLabels? Label { get; init; }

    /// <summary>Path of a program, or the last part of it.</summary>
    public string? Program { get; init; }

    /// <summary>True when the record is asked for.</summary>
    public bool Matches(AuditRecord record) =>
        (User is null || IsNamed(record, User))
        && (Uid is null || record.Uid == Uid || record.ClaimedUid == Uid)
        && (Since is null || record.Time >= Since)
        && (Until is null || record.Time < Until)
        && (!DeniedOnly || !record.Allowed)
        && (Event is null || record.Event == Event)
        && (Path is null || Below(record.Path, Path) || (record.Event is AuditEvent.Rename or AuditEvent.Link && BelowOther(record.Detail, Path)))
        && (Label is null || Label.Match(record.Label))
        && (Program is null || IsProgram(record.Executable, Program));

    private static bool IsNamed(AuditRecord record, string name) =>
        Same(record.User, name) || Same(record.Account, name) || Same(record.ClaimedUser, name);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static bool Below(string path, string top)
    {
        string folder = top.TrimEnd('/');
        return path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');
    }

    /// <param name="detail">The other path, with the reason behind it when it was refused.</param>
    private static bool BelowOther(string detail, string top) =>
        Below(detail, top) || (detail.StartsWith(top.TrimEnd('/'), StringComparison.Ordinal) && detail.AsSpan(top.TrimEnd('/').Length).StartsWith(": "));

    private static bool IsProgram(string executable, string program) =>
        Same(executable, program) || Same(executable[(executable.LastIndexOfAny(['/', '\\']) + 1)..], program);
}

/// <summary>Which labels: of a department and those below it, of one level, of one compartment; each null = any. Unlabelled asks for what has none.</summary>
/// <param name="Levels">All names of one level.</param>
public sealed record AuditLabels(string? Department, IReadOnlyList<string>? Levels, string? Compartment)
{
    public static AuditLabels Unlabelled { get; } = new(null, null, null);

    /// <param name="label">As a record spells it.</param>
    public bool Match(string label)
    {
        if (this == Unlabelled)
        {
            return label == Policy.Label.None.ToString();
        }

        string[] parts = label.Split(':');
        return parts.Length >= 2
            && (Department is null || IsBelow(parts[0], Department))
            && (Levels is null || Levels.Contains(parts[1], StringComparer.OrdinalIgnoreCase))
            && (Compartment is null || (parts.Length == 3 && string.Equals(parts[2], Compartment, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsBelow(string department, string top) =>
        department.StartsWith(top, StringComparison.OrdinalIgnoreCase) && (department.Length == top.Length || department[top.Length] == '/');
}
