using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Makes what a Create did not find. Under the folder's lock of names.</summary>
internal sealed class NewObject(DriveContext drive)
{
    /// <returns>ObjectNameCollision when the name has come to be meanwhile.</returns>
    public NtStatus Make(in PathWalk walk, in NtCreate create, Requestor requestor, out NtHandle? handle)
    {
        handle = null;
        bool folder = (create.Options & NtOptions.DirectoryFile) != 0;
        NtAccess access = (create.Access & NtAccess.MaximumAllowed) != 0 ? (create.Access & ~NtAccess.MaximumAllowed) | NtAccess.FileAllAccess : create.Access;
        OpenIntent intent = AccessMask.Intent(access);
        uint mode = FileFacts.ModeOf(create.Attributes, folder);
        NodeEntry entry;
        OpenFile? file = null;
        VaultStatus made;
        if (folder)
        {
            made = drive.Engine.MakeDirectory(requestor.Caller, walk.Parent, walk.Name, mode, out entry);
        }
        else if (intent == OpenIntent.None)
        {
            made = drive.Engine.MakeNode(requestor.Caller, walk.Parent, walk.Name, NodeKind.File, mode, 0, out entry);
        }
        else
        {
            made = drive.Engine.Create(requestor.Caller, walk.Parent, walk.Name, mode, intent | OpenIntent.Exclusive, out entry, out file);
        }

        if (made != VaultStatus.Ok)
        {
            return made is VaultStatus.NotFound or VaultStatus.Stale ? NtStatus.ObjectPathNotFound : StatusMap.ToNt(made);
        }

        var opened = new NtHandle(entry.Node, walk.Above, walk.Name, folder, requestor, access)
        {
            File = file,
            DeleteOnClose = (create.Options & NtOptions.DeleteOnClose) != 0,
        };
        NtStatus status = Finish(opened, create);
        handle = status == NtStatus.Success ? opened : null;
        return status;
    }

    private NtStatus Finish(NtHandle opened, in NtCreate create)
    {
        NtStatus status = drive.Nodes.Begin(opened.Node, opened.Access, NtAccess.None, create.Share, out OpenNode node);
        if (status == NtStatus.Success && opened.IsDirectory && (opened.Access & NtAccess.ReadData) != 0)
        {
            VaultStatus listed = drive.Engine.OpenDirectory(opened.Caller, opened.Node, out OpenFolder? directory);
            opened.Directory = directory;
            status = StatusMap.ToNt(listed);
            if (status != NtStatus.Success)
            {
                drive.Nodes.Abandon(opened.Node, node, opened.Access, create.Share);
            }
        }

        if (status != NtStatus.Success)
        {
            opened.File?.Release();
            drive.Engine.Forget(opened.Node, 1);
            return status;
        }

        drive.Nodes.Settle(node, opened, create.Share);
        KeepAttributes(opened, create.Attributes);
        return NtStatus.Success;
    }

    // A new file is Archive besides, whatever is asked for. The object is there by now: what cannot be kept is no reason to fail.
    private void KeepAttributes(NtHandle made, NtAttributes asked)
    {
        KeptFacts none = KeptFacts.None(made.IsDirectory);
        KeptFacts wanted = none.With(asked | none.Attributes, made.IsDirectory);
        if (wanted != none && wanted.Keep(drive.Engine, made) != NtStatus.Success)
        {
            drive.Log.Trouble("The attributes of a new object could not be kept.");
        }
    }
}
