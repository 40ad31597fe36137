using System;
using System.Threading;
using SecureVault.Dokan.Names;
using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Create: what the name leads to, or a new object.</summary>
internal sealed class Opening(DriveContext drive)
{
    private const int MostTries = 8;

    private readonly ExistingObject _existing = new(drive);
    private readonly NewObject _new = new(drive);

    /// <returns>Success, or ObjectNameCollision with a handle when an OpenIf, OverwriteIf or Supersede found the name; then and only then.</returns>
    public NtStatus Create(string path, in NtCreate create, Requestor requestor, out NtHandle? handle)
    {
        handle = null;
        NtStatus status = Check(create);
        if (status != NtStatus.Success)
        {
            return status;
        }

        status = PathWalk.To(drive.Engine, path, out PathWalk walk);
        if (status != NtStatus.Success)
        {
            return status;
        }

        using (walk)
        {
            var mapped = create with { Access = AccessMask.Map(create.Access) };
            return walk.IsRoot ? OpenRoot(mapped, requestor, out handle) : Try(walk, mapped, requestor, out handle);
        }
    }

    private static NtStatus Check(in NtCreate create)
    {
        const NtOptions both = NtOptions.DirectoryFile | NtOptions.NonDirectoryFile;
        if ((create.Options & NtOptions.OpenByFileId) != 0)
        {
            return NtStatus.NotSupported;
        }

        bool folder = (create.Options & NtOptions.DirectoryFile) != 0;
        bool fits = create.Disposition is NtDisposition.Open or NtDisposition.Create or NtDisposition.OpenIf;
        return create.Disposition > NtDisposition.OverwriteIf || (create.Options & both) == both || (folder && !fits) ? NtStatus.InvalidParameter : NtStatus.Success;
    }

    private NtStatus OpenRoot(in NtCreate create, Requestor requestor, out NtHandle? handle)
    {
        handle = null;
        if (create.Disposition == NtDisposition.Create)
        {
            return NtStatus.ObjectNameCollision;
        }

        VaultStatus status = drive.Engine.GetAttributes(NodeId.Root, out NodeAttributes attributes);
        return status == VaultStatus.Ok
            ? _existing.Open(new NodeEntry { Node = NodeId.Root, Attributes = attributes }, [], [], create, requestor, out handle)
            : StatusMap.ToNt(status);
    }

    // What was found may be gone, and what was missing may be there, by the time it is opened or made: then all is asked again.
    private NtStatus Try(in PathWalk walk, in NtCreate create, Requestor requestor, out NtHandle? handle)
    {
        handle = null;
        bool makes = create.Disposition is not (NtDisposition.Open or NtDisposition.Overwrite);
        NtStatus status = NtStatus.ObjectNameNotFound;
        for (int i = 0; i < MostTries; i++)
        {
            Lock? names = makes ? drive.NamesOf(walk.Parent) : null;
            names?.Enter();
            try
            {
                status = Once(walk, create, makes, requestor, out handle, out bool again);
                if (!again)
                {
                    return status;
                }
            }
            finally
            {
                names?.Exit();
            }
        }

        return status;
    }

    private NtStatus Once(in PathWalk walk, in NtCreate create, bool makes, Requestor requestor, out NtHandle? handle, out bool again)
    {
        handle = null;
        again = false;
        Span<byte> spelled = stackalloc byte[NtName.MaxBytes];
        VaultStatus found = drive.Engine.LookupAnyCase(walk.Parent, walk.Name, spelled, out int length, out NodeEntry entry);
        if (found == VaultStatus.Ok)
        {
            NtStatus status = _existing.Open(entry, walk.Above, spelled[..length].ToArray(), create, requestor, out handle);
            if (handle is null)
            {
                drive.Engine.Forget(entry.Node, 1);
            }

            again = status == NtStatus.ObjectNameNotFound;
            return status;
        }

        if (found is not (VaultStatus.NotFound or VaultStatus.Stale) || !makes)
        {
            return found is VaultStatus.NotFound or VaultStatus.Stale ? NtStatus.ObjectNameNotFound : StatusMap.ToNt(found);
        }

        NtStatus made = _new.Make(walk, create, requestor, out handle);
        again = made == NtStatus.ObjectNameCollision;
        return made;
    }
}
