using System;

namespace SecureVault.Policy.Audit;

/// <summary>What happened.</summary>
public enum AuditEvent : byte
{
    Open = 1,
    Create = 2,
    Delete = 3,
    Rename = 4,
    Relabel = 5,
    PolicyChange = 6,
    Mount = 7,
    Unmount = 8,
    IntegrityFailure = 9,
    Change = 10,
    Link = 11,
    Recovery = 12,
    Restore = 13,
    Adopt = 14,
}

/// <summary>One line of the audit log, before it is chained and sealed.</summary>
/// <param name="Time">UTC, to the millisecond.</param>
/// <param name="Event">What happened.</param>
/// <param name="Allowed">Whether it was let through.</param>
/// <param name="Mode">plaintext, read-only or denied; empty where no decision was made.</param>
/// <param name="User">Policy name; for somebody unknown the SID where there is one, else empty.</param>
/// <param name="Uid">System user number, or null on systems without.</param>
/// <param name="Pid">Process number, 0 when unknown.</param>
/// <param name="Executable">Path of the program, or empty.</param>
/// <param name="Label">Label of the object, spelled.</param>
/// <param name="Path">Path inside the vault; lossy UTF-8 for display.</param>
/// <param name="PolicyVersion">Version that decided.</param>
/// <param name="Detail">Reason, new name, changed thing.</param>
public sealed record AuditRecord(DateTimeOffset Time, AuditEvent Event, bool Allowed, string Mode, string User, uint? Uid, int Pid, string Executable, string Label, string Path, ulong PolicyVersion, string Detail)
{
    /// <summary>The system's name of Uid where it is known and another than User.</summary>
    public string Account { get; init; } = "";

    /// <summary>Who is said to have become this user (sudo): a claim of the process's environment, proven by nothing.</summary>
    public uint? ClaimedUid { get; init; }

    /// <summary>Name of ClaimedUid in the policy, else as claimed.</summary>
    public string ClaimedUser { get; init; } = "";

    /// <summary>What the decision was made of.</summary>
    public AuditBasis Basis { get; init; } = AuditBasis.None;

    /// <summary>Bytes that every record fits in.</summary>
    public const int MaxSize = 8 * 1024;

    /// <summary>Compact UTF-8 JSON into target; returns the length, or -1 when it does not fit (MaxSize fits all: AUDIT.md says where texts are cut).</summary>
    /// <remarks>Any thread. Does not allocate. A text that is no valid UTF-16 is written with U+FFFD in place of the odd half.</remarks>
    public int Write(Span<byte> target) => ToFacts().Write(target);

    /// <summary>The record as the log takes it.</summary>
    public AuditFacts ToFacts() => new()
    {
        Time = Time,
        Event = Event,
        Allowed = Allowed,
        Mode = Mode,
        User = User,
        Uid = Uid,
        Pid = Pid,
        Executable = Executable,
        Label = Label,
        Path = Path,
        PolicyVersion = PolicyVersion,
        Detail = Detail,
        Account = Account,
        ClaimedUser = ClaimedUser,
        ClaimedUid = ClaimedUid,
        GrantedTo = Basis.GrantedTo,
        Grant = Basis.Grant,
        Rule = Basis.Rule,
        Observed = Basis.Observed,
        Groups = Basis.Groups,
        Program = Basis.Program,
        Script = Basis.Script,
        Host = Basis.Host,
        Session = Basis.Session,
    };

    /// <summary>Reads a record back; false when malformed. Never throws for hostile input.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out AuditRecord? record) => AuditJson.TryRead(json, out record);
}
