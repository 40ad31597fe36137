using System;
using SecureVault.Content;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Stored;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Sets mode, owner, size and times.</summary>
internal sealed class AttributeChanges
{
    private const uint SetUid = 0x800;  // 04000
    private const uint SetGid = 0x400;  // 02000
    private const uint GroupExecutes = 0x8; // 00010

    private readonly Drive _drive;

    public AttributeChanges(Drive drive) => _drive = drive;

    /// <summary>A size alone, set through a handle that may write, was decided at the open; anything else asks for the right to change the object.</summary>
    public VaultStatus Set(in Caller caller, NodeId id, OpenFile? file, in AttributeChange change, out NodeAttributes attributes)
    {
        attributes = default;
        VaultStatus status = _drive.Find(id, out Node node);
        if (status == VaultStatus.Ok)
        {
            status = Check(node, change);
        }

        if (status == VaultStatus.Ok && !(file is { CanWrite: true } && IsSizeOnly(change)))
        {
            status = Authorize(caller, node, change);
        }

        if (status == VaultStatus.Ok && change.Size is { } plainSize)
        {
            status = file is { CanWrite: true } ? file.Truncate(plainSize) : Truncate(node, plainSize);
        }

        if (status == VaultStatus.Ok)
        {
            status = ApplyAll(node, change);
        }

        if (status == VaultStatus.Ok)
        {
            status = _drive.Resolver.Stat(node, out StoreStat stat);
            _drive.Resolver.Fill(stat, node, out attributes);
        }

        return status;
    }

    private static VaultStatus Check(Node node, in AttributeChange change)
    {
        if (change.Size is not { } plainSize)
        {
            return VaultStatus.Ok;
        }

        if (node.Kind != NodeKind.File)
        {
            return node.Kind == NodeKind.Directory ? VaultStatus.IsDirectory : VaultStatus.Invalid;
        }

        return plainSize < 0 ? VaultStatus.Invalid : plainSize > FileLayout.MaxPlainSize ? VaultStatus.TooLarge : VaultStatus.Ok;
    }

    // Times that only follow from setting the size come with it.
    private static bool IsSizeOnly(in AttributeChange change) =>
        change.Size is not null && change.Mode is null && change.Uid is null && change.Gid is null && change.Accessed is null && change.Modified is null;

    private VaultStatus Authorize(in Caller caller, Node node, in AttributeChange change)
    {
        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = _drive.Labels.Read(node, policy.LabelEpoch, out KeyId key);
        if (status != VaultStatus.Ok)
        {
            return _drive.Report(status, node, "the header is not authentic");
        }

        var visit = new Visit(caller, policy, AuditEvent.Change, node, default, Spell(change));
        return change.Size is null ? _drive.Gate.AuthorizeQuietly(visit, AccessAction.Write, key) : _drive.Gate.Authorize(visit, AccessAction.Write, [key], out _);
    }

    private VaultStatus Truncate(Node node, long plainSize)
    {
        VaultStatus status = _drive.Contents.Acquire(node, true, out FileContent? content);
        if (status != VaultStatus.Ok)
        {
            return _drive.Report(status, node, "the header is not authentic");
        }

        status = Contents.Truncate(node, content!, plainSize);
        node.File!.SetWritten(_drive.Clock.GetUtcNow());
        _drive.Contents.Return(node);
        return _drive.Report(status, node, "the content is not authentic");
    }

    private VaultStatus ApplyAll(Node node, in AttributeChange change)
    {
        if (change.Uid is null && change.Gid is null && change.Mode is null && !SetsTimes(change) && !change.ClearSetIds)
        {
            return VaultStatus.Ok;
        }

        if (node.IsRoot || node.Kind == NodeKind.Directory)
        {
            VaultStatus status = _drive.Handles.Acquire(node, out StoreHandle? handle);
            if (status == VaultStatus.Ok)
            {
                status = Apply(new StoreTarget(_drive.Store, handle!, default), node, change);
                node.Folder!.Release();
            }

            return status;
        }

        if (node.File is { } file)
        {
            lock (file)
            {
                if (file.Content is { } content)
                {
                    return Apply(new StoreTarget(_drive.Store, content.Handle, default), node, change);
                }
            }
        }

        return ApplyByName(node, change);
    }

    private VaultStatus ApplyByName(Node node, in AttributeChange change)
    {
        // Resolver.Stat has found a name that leads to this very object, or says Stale.
        VaultStatus status = _drive.Resolver.Stat(node, out _);
        if (status != VaultStatus.Ok || node.Place is not { } place)
        {
            return status == VaultStatus.Ok ? VaultStatus.Stale : status;
        }

        status = _drive.Handles.Acquire(place.Parent, out StoreHandle? handle);
        if (status == VaultStatus.Ok)
        {
            status = Apply(new StoreTarget(_drive.Store, handle!, place.Stored), node, change);
            place.Parent.Folder!.Release();
        }

        return status;
    }

    // Owner before mode, because a change of owner clears set-id bits; times last, because all else moves them.
    private static VaultStatus Apply(in StoreTarget target, Node node, in AttributeChange change)
    {
        VaultStatus status = VaultStatus.Ok;
        if (change.Uid is not null || change.Gid is not null)
        {
            status = target.SetOwner(change.Uid, change.Gid);
        }

        if (status == VaultStatus.Ok && change.Mode is { } mode)
        {
            status = target.SetMode(mode);
        }
        else if (status == VaultStatus.Ok && change.ClearSetIds)
        {
            status = ClearSetIds(target);
        }

        if (status == VaultStatus.Ok && SetsTimes(change))
        {
            status = target.SetTimes(change);
            NoteTimes(target, node, change, status);
        }

        return status;
    }

    // An open file's commit leaves the time it was last written; a time set by hand takes its place.
    private static void NoteTimes(in StoreTarget target, Node node, in AttributeChange change, VaultStatus status)
    {
        if (status == VaultStatus.Ok && node.File is { Content: not null } file && (change.Modified is not null || change.ModifiedNow)
            && target.Stat(out StoreStat stat) == VaultStatus.Ok)
        {
            file.SetModified(stat.Modified);
        }
    }

    private static VaultStatus ClearSetIds(in StoreTarget target)
    {
        VaultStatus status = target.Stat(out StoreStat stat);
        if (status != VaultStatus.Ok || stat.Kind != NodeKind.File)
        {
            return status;
        }

        uint kept = stat.Mode & ~SetUid;
        kept = (kept & GroupExecutes) != 0 ? kept & ~SetGid : kept;
        return kept == stat.Mode ? VaultStatus.Ok : target.SetMode(kept);
    }

    private static bool SetsTimes(in AttributeChange change) => change.Accessed is not null || change.Modified is not null || change.AccessedNow || change.ModifiedNow;

    private static string Spell(in AttributeChange change) =>
        change.Size is { } size ? $"size {size}"
        : change.Mode is { } mode ? $"mode {Convert.ToString(mode, 8)}"
        : change.Uid is not null || change.Gid is not null ? "owner"
        : SetsTimes(change) ? "times"
        : "attributes";
}
