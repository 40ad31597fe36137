using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Opens what a Create found.</summary>
internal sealed class ExistingObject(DriveContext drive)
{
    /// <summary>On success the handle owns the entry's lookup; else the caller keeps it.</summary>
    public NtStatus Open(in NodeEntry entry, NodeId[] above, byte[] name, in NtCreate create, Requestor requestor, out NtHandle? handle)
    {
        handle = null;
        bool overwrites = create.Disposition is NtDisposition.Supersede or NtDisposition.Overwrite or NtDisposition.OverwriteIf;
        NtStatus status = CheckKind(entry.Attributes, create, overwrites);
        if (status != NtStatus.Success)
        {
            return status;
        }

        NtAccess access = create.Access;
        if ((access & NtAccess.MaximumAllowed) != 0)
        {
            VaultStatus asked = drive.Engine.GetRight(requestor.Caller, entry.Node, out AccessRight right);
            if (asked != VaultStatus.Ok)
            {
                return StatusMap.ToNt(asked);
            }

            access = (access & ~NtAccess.MaximumAllowed) | AccessMask.Most(right, FileFacts.IsReadOnly(entry.Attributes));
        }

        status = CheckAttribute(entry, access, create, overwrites);
        if (status != NtStatus.Success)
        {
            return status;
        }

        NtAccess implied = overwrites ? NtAccess.WriteData : (create.Options & NtOptions.DeleteOnClose) != 0 ? NtAccess.Delete : NtAccess.None;
        status = drive.Nodes.Begin(entry.Node, access, implied, create.Share, out OpenNode node);
        if (status != NtStatus.Success)
        {
            return status;
        }

        var opened = new NtHandle(entry.Node, above, name, entry.Attributes.Kind == NodeKind.Directory, requestor, access)
        {
            DeleteOnClose = (create.Options & NtOptions.DeleteOnClose) != 0,
        };
        status = Decide(opened, entry.Attributes, create, overwrites);
        if (status != NtStatus.Success)
        {
            drive.Nodes.Abandon(entry.Node, node, access, create.Share);
            return status;
        }

        drive.Nodes.Settle(node, opened, create.Share);
        handle = opened;
        return create.Disposition is NtDisposition.Open or NtDisposition.Overwrite ? NtStatus.Success : NtStatus.ObjectNameCollision;
    }

    private static NtStatus CheckKind(in NodeAttributes attributes, in NtCreate create, bool overwrites)
    {
        if (create.Disposition == NtDisposition.Create)
        {
            return NtStatus.ObjectNameCollision;
        }

        bool folder = attributes.Kind == NodeKind.Directory;
        if (!folder && (create.Options & NtOptions.DirectoryFile) != 0)
        {
            return NtStatus.NotADirectory;
        }

        bool asFile = (create.Options & NtOptions.NonDirectoryFile) != 0
            || (create.Access == AccessMask.OfDeleteFile && (create.Options & NtOptions.DirectoryFile) == 0);

        // Not ObjectNameCollision, which an overwriting Create would be taken to have succeeded with.
        return folder && (overwrites || asFile) ? NtStatus.FileIsADirectory : NtStatus.Success;
    }

    private NtStatus CheckAttribute(in NodeEntry entry, NtAccess access, in NtCreate create, bool overwrites)
    {
        NodeAttributes attributes = entry.Attributes;
        if (FileFacts.IsSpecial(attributes.Kind) && (overwrites || AccessMask.Intent(access) != OpenIntent.None))
        {
            return NtStatus.IoReparseTagNotHandled;
        }

        // Who overwrites a hidden file must know that it is one (MS-FSA 2.1.5.1.2).
        const NtAttributes known = NtAttributes.Hidden | NtAttributes.System;
        if (overwrites && (KeptFacts.Of(drive.Engine, entry.Node, attributes.Kind).Attributes & known & ~create.Attributes) != 0)
        {
            return NtStatus.AccessDenied;
        }

        if (!FileFacts.IsReadOnly(attributes))
        {
            return NtStatus.Success;
        }

        return overwrites || (access & AccessMask.Writing) != 0 ? NtStatus.AccessDenied
            : (create.Options & NtOptions.DeleteOnClose) != 0 ? NtStatus.CannotDelete
            : NtStatus.Success;
    }

    // Everything that can refuse, before anything is changed: content is emptied last.
    private NtStatus Decide(NtHandle handle, in NodeAttributes attributes, in NtCreate create, bool overwrites)
    {
        NtStatus status = CheckDelete(handle, create);
        if (status != NtStatus.Success)
        {
            return status;
        }

        if (handle.IsDirectory)
        {
            return OpenFolder(handle);
        }

        OpenIntent intent = AccessMask.Intent(handle.Access) | (overwrites ? OpenIntent.Truncate : OpenIntent.None);
        if (intent == OpenIntent.None || FileFacts.IsSpecial(attributes.Kind))
        {
            return NtStatus.Success;
        }

        VaultStatus opened = drive.Engine.Open(handle.Caller, handle.Node, intent, out OpenFile? file, out _);
        if (opened != VaultStatus.Ok)
        {
            return StatusMap.ToNt(opened);
        }

        handle.File = file;
        return overwrites ? SetAttribute(handle, create) : NtStatus.Success;
    }

    // Asked for by name it is decided now; what MAXIMUM_ALLOWED brought along was decided by the label already.
    private NtStatus CheckDelete(NtHandle handle, in NtCreate create)
    {
        if (handle.IsRoot)
        {
            return handle.DeleteOnClose ? NtStatus.AccessDenied : NtStatus.Success;
        }

        if ((create.Access & NtAccess.Delete) == 0 && !handle.DeleteOnClose)
        {
            return NtStatus.Success;
        }

        return StatusMap.ToNt(drive.Engine.CheckRemoval(handle.Caller, handle.Parent, handle.Name, mustBeEmpty: false));
    }

    private NtStatus OpenFolder(NtHandle handle)
    {
        // Dokan's library asks a folder for this, and for nothing but listing besides, after an object in it refused DELETE, and
        // would then take the folder's handle for the object's. A label on the object is never overruled by its folder's.
        const NtAccess ofParent = NtAccess.DeleteChild | NtAccess.ReadData;
        if ((handle.Access & NtAccess.DeleteChild) != 0 && (handle.Access & ~ofParent) == NtAccess.None)
        {
            return NtStatus.AccessDenied;
        }

        if ((handle.Access & NtAccess.ReadData) == 0)
        {
            return NtStatus.Success;
        }

        VaultStatus status = drive.Engine.OpenDirectory(handle.Caller, handle.Node, out OpenFolder? directory);
        handle.Directory = directory;
        return StatusMap.ToNt(status);
    }

    // An overwritten file takes the attributes given with the Create besides its own.
    private NtStatus SetAttribute(NtHandle handle, in NtCreate create)
    {
        KeptFacts kept = KeptFacts.Of(drive.Engine, handle.Node, NodeKind.File);
        KeptFacts wanted = kept.With(kept.Attributes | create.Attributes | NtAttributes.Archive, folder: false);
        NtStatus status = wanted == kept ? NtStatus.Success : wanted.Keep(drive.Engine, handle);
        if (status == NtStatus.Success && (create.Attributes & NtAttributes.ReadOnly) != 0)
        {
            status = SetReadOnly(handle);
        }

        if (status != NtStatus.Success)
        {
            handle.File!.Release();
            handle.File = null;
        }

        return status;
    }

    private NtStatus SetReadOnly(NtHandle handle)
    {
        VaultStatus status = drive.Engine.GetAttributes(handle.Node, out NodeAttributes now);
        if (status == VaultStatus.Ok)
        {
            var change = new AttributeChange { Mode = FileFacts.WithReadOnly(now.Mode, true) };
            status = drive.Engine.SetAttributes(handle.Caller, handle.Node, handle.File, change, out _);
        }

        return StatusMap.ToNt(status);
    }
}
