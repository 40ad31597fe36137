using System;
using System.Threading;
using SecureVault.Dokan.Names;
using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Renames and moves, replacing or not (MS-FSCC 2.4.42). Which label the moved object has then is the engine's matter.</summary>
internal sealed class Moving(DriveContext drive)
{
    public NtStatus Move(NtHandle handle, string newPath, bool replace)
    {
        if (handle.IsRoot)
        {
            return NtStatus.AccessDenied;
        }

        NtStatus status = PathWalk.To(drive.Engine, newPath, out PathWalk walk);
        if (status != NtStatus.Success)
        {
            return status;
        }

        using (walk)
        {
            if (walk.IsRoot)
            {
                return NtStatus.AccessDenied;
            }

            if (handle.IsDirectory && drive.Nodes.IsInUseBelow(handle.Node))
            {
                return NtStatus.AccessDenied;
            }

            Lock names = drive.NamesOf(walk.Parent);
            lock (names)
            {
                return MoveTo(handle, walk, replace);
            }
        }
    }

    private NtStatus MoveTo(NtHandle handle, in PathWalk walk, bool replace)
    {
        Span<byte> spelled = stackalloc byte[NtName.MaxBytes];
        VaultStatus found = drive.Engine.LookupAnyCase(walk.Parent, walk.Name, spelled, out int length, out NodeEntry target);
        if (found == VaultStatus.NotFound)
        {
            return Rename(handle, walk, walk.Name, RenameKind.NoReplace);
        }

        if (found != VaultStatus.Ok)
        {
            return StatusMap.ToNt(found);
        }

        drive.Engine.Forget(target.Node, 1);
        spelled = spelled[..length];
        (NodeId parent, byte[] name) = drive.Nodes.NameOf(handle);
        if (target.Node == handle.Node && parent == walk.Parent && spelled.SequenceEqual(name))
        {
            // Its own name, in another case or the same.
            return spelled.SequenceEqual(walk.Name) ? NtStatus.Success : Rename(handle, walk, walk.Name, RenameKind.NoReplace);
        }

        if (!replace)
        {
            return NtStatus.ObjectNameCollision;
        }

        return Replace(handle, walk, target, spelled.ToArray());
    }

    // The name that stays is the target's, as its folder spells it.
    private NtStatus Replace(NtHandle handle, in PathWalk walk, in NodeEntry target, byte[] spelled)
    {
        bool folder = handle.IsDirectory || target.Attributes.Kind == NodeKind.Directory;
        if (folder || FileFacts.IsReadOnly(target.Attributes) || !drive.Nodes.TryHold(target.Node))
        {
            return NtStatus.AccessDenied;
        }

        try
        {
            return Rename(handle, walk, spelled, RenameKind.Replace);
        }
        finally
        {
            drive.Nodes.Unhold(target.Node);
        }
    }

    private NtStatus Rename(NtHandle handle, in PathWalk walk, byte[] newName, RenameKind kind)
    {
        (NodeId parent, byte[] name) = drive.Nodes.NameOf(handle);
        VaultStatus status = drive.Engine.Rename(handle.Caller, parent, name, walk.Parent, newName, kind);
        if (status == VaultStatus.Ok)
        {
            drive.Nodes.Rename(handle, walk.Above, newName);
        }

        return StatusMap.ToNt(status);
    }
}
