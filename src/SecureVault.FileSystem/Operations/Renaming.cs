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

/// <summary>Renames, replacing or exchanging. An object keeps its own label wherever it goes, except that a file which replaces another takes the label that includes the other.</summary>
/// <remarks>Under the tree lock, so that no two renames or removals see half of each other and no loop can come to be.</remarks>
internal sealed class Renaming
{
    private readonly Drive _drive;
    private readonly Removal _removal;

    public Renaming(Drive drive, Removal removal)
    {
        _drive = drive;
        _removal = removal;
    }

    public VaultStatus Rename(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeId newParent, ReadOnlySpan<byte> newName, RenameKind kind)
    {
        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = _drive.Enter(parent, policy, out FolderLease from);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _drive.Enter(newParent, policy, out FolderLease to);
        if (status != VaultStatus.Ok)
        {
            from.Dispose();
            return status;
        }

        var ends = new RenameEnds(from, name, to, newName, kind);
        lock (_drive.Tree)
        {
            lock (from.Folder.Changes)
            {
                lock (to.Folder.Changes)
                {
                    status = Find(ref ends);
                    status = status == VaultStatus.Ok && !ends.SameObject ? Decide(caller, policy, ref ends) : status;
                    status = status == VaultStatus.Ok && !ends.SameObject ? Move(ref ends, policy.LabelEpoch) : status;
                }
            }
        }

        from.Dispose();
        to.Dispose();
        Forget(ends.Node);
        Forget(ends.Target);
        return status;
    }

    private void Forget(Node? node)
    {
        if (node is not null)
        {
            _drive.Nodes.Forget(node, 1);
        }
    }

    private VaultStatus Find(ref RenameEnds ends)
    {
        if (ends.From.Node.Unlinked || ends.To.Node.Unlinked)
        {
            return VaultStatus.NotFound;
        }

        VaultStatus status = _drive.Resolver.Lookup(ends.From, ends.Name, ref ends.Stored, out ends.Stat, out ends.Node);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _drive.Resolver.Lookup(ends.To, ends.NewName, ref ends.NewStored, out ends.TargetStat, out ends.Target);
        if (status == VaultStatus.NotFound)
        {
            status = ends.Kind == RenameKind.Exchange ? VaultStatus.NotFound : VaultStatus.Ok;
        }
        else if (status == VaultStatus.Ok)
        {
            status = ends.CheckTarget();
        }

        if (status == VaultStatus.Ok && (IsAtOrBelow(ends.To.Node, ends.Node!) || (ends.Kind == RenameKind.Exchange && IsAtOrBelow(ends.From.Node, ends.Target!))))
        {
            status = VaultStatus.Invalid;
        }

        return status;
    }

    private static bool IsAtOrBelow(Node node, Node ancestor)
    {
        for (Node? next = ancestor.Kind == NodeKind.Directory ? node : null; next is not null; next = next.Place?.Parent)
        {
            if (ReferenceEquals(next, ancestor))
            {
                return true;
            }
        }

        return false;
    }

    private VaultStatus Decide(in Caller caller, PolicyDocument policy, ref RenameEnds ends)
    {
        if (ends.Target is { Kind: NodeKind.Directory } target && ends.Kind == RenameKind.Replace)
        {
            ends.Leftovers = [];
            VaultStatus empty = _removal.CheckEmpty(target, ends.Leftovers);
            if (empty != VaultStatus.Ok)
            {
                return empty;
            }
        }

        VaultStatus status = _drive.Labels.Read(ends.Node!, policy.LabelEpoch, out ends.Key);
        KeyId targetKey = ends.To.Record.LabelKey;
        if (status == VaultStatus.Ok && ends.Target is not null)
        {
            status = _drive.ReadLabelForRemoval(ends.Target, policy, ends.To.Record.LabelKey, out targetKey);
        }

        if (status != VaultStatus.Ok)
        {
            return _drive.Report(status, ends.Node!, "the header is not authentic");
        }

        string detail = (ends.Kind == RenameKind.Exchange ? "exchanged with " : "to ") + AuditTrail.PathOf(ends.To.Node, ends.NewName);
        var visit = new Visit(caller, policy, AuditEvent.Rename, ends.From.Node, ends.Name, detail);
        ReadOnlySpan<KeyId> keys = [ends.Key, ends.From.Record.LabelKey, ends.To.Record.LabelKey, targetKey];
        status = _drive.Gate.Check(visit, AccessAction.Write, keys, out Decision decision);
        bool back = ends.Kind == RenameKind.Exchange && ends.Target is not null; // the other one comes the other way
        if (status == VaultStatus.Ok && !(_drive.Gate.MayHold(ends.Node!.Kind, ends.To.Record.LabelKey) && (!back || _drive.Gate.MayHold(ends.Target!.Kind, ends.From.Record.LabelKey))))
        {
            return _drive.Gate.Refuse(visit, decision, ends.Key, OpenGate.Unseen);
        }

        if (status == VaultStatus.Ok && !TrySucceed(caller, policy, ref ends, targetKey))
        {
            return _drive.Gate.Refuse(visit, decision, ends.Key, $"its label and that of the file in its place ({_drive.Gate.LabelOf(targetKey)}) do not include one another");
        }

        status = status == VaultStatus.Ok ? _drive.Gate.Authorize(visit, AccessAction.Write, keys, out _) : status;
        return status == VaultStatus.Ok && ends.Taken != default
            ? _drive.Succession.Record(caller, policy, ends.To.Node, ends.NewName, ends.Key, ends.Taken)
            : status;
    }

    // Only files have labels that a save could lose; folders and exchanged objects keep theirs.
    private bool TrySucceed(in Caller caller, PolicyDocument policy, ref RenameEnds ends, KeyId targetKey)
    {
        if (ends.Node!.Kind != NodeKind.File || ends.Kind == RenameKind.Exchange)
        {
            return true;
        }

        if (ends.Target is null)
        {
            ends.Taken = _drive.Succession.Inherited(caller, policy, ends.To, ends.NewName, ends.Key);
            return true;
        }

        return ends.Target.Kind != NodeKind.File || _drive.Succession.TryReplace(policy, ends.Key, targetKey, out ends.Taken);
    }

    // Each object first records both names, old and new, so that it is authentic under either wherever this stops. A higher
    // label comes before the name that asks for it.
    private VaultStatus Move(ref RenameEnds ends, ulong labelEpoch)
    {
        VaultStatus status = ends.Taken == default ? VaultStatus.Ok : _drive.Report(_drive.Contents.SetLabel(ends.Node!, ends.Taken, labelEpoch), ends.Node!, "the header is not authentic");
        status = status == VaultStatus.Ok ? SetName(ends.Node!, ends.Stat, ends.NewStored.Tag, ends.Stored.Tag) : status;
        if (status == VaultStatus.Ok && ends.Kind == RenameKind.Exchange)
        {
            status = SetName(ends.Target!, ends.TargetStat, ends.Stored.Tag, ends.NewStored.Tag);
        }

        if (status == VaultStatus.Ok && ends.Target is null)
        {
            status = _drive.Companions.Write(ends.To.Handle, ends.NewStored);
        }

        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = ends.Leftovers is null ? MoveOne(ends) : MoveOverFolder(ends);
        if (status != VaultStatus.Ok)
        {
            if (ends.Target is null)
            {
                _drive.Companions.Remove(ends.To.Handle, ends.NewStored.Stored);
            }

            return status;
        }

        ends.To.Folder.NameAdded(ends.NewName);
        if (ends.Kind == RenameKind.Exchange)
        {
            ends.From.Folder.NameAdded(ends.Name); // both names stay; both folders changed
        }
        else
        {
            ends.From.Folder.NameRemoved(ends.Name);
            if (ends.Node!.Kind == NodeKind.File)
            {
                _drive.Succession.Left(ends.From, ends.Name, ends.Key);
            }

            _drive.Companions.Remove(ends.From.Handle, ends.Stored.Stored);
        }

        return VaultStatus.Ok;
    }

    private VaultStatus SetName(Node node, in StoreStat stat, NameTag name, NameTag previous) => node.Kind switch
    {
        NodeKind.Directory => _drive.Records.Rename(node, name, previous),
        NodeKind.File => _drive.Report(_drive.Contents.SetName(node, name, previous, stat.Links > 1), node, "the header is not authentic"),
        _ => VaultStatus.Ok,
    };

    private VaultStatus MoveOne(in RenameEnds ends)
    {
        Node node = ends.Node!;
        if (ends.Target is not { } target)
        {
            VaultStatus moved = _drive.Store.Rename(ends.From.Handle, ends.Stored.Stored, ends.To.Handle, ends.NewStored.Stored, RenameKind.NoReplace);
            if (moved == VaultStatus.Ok)
            {
                _drive.Nodes.Rename(node, ends.From.Node, ends.Name, ends.To.Node, ends.NewName, ends.NewStored);
            }

            return moved;
        }

        lock ((object?)target.File ?? target)
        {
            bool exchanges = ends.Kind == RenameKind.Exchange;
            if (!exchanges && ends.TargetStat.Links <= 1)
            {
                target.File?.Hold(_drive.Store, ends.To.Handle, ends.NewStored.Stored);
            }

            VaultStatus status = _drive.Store.Rename(ends.From.Handle, ends.Stored.Stored, ends.To.Handle, ends.NewStored.Stored, exchanges ? RenameKind.Exchange : RenameKind.Replace);
            if (status != VaultStatus.Ok)
            {
                target.File?.LetGo();
                return status;
            }

            _drive.Nodes.Rename(node, ends.From.Node, ends.Name, ends.To.Node, ends.NewName, ends.NewStored);
            if (exchanges)
            {
                _drive.Nodes.Rename(target, ends.To.Node, ends.NewName, ends.From.Node, ends.Name, ends.Stored);
                return VaultStatus.Ok;
            }

            _drive.Nodes.RemovePlace(target, ends.To.Node, ends.NewName, ends.TargetStat.Links <= 1);
        }

        _removal.Forsake(target);
        return VaultStatus.Ok;
    }

    // The store cannot replace a folder that holds a record. The old one goes aside first: a crash in between leaves the
    // name free and the folder that was to move where it was.
    private VaultStatus MoveOverFolder(in RenameEnds ends)
    {
        Node target = ends.Target!;
        lock (target.Folder!.Changes)
        {
            VaultStatus status = _removal.MoveAside(ends.To, ends.NewStored.Stored, out byte[] aside);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            status = _drive.Store.Rename(ends.From.Handle, ends.Stored.Stored, ends.To.Handle, ends.NewStored.Stored, RenameKind.NoReplace);
            if (status != VaultStatus.Ok)
            {
                _ = _drive.Store.Rename(ends.To.Handle, aside, ends.To.Handle, ends.NewStored.Stored, RenameKind.NoReplace);
                ends.To.Folder.NameAdded(ends.NewName); // it was missing for a moment
                return status;
            }

            _ = _removal.RemoveAside(ends.To, target, aside, ends.Leftovers!); // what stays is a leftover that is not shown
            _drive.Nodes.RemovePlace(target, ends.To.Node, ends.NewName, true);
            _drive.Nodes.Rename(ends.Node!, ends.From.Node, ends.Name, ends.To.Node, ends.NewName, ends.NewStored);
            return VaultStatus.Ok;
        }
    }
}
