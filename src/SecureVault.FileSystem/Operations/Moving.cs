using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>The second half of a rename, after it was decided: names are recorded, moved in the store and told to the nodes.</summary>
/// <remarks>Under the tree lock and both folders' Changes.</remarks>
internal sealed class Moving
{
    private readonly Drive _drive;
    private readonly Removal _removal;
    private readonly EmptyFolders _empty;

    public Moving(Drive drive, Removal removal, EmptyFolders empty)
    {
        _drive = drive;
        _removal = removal;
        _empty = empty;
    }

    // Each object first records both names, old and new, so that it is authentic under either wherever this stops. A higher
    // label comes before the name that asks for it.
    public VaultStatus Move(ref RenameEnds ends, ulong labelEpoch)
    {
        VaultStatus status = Prepare(ref ends, labelEpoch);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = ends.Leftovers is null ? MoveOne(ends) : MoveOverFolder(ends);
        if (status == VaultStatus.Ok)
        {
            Tell(ends);
        }
        else if (ends.Target is null)
        {
            _drive.Companions.Remove(ends.To.Handle, ends.NewStored.Stored);
        }

        return status;
    }

    private VaultStatus Prepare(ref RenameEnds ends, ulong labelEpoch)
    {
        VaultStatus status = ends.Taken == default && !ends.Keeps ? VaultStatus.Ok : _drive.Report(Label(ends, labelEpoch), ends.Node!, "the header is not authentic");
        status = status == VaultStatus.Ok ? SetName(ends.Node!, ends.NewStored.Tag, ends.Stored.Tag) : status;
        if (status == VaultStatus.Ok && ends.Kind == RenameKind.Exchange)
        {
            status = SetName(ends.Target!, ends.Stored.Tag, ends.NewStored.Tag);
        }

        return status == VaultStatus.Ok && ends.Target is null ? _drive.Companions.Write(ends.To.Handle, ends.NewStored) : status;
    }

    private VaultStatus Label(in RenameEnds ends, ulong labelEpoch) =>
        ends.Keeps ? _drive.Raising.Note(ends.Node!) : _drive.Raising.Raise(ends.Node!, ends.Taken, labelEpoch);

    private void Tell(in RenameEnds ends)
    {
        ends.To.Folder.NameAdded(ends.NewName);
        if (ends.Kind == RenameKind.Exchange)
        {
            ends.From.Folder.NameAdded(ends.Name); // both names stay; both folders changed
            return;
        }

        ends.From.Folder.NameRemoved(ends.Name);
        if (ends.Node!.Kind == NodeKind.File)
        {
            _drive.Succession.Left(ends.From, ends.Name, ends.Key);
        }

        _drive.Companions.Remove(ends.From.Handle, ends.Stored.Stored);
    }

    private VaultStatus SetName(Node node, NameTag name, NameTag previous) => node.Kind switch
    {
        NodeKind.Directory => _drive.Records.Rename(node, name, previous),
        NodeKind.File => _drive.Report(_drive.FileNames.Set(node, name, previous, links: false), node, "the header is not authentic"),
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
            bool gone = ends.TargetStat.Links <= 1 && target.Place?.Next is null; // one linked since it was found has another name
            if (!exchanges && gone)
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

            _drive.Nodes.RemovePlace(target, ends.To.Node, ends.NewName, gone);
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
            VaultStatus status = _empty.MoveAside(ends.To, ends.NewStored.Stored, out byte[] aside);
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

            _ = _empty.RemoveAside(ends.To, target, aside, ends.Leftovers!); // what stays is a leftover that is not shown
            _drive.Nodes.RemovePlace(target, ends.To.Node, ends.NewName, true);
            _drive.Nodes.Rename(ends.Node!, ends.From.Node, ends.Name, ends.To.Node, ends.NewName, ends.NewStored);
            return VaultStatus.Ok;
        }
    }
}
