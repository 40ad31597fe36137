using System;
using System.Collections.Generic;
using SecureVault.Policy.Audit;
using SecureVault.Vaults;

namespace SecureVault.Service.Administration;

/// <summary>A value with how it went; Value is default unless Result.IsOk.</summary>
public readonly record struct Answer<T>(VaultResult Result, T Value);

/// <summary>A grant as shown: scope "finance:secret[:compartment]", mode "plaintext" or "read-only".</summary>
public sealed record GrantRow(string Scope, string Mode, DateTimeOffset? Expires);

/// <summary>A user as shown.</summary>
public sealed record UserRow(string Name, uint? Uid, string? Sid, DateTimeOffset? Expires, string Encryption, IReadOnlyList<GrantRow> Grants);

/// <summary>A group as shown.</summary>
public sealed record GroupRow(string Name, uint? Gid, string? Sid, IReadOnlyList<string> Members, IReadOnlyList<GrantRow> Grants);

/// <summary>A level as shown; Rank 0 is the least sensitive.</summary>
public sealed record LevelRow(int Rank, string Name, IReadOnlyList<string> Aliases);

/// <summary>Label of one object; Kind "file" or "folder"; Encryption "mandatory" or "optional" (folders).</summary>
public sealed record LabelRow(string Path, string Kind, string Label, string Encryption);

/// <summary>A decision explained: mode, the reason as a sentence, the grant that decided, and what to do about it.</summary>
public sealed record Explanation(string Path, string User, string Label, string Mode, string Reason, string GrantedTo, string Grant, string Advice, ulong PolicyVersion);

/// <summary>What a recorded decision was made of: grant, rule, group numbers, digests of program and script, host, kind of session. Empty where it is not known.</summary>
public sealed record BasisRow(string GrantedTo, string Grant, string Rule, bool Observed, string Groups, string Program, string Script, string Host, string Session);

/// <summary>One audit record as shown. Time is UTC.</summary>
public sealed record AuditRow(ulong Sequence, DateTimeOffset Time, string Event, bool Allowed, string Mode, string User, uint? Uid, int Pid, string Executable, string Label, string Path, ulong PolicyVersion, string Detail)
{
    /// <summary>The system's name of Uid, where it is another than User.</summary>
    public string Account { get; init; } = "";

    /// <summary>Who is said to be behind it (sudo): a claim.</summary>
    public uint? ClaimedUid { get; init; }

    /// <summary>Name of ClaimedUid, or empty.</summary>
    public string ClaimedUser { get; init; } = "";

    /// <summary>What the decision was made of.</summary>
    public BasisRow Basis { get; init; } = new("", "", "", false, "", "", "", "", "");
}

/// <summary>Records shown, and what is to be said besides; Note is empty when nothing is.</summary>
public sealed record AuditShown(ulong Rows, string Note);

/// <summary>Which audit records to show; null = all.</summary>
public sealed record AuditFilter(string? User, string? Path, DateTimeOffset? Since, bool DeniedOnly)
{
    /// <summary>Names of events.</summary>
    public static IReadOnlyList<string> Events => AuditEventName.All;

    public uint? Uid { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Name of an event.</summary>
    public string? Event { get; init; }

    /// <summary>A department, department:level, department:level:compartment, or unlabelled.</summary>
    public string? Label { get; init; }

    /// <summary>Path of a program or its last part.</summary>
    public string? Executable { get; init; }

    /// <summary>Only so many from the end; what is before them is not read. 0 = all.</summary>
    public int Last { get; init; }

    /// <summary>What this machine recorded of read-only mounts, not the vault's log.</summary>
    public bool Own { get; init; }
}

/// <summary>Where an object is stored: full paths; Companion, the file with a long name, is empty when there is none.</summary>
public sealed record StoredRow(string Path, string Kind, string Stored, string Companion);

/// <summary>What audit verify found: records and checkpoints read, and the first broken one (0 = none) with why.</summary>
public sealed record AuditVerdict(ulong Records, ulong Checkpoints, ulong FirstBroken, string Problem);

/// <summary>One thing verify found wrong.</summary>
public sealed record Finding(string Path, string Problem);

/// <summary>What verify found.</summary>
public sealed record VerifyVerdict(long Files, long Folders, long Bytes, IReadOnlyList<Finding> Findings)
{
    /// <summary>Leftovers that do no harm, and files that a drive is writing and that were not checked.</summary>
    public IReadOnlyList<Finding> Notes { get; init; } = [];
}

/// <summary>Progress of long work: done and total in the unit of the work (files for relabel, bytes for verify).</summary>
public readonly record struct WorkProgress(long Done, long Total, string Current);
