using System;
using System.Collections.Generic;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Removes names, and folders that are empty.</summary>
internal sealed class Removal
{
    private readonly Drive _drive;
    private readonly EmptyFolders _empty;

    public Removal(Drive drive, EmptyFolders empty)
    {
        _drive = drive;
        _empty = empty;
    }

    public VaultStatus Unlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name)
    {
        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = _drive.Enter(parent, policy, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        Node? node;
        lock (folder.Folder.Changes)
        {
            node = _drive.Nodes.Find(folder.Node, name, out Place? place);
            status = node is null ? VaultStatus.Stale : Unlink(caller, policy, folder, name, place!.Stored, node);
            if (status == VaultStatus.Stale)
            {
                Forget(node);
                EntryName stored = default;
                status = _drive.Resolver.Lookup(folder, name, ref stored, out _, out node);
                status = status == VaultStatus.Ok ? Unlink(caller, policy, folder, name, stored.Stored, node!) : status;
            }
        }

        End(folder, node);
        return status;
    }

    /// <summary>Decides whether a name may be removed and removes nothing; a denial is recorded. The removal itself decides again.</summary>
    /// <param name="mustBeEmpty">Whether a folder with entries is NotEmpty.</param>
    public VaultStatus Check(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, bool mustBeEmpty)
    {
        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = _drive.Enter(parent, policy, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        EntryName stored = default;
        status = _drive.Resolver.Lookup(folder, name, ref stored, out StoreStat stat, out Node? node);
        KeyId key = default;
        status = status == VaultStatus.Ok ? _drive.ReadLabelForRemoval(node!, policy, folder.Record.LabelKey, out key) : status;
        if (status == VaultStatus.Ok)
        {
            var visit = new Visit(caller, policy, AuditEvent.Delete, folder.Node, name, "");
            status = _drive.Gate.Check(visit, AccessAction.Delete, [key, folder.Record.LabelKey], out _);
        }

        if (status == VaultStatus.Ok && mustBeEmpty && stat.Kind == NodeKind.Directory)
        {
            status = _empty.CheckEmpty(node!, []);
        }

        End(folder, node);
        return status;
    }

    public VaultStatus RemoveDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name)
    {
        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = _drive.Enter(parent, policy, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        Node? node;
        lock (_drive.Tree)
        {
            lock (folder.Folder.Changes)
            {
                EntryName stored = default;
                status = _drive.Resolver.Lookup(folder, name, ref stored, out StoreStat stat, out node);
                if (status == VaultStatus.Ok && stat.Kind != NodeKind.Directory)
                {
                    status = VaultStatus.NotDirectory;
                }

                if (status == VaultStatus.Ok)
                {
                    status = RemoveEmpty(caller, policy, folder, name, stored, node!);
                }
            }
        }

        End(folder, node);
        return status;
    }

    // Decides, records and removes. Stale when another object has the name by now.
    private VaultStatus Unlink(in Caller caller, PolicyDocument policy, in FolderLease folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> stored, Node node)
    {
        KeyId key = default;
        VaultStatus status = node.Kind == NodeKind.Directory ? VaultStatus.IsDirectory : Authorize(caller, policy, folder, name, node, out key);
        status = status == VaultStatus.Ok ? UnlinkOne(folder, name, stored, node) : status;
        if (status == VaultStatus.Ok)
        {
            _drive.Succession.Left(folder, name, key);
        }

        return status;
    }

    // Takes a name of a file away in store and table. Under the folder's Changes.
    private VaultStatus UnlinkOne(in FolderLease folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> stored, Node node)
    {
        VaultStatus status;
        lock ((object?)node.File ?? node)
        {
            status = _drive.Store.Stat(folder.Handle, stored, out StoreStat stat);
            if (status == VaultStatus.Ok && (stat.Kind != node.Kind || new StoredIdentity(stat.Device, stat.Inode) != node.Stored))
            {
                status = VaultStatus.Stale;
            }

            status = status == VaultStatus.Ok ? _drive.Store.Unlink(folder.Handle, stored) : status;
            if (status == VaultStatus.Ok)
            {
                _drive.Nodes.RemovePlace(node, folder.Node, name, stat.Links <= 1);
            }
        }

        if (status == VaultStatus.Ok)
        {
            folder.Folder.NameRemoved(name);
            _drive.Companions.Remove(folder.Handle, stored);
            Forsake(node);
        }

        return status;
    }

    /// <summary>Closes what a file without names still has open for its commit.</summary>
    public void Forsake(Node node)
    {
        if (node.Unlinked && node.File is not null)
        {
            _drive.Contents.Forsake(node);
        }
    }

    private VaultStatus Authorize(in Caller caller, PolicyDocument policy, in FolderLease folder, ReadOnlySpan<byte> name, Node node, out KeyId key)
    {
        VaultStatus status = _drive.ReadLabelForRemoval(node, policy, folder.Record.LabelKey, out key);
        var visit = new Visit(caller, policy, AuditEvent.Delete, folder.Node, name, "");
        return status == VaultStatus.Ok ? _drive.Gate.Authorize(visit, AccessAction.Delete, [key, folder.Record.LabelKey], out _) : status;
    }

    private VaultStatus RemoveEmpty(in Caller caller, PolicyDocument policy, in FolderLease folder, ReadOnlySpan<byte> name, in EntryName stored, Node node)
    {
        lock (node.Folder!.Changes)
        {
            var leftovers = new List<byte[]>();
            VaultStatus status = _empty.CheckEmpty(node, leftovers);
            status = status == VaultStatus.Ok ? Authorize(caller, policy, folder, name, node, out _) : status;
            byte[] aside = [];
            status = status == VaultStatus.Ok ? _empty.MoveAside(folder, stored.Stored, out aside) : status;
            bool inPlace = status == VaultStatus.CrossDevice; // a folder of an overlay's lower layer moves nowhere
            if (inPlace)
            {
                (status, aside) = (VaultStatus.Ok, stored.Stored.ToArray());
            }

            if (status != VaultStatus.Ok)
            {
                return status;
            }

            status = _empty.RemoveAside(folder, node, aside, leftovers);
            if (status != VaultStatus.Ok)
            {
                _ = inPlace ? VaultStatus.Ok : _drive.Store.Rename(folder.Handle, aside, folder.Handle, stored.Stored, RenameKind.NoReplace);
                folder.Folder.NameAdded(name); // it was missing for a moment
                return status;
            }

            folder.Folder.NameRemoved(name);
            _drive.Nodes.RemovePlace(node, folder.Node, name, true);
            _drive.Companions.Remove(folder.Handle, stored.Stored);
            return VaultStatus.Ok;
        }
    }

    private void End(in FolderLease folder, Node? node)
    {
        folder.Dispose();
        Forget(node);
    }

    private void Forget(Node? node)
    {
        if (node is not null)
        {
            _drive.Nodes.Forget(node, 1);
        }
    }
}
