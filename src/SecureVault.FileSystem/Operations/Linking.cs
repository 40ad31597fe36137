using System;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Trail;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Gives an object one more name.</summary>
internal sealed class Linking
{
    private readonly Drive _drive;

    public Linking(Drive drive) => _drive = drive;

    public VaultStatus Link(in Caller caller, NodeId id, NodeId newParent, ReadOnlySpan<byte> newName, out NodeEntry entry)
    {
        entry = default;
        VaultStatus status = _drive.Find(id, out Node node);
        if (status == VaultStatus.Ok && (node.Kind == NodeKind.Directory || node.Unlinked))
        {
            status = node.Kind == NodeKind.Directory ? VaultStatus.NotPermitted : VaultStatus.NotFound;
        }

        if (status != VaultStatus.Ok)
        {
            return status;
        }

        PolicyDocument policy = _drive.Gate.Policy;
        status = _drive.Enter(newParent, policy, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        lock (folder.Folder.Changes)
        {
            EntryName stored = default;
            status = Prepare(caller, policy, node, folder, newName, ref stored);
            if (status == VaultStatus.Ok)
            {
                status = Place(node, folder, newName, stored, out entry);
            }
        }

        folder.Dispose();
        return status;
    }

    private VaultStatus Prepare(in Caller caller, PolicyDocument policy, Node node, in FolderLease folder, ReadOnlySpan<byte> newName, ref EntryName stored)
    {
        if (folder.Node.Unlinked)
        {
            return VaultStatus.NotFound;
        }

        VaultStatus status = _drive.Resolver.CheckFree(folder, newName, ref stored);
        if (status != VaultStatus.NotFound)
        {
            return status;
        }

        status = _drive.Labels.Read(node, policy.LabelEpoch, out KeyId key);
        if (status != VaultStatus.Ok)
        {
            return _drive.Report(status, node, "the header is not authentic");
        }

        var visit = new Visit(caller, policy, AuditEvent.Link, node, default, "as " + AuditTrail.PathOf(folder.Node, newName));
        ReadOnlySpan<KeyId> keys = [key, folder.Record.LabelKey];
        var arrival = new Visit(caller, policy, AuditEvent.Link, folder.Node, newName, visit.Detail);
        status = policy.HasRules ? _drive.Gate.Check(arrival, AccessAction.Create, [folder.Record.LabelKey], out _) : VaultStatus.Ok; // the new name has a path of its own
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (_drive.Gate.MayHold(node.Kind, folder.Record.LabelKey))
        {
            return _drive.Gate.Authorize(visit, AccessAction.Create, keys, out _);
        }

        status = _drive.Gate.Check(visit, AccessAction.Create, keys, out Decision decision);
        return status == VaultStatus.Ok ? _drive.Gate.Refuse(visit, decision, folder.Record.LabelKey, OpenGate.Unseen) : status;
    }

    private VaultStatus Place(Node node, in FolderLease folder, ReadOnlySpan<byte> newName, in EntryName stored, out NodeEntry entry)
    {
        entry = default;
        if (node.Place is not { } place)
        {
            return VaultStatus.Stale;
        }

        // In use until the monitor is left: what the end of the last use waits for needs that monitor.
        VaultStatus status = node.Kind == NodeKind.File ? _drive.Report(_drive.Contents.Acquire(node, true, out _), node, "the header is not authentic") : VaultStatus.Ok;
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _drive.Companions.Write(folder.Handle, stored);
        status = status == VaultStatus.Ok ? LinkOne(node, place, folder, newName, stored, out entry) : status;
        if (status != VaultStatus.Ok)
        {
            _drive.Companions.Remove(folder.Handle, stored.Stored);
        }

        if (node.Kind == NodeKind.File)
        {
            _drive.Contents.Return(node);
        }

        return status;
    }

    private VaultStatus LinkOne(Node node, Place place, in FolderLease folder, ReadOnlySpan<byte> newName, in EntryName stored, out NodeEntry entry)
    {
        entry = default;
        VaultStatus status = _drive.Handles.Acquire(place.Parent, out StoreHandle? from);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        StoreStat stat = default;
        lock ((object?)node.File ?? node)
        {
            status = SetName(node, place, stored);
            status = status == VaultStatus.Ok ? _drive.Store.Link(from!, place.Stored, folder.Handle, stored.Stored) : status;
            status = status == VaultStatus.Ok ? _drive.Store.Stat(folder.Handle, stored.Stored, out stat) : status;
            if (status == VaultStatus.Ok && (new StoredIdentity(stat.Device, stat.Inode) != node.Stored || !node.TryAddLookup()))
            {
                // The name led elsewhere by now: take the wrong link back.
                _ = _drive.Store.Unlink(folder.Handle, stored.Stored);
                status = VaultStatus.Stale;
            }

            if (status == VaultStatus.Ok)
            {
                _drive.Nodes.AddPlace(node, folder.Node, newName, stored, false);
                folder.Folder.NameAdded(newName);
            }
        }

        place.Parent.Folder!.Release();
        if (status == VaultStatus.Ok)
        {
            _drive.Resolver.Fill(stat, node, out entry);
        }

        return status;
    }

    private VaultStatus SetName(Node node, Place place, in EntryName stored) => node.Kind == NodeKind.File
        ? _drive.Report(_drive.FileNames.Set(node, stored.Tag, place.Tag, links: true), node, "the header is not authentic")
        : VaultStatus.Ok;
}
