using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using SecureVault.FileSystem.Namespace;
using SecureVault.Policy;

namespace SecureVault.FileSystem.Gate;

/// <summary>Spells records of what happened and hands them to the sink.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class AuditTrail
{
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
    public bool TryRecord(AuditEvent happened, in Decision decision, in Caller caller, Label label, ulong policyVersion, string path, string detail)
    {
        string mode = decision.Mode switch { AccessMode.Plaintext => "plaintext", AccessMode.ReadOnly => "read-only", _ => "denied" };
        string executable = caller.Executable ?? _callers.ExecutableOf(caller.Pid);
        uint? uid = caller.Token is null ? caller.Uid : null;
        string user = decision.User;
        if (caller.Token is { } token && user.Length == 0)
        {
            user = token.UserSid; // nobody of the policy: the SID says who it was
        }

        return _sink.TryRecord(new AuditRecord(Now(), happened, decision.Allowed, mode, user, uid, caller.Pid, executable, label.ToString(), path, policyVersion, detail));
    }

    /// <summary>Reports an object whose stored bytes are not authentic; at most once a minute for each.</summary>
    public void Damaged(Node node, string detail)
    {
        if (node.MayReport((long)_clock.GetElapsedTime(0).TotalMilliseconds))
        {
            Damaged(PathOf(node), detail);
        }
    }

    /// <summary>Reports damage at a path.</summary>
    public void Damaged(string path, string detail) =>
        _ = _sink.TryRecord(new AuditRecord(Now(), AuditEvent.IntegrityFailure, false, "", "", null, 0, "", "", path, _policy.Current.Version, detail));

    /// <summary>Path inside the vault for display: names that are not UTF-8 lose those bytes. Cut to the last 1024 names.</summary>
    public static string PathOf(Node node) => PathOf(node, default);

    /// <summary>Path of a name in a folder, or of the node itself when the name is empty.</summary>
    public static string PathOf(Node node, ReadOnlySpan<byte> name)
    {
        var way = new List<Place>();
        for (Place? place = node.Place; place is not null && way.Count < 1024; place = place.Parent.Place)
        {
            way.Add(place);
        }

        if (way.Count == 0 && !node.IsRoot)
        {
            return name.IsEmpty ? "(deleted)" : "(deleted)/" + Encoding.UTF8.GetString(name);
        }

        var path = new ArrayBufferWriter<byte>(256);
        for (int i = way.Count - 1; i >= 0; i--)
        {
            path.Write("/"u8);
            path.Write(way[i].Name);
        }

        if (!name.IsEmpty || way.Count == 0)
        {
            path.Write("/"u8);
            path.Write(name);
        }

        return Encoding.UTF8.GetString(path.WrittenSpan);
    }

    private DateTimeOffset Now()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
