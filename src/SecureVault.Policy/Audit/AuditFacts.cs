using System;

namespace SecureVault.Policy.Audit;

/// <summary>What an audit record says, on its way into the log: the members of AuditRecord, without an object or strings made for it.</summary>
/// <remarks>On the stack, so its texts may be too.</remarks>
public readonly ref struct AuditFacts
{
    public required DateTimeOffset Time { get; init; }
    public required AuditEvent Event { get; init; }
    public required bool Allowed { get; init; }
    public required ReadOnlySpan<char> Mode { get; init; }
    public required ReadOnlySpan<char> User { get; init; }
    public required uint? Uid { get; init; }
    public required int Pid { get; init; }
    public ReadOnlySpan<char> Account { get; init; }
    public ReadOnlySpan<char> ClaimedUser { get; init; }
    public uint? ClaimedUid { get; init; }
    public required ReadOnlySpan<char> Executable { get; init; }
    public required ReadOnlySpan<char> Label { get; init; }
    public required ReadOnlySpan<char> Path { get; init; }
    public required ulong PolicyVersion { get; init; }
    public required ReadOnlySpan<char> Detail { get; init; }

    /// <summary>As in AuditBasis, member by member.</summary>
    public ReadOnlySpan<char> GrantedTo { get; init; }
    public ReadOnlySpan<char> Grant { get; init; }
    public ReadOnlySpan<char> Rule { get; init; }
    public bool Observed { get; init; }
    public ReadOnlySpan<char> Groups { get; init; }
    public ReadOnlySpan<char> Program { get; init; }
    public ReadOnlySpan<char> Script { get; init; }
    public ReadOnlySpan<char> Host { get; init; }
    public ReadOnlySpan<char> Session { get; init; }

    /// <summary>As AuditRecord.Write.</summary>
    public int Write(Span<byte> target) => AuditJson.Write(this, target);

    /// <summary>The same as an object that may be kept.</summary>
    public AuditRecord ToRecord() =>
        new(Time, Event, Allowed, Mode.ToString(), User.ToString(), Uid, Pid, Executable.ToString(), Label.ToString(), Path.ToString(), PolicyVersion, Detail.ToString())
        {
            Account = Account.ToString(),
            ClaimedUser = ClaimedUser.ToString(),
            ClaimedUid = ClaimedUid,
            Basis = Basis(),
        };

    private AuditBasis Basis() => GrantedTo.IsEmpty && Rule.IsEmpty && !Observed && Groups.IsEmpty && Program.IsEmpty && Script.IsEmpty && Host.IsEmpty && Session.IsEmpty
        ? AuditBasis.None
        : new AuditBasis(GrantedTo.ToString(), Grant.ToString(), Rule.ToString(), Observed, Groups.ToString(), Program.ToString(), Script.ToString(), Host.ToString(), Session.ToString());
}
