using System;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Gate;

/// <summary>What a policy may ask of a caller beside who it is. Only what the policy in force asks for is looked up.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class CallerFacts(ICallerDirectory callers)
{
    private readonly MachineZones _zones = new(callers);

    /// <summary>The program, as far as the policy asks for programs; null when it does not or it cannot be seen.</summary>
    public ProgramIdentity? ProgramOf(PolicyDocument policy, in Caller caller) => policy.AsksForPrograms ? callers.ProgramOf(caller.Pid) : null;

    /// <summary>The kind of session, as far as the policy asks for sessions; empty when it does not or nobody can tell.</summary>
    public string SessionOf(PolicyDocument policy, in Caller caller) => policy.AsksForSessions ? callers.SessionOf(caller.Pid) : "";

    /// <summary>The reason that stands, as far as a rule asks for one.</summary>
    public string ReasonOf(PolicyDocument policy, in Caller caller) => policy.AsksForReasons ? callers.ReasonOf(caller) : "";

    public Subject SubjectOf(in Caller caller) => caller.Token is { } token
        ? new Subject(null, token.UserSid, [], token.GroupSids)
        : new Subject(caller.Uid, null, callers.GroupsOf(caller.Uid, caller.Gid));

    public Circumstances At(DateTimeOffset now, ProgramIdentity? program, string session, string reason) => Of(now) with
    {
        Program = program is null ? default : new ProgramFacts(Digest256.Of(program.Image.Span), Digest256.Of(program.Script.Span), program.Distrust.Length == 0),
        Session = session,
        Reason = reason,
    };

    /// <summary>What holds for this machine, whoever asks.</summary>
    public Circumstances Of(DateTimeOffset now) => new(now) { Host = callers.Host, Online = callers.IsOnline, Zones = _zones };

    private sealed class MachineZones(ICallerDirectory callers) : IZones
    {
        public bool TryLocal(string zone, DateTimeOffset now, out DateTime local) => callers.TryLocal(zone, now, out local);
    }
}
