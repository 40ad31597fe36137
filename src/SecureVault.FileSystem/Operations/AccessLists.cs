using System;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Access control lists of files and folders: sealed like other attributes, shown like modes, and one with the mode.</summary>
/// <remarks>
/// What a list says of the owner, the mask (the owning group, where there is none) and others is the mode's: it is read from there, so a chmod need not touch the list.
/// Whether the caller owns the object is the kernel's business, as with every change of a mode. Any thread.
/// </remarks>
internal sealed class AccessLists
{
    private const uint Permissions = 0x1FF; // 0777
    private const uint SetGid = 0x400;      // 02000

    private readonly Drive _drive;
    private readonly SealedAttributes _sealed;
    private readonly AttributeChanges _modes;

    public AccessLists(Drive drive, SealedAttributes attributes, AttributeChanges modes)
    {
        _drive = drive;
        _sealed = attributes;
        _modes = modes;
    }

    public static ReadOnlySpan<byte> NameOf(AclKind kind) => kind == AclKind.Access ? "system.posix_acl_access"u8 : "system.posix_acl_default"u8;

    public static bool IsName(ReadOnlySpan<byte> name) => name.SequenceEqual(NameOf(AclKind.Access)) || name.SequenceEqual(NameOf(AclKind.Default));

    /// <summary>Shown to whoever is shown the object: no decision, no record. NoAttribute where the mode says all there is; also for objects and stores that keep no lists.</summary>
    public VaultStatus Get(NodeId id, AclKind kind, Span<byte> value, out int length)
    {
        length = 0;
        VaultStatus status = _drive.Find(id, out Node node);
        if (status != VaultStatus.Ok || !_drive.KeepsAttributes || !MayHave(node, kind))
        {
            return status == VaultStatus.Ok ? VaultStatus.NoAttribute : status;
        }

        Span<byte> stored = stackalloc byte[PosixAcl.LongestValue];
        status = _sealed.Get(node, NameOf(kind), stored, out int storedLength);
        if (status != VaultStatus.Ok)
        {
            return status is VaultStatus.NotSupported ? VaultStatus.NoAttribute : status == VaultStatus.Range ? Damaged(node) : status;
        }

        if (!PosixAcl.TryRead(stored[..storedLength], out PosixAcl? acl))
        {
            return Damaged(node);
        }

        StoreStat stat = default;
        status = kind == AclKind.Access ? _drive.Resolver.Stat(node, out stat) : status;
        return status == VaultStatus.Ok ? Give(kind == AclKind.Access ? acl!.WithMode(stat.Mode) : acl!, value, out length) : status;
    }

    /// <summary>Sets a list and with it the mode. Invalid for what is none; NotSupported where none are kept (but one that is only a mode sets that); Denied for a default list of what is no folder.</summary>
    /// <param name="clearSetGid">The caller may not keep the set-group-id bit.</param>
    public VaultStatus Set(in Caller caller, NodeId id, AclKind kind, ReadOnlySpan<byte> value, bool clearSetGid)
    {
        if (!PosixAcl.TryRead(value, out PosixAcl? acl))
        {
            return VaultStatus.Invalid;
        }

        VaultStatus status = _drive.Find(id, out Node node);
        if (status == VaultStatus.Ok && kind == AclKind.Access && acl!.IsMinimal && HasModeOnly(node))
        {
            return SetMode(caller, node, id, acl, clearSetGid);
        }

        status = BeginChange(caller, id, kind, out node, out AttributeOwner owner);
        if (status == VaultStatus.Ok)
        {
            status = kind == AclKind.Access ? SetAccess(owner, acl!, clearSetGid) : SetDefault(node, owner, acl);
            owner.End(_drive);
        }

        return status == VaultStatus.NoAttribute ? VaultStatus.Denied : status;
    }

    /// <summary>Takes a list away; the mode stays as it is. Ok, too, where there is none, as on any Linux file system.</summary>
    public VaultStatus Remove(in Caller caller, NodeId id, AclKind kind)
    {
        VaultStatus status = _drive.Find(id, out Node node);
        if (status == VaultStatus.Ok && HasModeOnly(node))
        {
            return VaultStatus.Ok;
        }

        status = BeginChange(caller, id, kind, out node, out AttributeOwner owner);
        if (status == VaultStatus.Ok)
        {
            status = kind == AclKind.Access ? _sealed.Remove(owner, NameOf(kind)) : SetDefault(node, owner, null);
            owner.End(_drive);
        }

        return status == VaultStatus.NoAttribute ? VaultStatus.Ok : status;
    }

    private static bool MayHave(Node node, AclKind kind) => node.Kind == NodeKind.Directory || (node.Kind == NodeKind.File && kind == AclKind.Access);

    // Pipes, sockets and devices: the store gives them no attributes.
    private static bool HasModeOnly(Node node) => node.Kind > NodeKind.Symlink;

    private static uint ModeAfter(in StoreStat stat, PosixAcl acl, bool clearSetGid) => (stat.Mode & ~(Permissions | (clearSetGid ? SetGid : 0))) | acl.Mode;

    private static VaultStatus Give(PosixAcl acl, Span<byte> value, out int length)
    {
        length = acl.Length;
        if (value.IsEmpty)
        {
            return VaultStatus.Ok;
        }

        if (value.Length < length)
        {
            return VaultStatus.Range;
        }

        acl.Write(value);
        return VaultStatus.Ok;
    }

    private VaultStatus Damaged(Node node) => _drive.Report(VaultStatus.Corrupt, node, "an access control list is none");

    private VaultStatus BeginChange(in Caller caller, NodeId id, AclKind kind, out Node node, out AttributeOwner owner)
    {
        owner = default;
        VaultStatus status = _sealed.Find(id, out node, out PolicyDocument policy, out KeyId key);
        if (status == VaultStatus.Ok && !(_drive.KeepsAttributes && MayHave(node, kind)))
        {
            status = _drive.KeepsAttributes ? VaultStatus.NoAttribute : VaultStatus.NotSupported;
        }

        if (status == VaultStatus.Ok)
        {
            var visit = new Visit(caller, policy, AuditEvent.Change, node, default, kind == AclKind.Access ? "access control list" : "default access control list");
            status = _drive.Gate.AuthorizeQuietly(visit, AccessAction.Write, key);
        }

        return status == VaultStatus.Ok ? _sealed.Take(node, out owner) : status;
    }

    private VaultStatus SetMode(in Caller caller, Node node, NodeId id, PosixAcl acl, bool clearSetGid)
    {
        VaultStatus status = _drive.Resolver.Stat(node, out StoreStat stat);
        return status == VaultStatus.Ok ? _modes.Set(caller, id, null, new AttributeChange { Mode = ModeAfter(stat, acl, clearSetGid) }, out _) : status;
    }

    // Between its steps and after a crash the object may be used by nobody who may not before or afterwards: first the mode that both have in common, then the list, then the mode.
    private VaultStatus SetAccess(in AttributeOwner owner, PosixAcl acl, bool clearSetGid)
    {
        var target = new StoreTarget(_drive.Store, owner.Handle, default);
        lock (owner.Guard)
        {
            VaultStatus status = target.Stat(out StoreStat stat);
            uint mode = ModeAfter(stat, acl, clearSetGid);
            uint common = mode & stat.Mode;
            status = status == VaultStatus.Ok && common != stat.Mode ? target.SetMode(common) : status;
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            status = Store(owner, AclKind.Access, acl.IsMinimal ? null : acl);
            uint wanted = status == VaultStatus.Ok ? mode : stat.Mode;
            VaultStatus last = wanted == common ? VaultStatus.Ok : target.SetMode(wanted);
            return status == VaultStatus.Ok ? last : status;
        }
    }

    private VaultStatus SetDefault(Node node, in AttributeOwner owner, PosixAcl? acl)
    {
        lock (node.Folder!.Changes)
        {
            VaultStatus status;
            lock (owner.Guard)
            {
                status = acl is null ? _sealed.Remove(owner, NameOf(AclKind.Default)) : Store(owner, AclKind.Default, acl);
            }

            node.Folder.DefaultAcl = null;
            return status;
        }
    }

    private VaultStatus Store(in AttributeOwner owner, AclKind kind, PosixAcl? acl)
    {
        if (acl is not null)
        {
            return _sealed.Set(owner, NameOf(kind), acl.ToBytes(), create: false, replace: false);
        }

        VaultStatus status = _sealed.Remove(owner, NameOf(kind));
        return status == VaultStatus.NoAttribute ? VaultStatus.Ok : status;
    }
}
