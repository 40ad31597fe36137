using System;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Trail;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Renames, replacing or exchanging. An object keeps its own label wherever it goes, except that a file which replaces another takes the label that includes the other.</summary>
/// <remarks>Under the tree lock, so that no two renames or removals see half of each other and no loop can come to be.</remarks>
internal sealed class Renaming
{
    private readonly Drive _drive;
    private readonly EmptyFolders _empty;
    private readonly Moving _moving;

    public Renaming(Drive drive, Removal removal, EmptyFolders empty)
    {
        _drive = drive;
        _empty = empty;
        _moving = new Moving(drive, removal, empty);
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
                    status = status == VaultStatus.Ok && !ends.SameObject ? _moving.Move(ref ends, policy.LabelEpoch) : status;
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
            VaultStatus empty = _empty.CheckEmpty(target, ends.Leftovers);
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
        status = _drive.Gate.Check(visit, AccessAction.Rename, keys, out Decision decision);
        status = status == VaultStatus.Ok && policy.HasRules ? CheckArrival(caller, policy, ends, targetKey, detail) : status;
        bool back = ends.Kind == RenameKind.Exchange && ends.Target is not null; // the other one comes the other way
        if (status == VaultStatus.Ok && !(_drive.Gate.MayHold(ends.Node!.Kind, ends.To.Record.LabelKey) && (!back || _drive.Gate.MayHold(ends.Target!.Kind, ends.From.Record.LabelKey))))
        {
            return _drive.Gate.Refuse(visit, decision, ends.Key, OpenGate.Unseen);
        }

        if (status == VaultStatus.Ok && !TrySucceed(caller, policy, ref ends, targetKey))
        {
            return _drive.Gate.Refuse(visit, decision, ends.Key, $"its label and that of the file in its place ({_drive.Gate.LabelOf(targetKey)}) do not include one another");
        }

        status = status == VaultStatus.Ok ? _drive.Gate.Authorize(visit, AccessAction.Rename, keys, out _) : status;
        return status == VaultStatus.Ok && ends.Taken != default
            ? _drive.Succession.Record(caller, policy, ends.To.Node, ends.NewName, ends.Key, ends.Taken)
            : status;
    }

    // Rules know paths, and creating and deleting from renaming: what comes to be under the new name, and what goes for it.
    private VaultStatus CheckArrival(in Caller caller, PolicyDocument policy, in RenameEnds ends, KeyId targetKey, string detail)
    {
        var visit = new Visit(caller, policy, AuditEvent.Rename, ends.To.Node, ends.NewName, detail);
        VaultStatus status = _drive.Gate.Check(visit, AccessAction.Create, [ends.To.Record.LabelKey], out _);
        bool replaces = ends.Target is not null && ends.Kind != RenameKind.Exchange;
        return status == VaultStatus.Ok && ends.Target is not null
            ? _drive.Gate.Check(visit, replaces ? AccessAction.Delete : AccessAction.Rename, [targetKey], out _)
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

        if (ends.Target.Kind != NodeKind.File)
        {
            return true;
        }

        ends.Keeps = _drive.Succession.Keeps(ends.To, ends.Key, targetKey);
        return _drive.Succession.TryReplace(policy, ends.Key, targetKey, out ends.Taken);
    }
}
