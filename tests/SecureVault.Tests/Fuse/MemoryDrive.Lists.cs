using System;
using SecureVault.Terms;

namespace SecureVault.Tests.Fuse;

internal sealed partial class MemoryDrive
{
    /// <summary>Whether access control lists are offered.</summary>
    public bool KeepsAccessLists { get; set; } = true;

    /// <summary>The last set-group-id wish that came with a list.</summary>
    public bool ClearedSetGid { get; private set; }

    public VaultStatus GetAccessList(NodeId node, AclKind kind, Span<byte> value, out int length) => GetXattr(default, node, NameOf(kind), value, out length);

    public VaultStatus SetAccessList(in Caller caller, NodeId node, AclKind kind, ReadOnlySpan<byte> value, bool clearSetGid)
    {
        ClearedSetGid = clearSetGid;
        return SetXattr(caller, node, NameOf(kind), value, false, false);
    }

    public VaultStatus RemoveAccessList(in Caller caller, NodeId node, AclKind kind) => RemoveXattr(caller, node, NameOf(kind));

    private static ReadOnlySpan<byte> NameOf(AclKind kind) => kind == AclKind.Access ? "system.posix_acl_access"u8 : "system.posix_acl_default"u8;
}
