using System.Collections.Generic;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Says what the gate would decide. Opens nothing and records nothing.</summary>
internal sealed class Rights
{
    private readonly Drive _drive;
    private volatile Listed? _listed;

    public Rights(Drive drive) => _drive = drive;

    /// <summary>The right of a caller by the object's label.</summary>
    public VaultStatus Of(in Caller caller, NodeId id, out AccessRight right)
    {
        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = ReadLabel(id, policy, out Node node, out KeyId key);
        right = status == VaultStatus.Ok ? ToRight(_drive.Gate.Decide(new Visit(caller, policy, AuditEvent.Open, node, default, ""), key, AccessAction.Write).Mode) : AccessRight.None;
        return status;
    }

    /// <summary>Everyone of the policy who has a SID and a right, users first; null for an object without label.</summary>
    public VaultStatus OfAll(NodeId id, out IReadOnlyList<SidRight>? rights)
    {
        rights = null;
        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = ReadLabel(id, policy, out _, out KeyId key);
        if (status != VaultStatus.Ok || _drive.Gate.LabelOf(key) is not { IsNone: false } label)
        {
            return status;
        }

        long second = _drive.Clock.GetUtcNow().ToUnixTimeSeconds();
        Listed? listed = _listed;
        if (listed is null || listed.Second != second || listed.Key != key || !ReferenceEquals(listed.Policy, policy))
        {
            listed = new Listed(policy, key, second, List(policy, label));
            _listed = listed; // a folder's files mostly have one label, and are asked for one after the other
        }

        rights = listed.Rights;
        return VaultStatus.Ok;
    }

    private List<SidRight> List(PolicyDocument policy, Label label)
    {
        Circumstances at = _drive.Gate.Circumstances;
        var rights = new List<SidRight>();
        foreach (User user in policy.Users)
        {
            Add(rights, policy, user.Sid, new Subject(null, user.Sid, []), label, at);
        }

        foreach (Group group in policy.Groups)
        {
            Add(rights, policy, group.Sid, new Subject(null, null, [], group.Sid is null ? [] : [group.Sid]), label, at);
        }

        return rights;
    }

    private static void Add(List<SidRight> rights, PolicyDocument policy, string? sid, in Subject subject, Label label, in Circumstances at)
    {
        AccessRight right = sid is null ? AccessRight.None : ToRight(OpenGate.Explain(policy, new AccessRequest { Subject = subject, Label = label, Action = AccessAction.Write, At = at }).Mode);
        if (right != AccessRight.None)
        {
            rights.Add(new SidRight(sid!, right));
        }
    }

    private VaultStatus ReadLabel(NodeId id, PolicyDocument policy, out Node node, out KeyId key)
    {
        key = default;
        VaultStatus status = _drive.Find(id, out node);
        return status == VaultStatus.Ok ? _drive.Report(_drive.Labels.Read(node, policy.LabelEpoch, out key), node, "the header is not authentic") : status;
    }

    private static AccessRight ToRight(AccessMode mode) => mode switch
    {
        AccessMode.Plaintext => AccessRight.ReadWrite,
        AccessMode.ReadOnly => AccessRight.Read,
        _ => AccessRight.None,
    };

    private sealed record Listed(PolicyDocument Policy, KeyId Key, long Second, List<SidRight> Rights);
}
