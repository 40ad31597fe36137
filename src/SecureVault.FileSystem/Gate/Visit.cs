using System;
using SecureVault.FileSystem.Namespace;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Gate;

/// <summary>One request at the gate: who asks, under which policy, what for, and of which object.</summary>
/// <remarks>The policy is taken once, so that one operation is decided by one version.</remarks>
internal readonly ref struct Visit
{
    public Visit(in Caller caller, PolicyDocument policy, AuditEvent @event, Node node, ReadOnlySpan<byte> name, string detail)
    {
        Caller = caller;
        Policy = policy;
        Event = @event;
        Node = node;
        Name = name;
        Detail = detail;
    }

    public Caller Caller { get; }
    public PolicyDocument Policy { get; }
    public AuditEvent Event { get; }

    /// <summary>The object, or the folder that Name is in.</summary>
    public Node Node { get; }
    public ReadOnlySpan<byte> Name { get; }
    public string Detail { get; }
    public ObjectPath Path => new(Node, Name);
}
