using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using SecureVault.FileSystem.Namespace;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.FileSystem.Trail;

/// <summary>Spells records of what happened and hands them to the sink.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class AuditTrail
{
    private const int GroupsLength = 128;
    private const int DigestLength = 32;

    private readonly IAuditSink _sink;
    private readonly IPolicySource _policy;
    private readonly ICallerDirectory _callers;
    private readonly TimeProvider _clock;

    public AuditTrail(IAuditSink sink, IPolicySource policy, ICallerDirectory callers, TimeProvider clock)
    {
        _sink = sink;
        _policy = policy;
        _callers = callers;
        _clock = clock;
    }

    /// <summary>Records one decision; false when it could not be written, and then nothing may happen.</summary>
    /// <remarks>Makes no object: texts that must be spelled are spelled on the stack.</remarks>
    [SkipLocalsInit]
    public bool TryRecord(AuditEvent happened, in Decision decision, in Caller caller, Label label, PolicyDocument policy, ObjectPath path, string detail)
    {
        Span<char> labelBuffer = stackalloc char[Label.MaxLength];
        Span<char> pathBuffer = stackalloc char[ObjectPath.MaxLength];
        Span<char> groups = stackalloc char[GroupsLength];
        Span<char> program = stackalloc char[2 * DigestLength];
        Span<char> script = stackalloc char[2 * DigestLength];
        ProgramIdentity? identity = policy.AsksForPrograms ? _callers.ProgramOf(caller.Pid) : null;
        string account = caller.Token is null ? _callers.AccountOf(caller.Uid, caller.Gid) : "";
        return _sink.TryRecord(new AuditFacts
        {
            Time = Now(),
            Event = happened,
            Allowed = decision.Allowed,
            Mode = decision.Mode switch { AccessMode.Plaintext => "plaintext", AccessMode.ReadOnly => "read-only", _ => "denied" },
            User = decision.User.Length == 0 && caller.Token is { } token ? token.UserSid : decision.User, // nobody of the policy: the SID says who it was
            Account = account == decision.User ? "" : account,
            Uid = caller.Token is null ? caller.Uid : null,
            Pid = caller.Pid,
            Executable = caller.Executable ?? _callers.ExecutableOf(caller.Pid),
            Label = label.TryFormat(labelBuffer, out int length) ? labelBuffer[..length] : label.ToString(),
            Path = path.Spell(pathBuffer),
            PolicyVersion = policy.Version,
            Detail = detail,
            GrantedTo = decision.GrantedTo,
            Grant = decision.Grant,
            Rule = decision.Rule,
            Observed = decision.Observed,
            Groups = caller.Token is null ? SpellGroups(groups, _callers.GroupsOf(caller.Uid, caller.Gid)) : default,
            Program = identity is null ? default : SpellDigest(program, identity.Image.Span),
            Script = identity is null ? default : SpellDigest(script, identity.Script.Span),
            Host = _callers.Host,
            Session = policy.AsksForSessions ? _callers.SessionOf(caller.Pid) : "",
        });
    }

    private static ReadOnlySpan<char> SpellDigest(Span<char> buffer, ReadOnlySpan<byte> digest) =>
        Convert.TryToHexStringLower(digest, buffer, out int length) ? buffer[..length] : default;

    /// <summary>As many numbers as fit, joined by commas; those that do not fit are told by "..".</summary>
    private static ReadOnlySpan<char> SpellGroups(Span<char> buffer, IReadOnlyList<uint> groups)
    {
        int length = 0;
        for (int i = 0; i < groups.Count; i++)
        {
            if (!buffer[length..^3].TryWrite($"{(i == 0 ? "" : ",")}{groups[i]}", out int written))
            {
                ",..".CopyTo(buffer[length..]);
                return buffer[..(length + 3)];
            }

            length += written;
        }

        return buffer[..length];
    }

    /// <summary>Reports an object whose stored bytes are not authentic; at most once a minute for each.</summary>
    public void Damaged(Node node, string detail)
    {
        if (node.MayReport((long)_clock.GetElapsedTime(0).TotalMilliseconds))
        {
            Damaged(PathOf(node), detail);
        }
    }

    /// <summary>Passes a status on, reporting damage found in a node: what a kernel has cached of it counts no more.</summary>
    /// <param name="where">What is not authentic.</param>
    public VaultStatus Report(VaultStatus status, Node node, string where)
    {
        if (status == VaultStatus.Corrupt)
        {
            Damaged(node, where);
            if (node.File is { } file)
            {
                file.CacheIsGood = false;
            }
        }

        return status;
    }

    /// <summary>Reports damage at a path.</summary>
    public void Damaged(string path, string detail) =>
        _ = _sink.TryRecord(new AuditRecord(Now(), AuditEvent.IntegrityFailure, false, "", "", null, 0, "", "", path, _policy.Current.Version, detail));

    /// <summary>As ObjectPath says it.</summary>
    public static string PathOf(Node node) => PathOf(node, default);

    /// <summary>Path of a name in a folder, or of the node itself when the name is empty.</summary>
    public static string PathOf(Node node, ReadOnlySpan<byte> name) => new ObjectPath(node, name).ToString();

    private DateTimeOffset Now()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
