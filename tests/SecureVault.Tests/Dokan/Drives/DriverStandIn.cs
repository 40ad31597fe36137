using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Dokan.Drives;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;

namespace SecureVault.Tests.Dokan.Drives;

/// <summary>What Dokan's driver, its library and DokanNet do around an NtDrive, and no more: what they do not check is not checked here.</summary>
/// <remarks>
/// The driver knows objects by the names of open files (its FCBs), in any case of letters, not by what a name leads to. Share modes are not counted:
/// the drive counts them too, by object.
/// </remarks>
internal sealed class DriverStandIn(NtDrive drive)
{
    private readonly List<Fcb> _fcbs = [];
    private readonly Dictionary<NtHandle, Fcb> _open = [];
    private readonly HashSet<NtHandle> _deleteOnClose = [];

    /// <summary>IRP_MJ_CREATE. The name that the drive is told is the one under which the object was opened first.</summary>
    public NtStatus Create(string path, in NtCreate create, Requestor requestor, out NtHandle? handle)
    {
        handle = null;
        Fcb? known = _fcbs.Find(f => f.Path.Equals(path, StringComparison.OrdinalIgnoreCase));
        if (known is { Unclean: > 0 } && create.Disposition == NtDisposition.Create)
        {
            return NtStatus.ObjectNameCollision;
        }

        if (known is { Pending: true })
        {
            return NtStatus.DeletePending;
        }

        string name = known?.Path ?? path;
        const NtOptions handedOver = NtOptions.DirectoryFile | NtOptions.DeleteOnClose; // DokanNet leaves NON_DIRECTORY_FILE out
        NtCreate told = create with { Options = create.Options & handedOver };
        NtStatus status = drive.Create(name, told, requestor, out handle);
        if (status == NtStatus.AccessDenied && (create.Access & NtAccess.Delete) != 0)
        {
            NtStatus second = AskParent(name, told, requestor, out handle);
            status = second == NtStatus.Success ? second : status;
        }

        if (handle is not null)
        {
            Opened(handle, known ?? Add(path), (create.Options & NtOptions.DeleteOnClose) != 0);
        }

        return status;
    }

    /// <summary>FileDispositionInformation.</summary>
    /// <param name="mapped">The file is the image of a running program: the driver refuses, after the drive agreed, and remembers nothing.</param>
    public NtStatus Delete(NtHandle handle, bool delete, bool mapped)
    {
        Fcb fcb = _open[handle];
        if (fcb.Pending == delete)
        {
            return NtStatus.Success;
        }

        if (delete && drive.GetInformation(handle, out NtFileInformation told) == NtStatus.Success && (told.Attributes & NtAttributes.ReadOnly) != 0)
        {
            return NtStatus.CannotDelete;
        }

        NtStatus status = drive.CheckDelete(handle, delete);
        if (status == NtStatus.Success && delete && mapped)
        {
            return NtStatus.CannotDelete;
        }

        fcb.Pending = status == NtStatus.Success ? delete : fcb.Pending;
        return status;
    }

    /// <summary>FileRenameInformation: the name that was opened first is now this one.</summary>
    public NtStatus Move(NtHandle handle, string newPath, bool replace)
    {
        NtStatus status = drive.Move(handle, newPath, replace);
        if (status == NtStatus.Success)
        {
            Fcb fcb = _open[handle];
            _ = _fcbs.RemoveAll(f => f != fcb && f.Path.Equals(newPath, StringComparison.OrdinalIgnoreCase));
            fcb.Path = newPath;
        }

        return status;
    }

    /// <summary>IRP_MJ_CLEANUP: the last one of a name whose deletion is pending says so, and no other.</summary>
    public NtStatus CleanUp(NtHandle handle) => CleanUp([handle]);

    /// <summary>Several at one moment: each is asked for before any of them is counted as done, as the driver has it.</summary>
    public NtStatus CleanUp(IReadOnlyList<NtHandle> handles)
    {
        bool[] goes = [.. handles.Select(Goes)];
        NtStatus worst = NtStatus.Success;
        for (int i = 0; i < goes.Length; i++)
        {
            NtStatus status = drive.Cleanup(handles[i], goes[i]);
            worst = status == NtStatus.Success ? worst : status;
            _open[handles[i]].Unclean--;
        }

        return worst;
    }

    /// <summary>IRP_MJ_CLOSE: with its last open file the driver forgets a name.</summary>
    public NtStatus Close(NtHandle handle)
    {
        _ = _open.Remove(handle, out Fcb? fcb);
        fcb!.Opens--;
        _ = fcb.Opens == 0 && _fcbs.Remove(fcb);
        return drive.Close(handle);
    }

    // The library's second question: may the folder's right to delete children stand in for the object's own?
    private NtStatus AskParent(string path, in NtCreate create, Requestor requestor, out NtHandle? handle)
    {
        string parent = path[..Math.Max(1, path.LastIndexOf('\\'))];
        NtAccess access = NtAccess.DeleteChild | ((create.Access & (NtAccess.ReadAttributes | NtAccess.MaximumAllowed)) != 0 ? NtAccess.ReadData : NtAccess.None);
        return drive.Create(parent, create with { Access = access }, requestor, out handle);
    }

    private bool Goes(NtHandle handle)
    {
        Fcb fcb = _open[handle];
        fcb.Pending |= _deleteOnClose.Remove(handle);
        return fcb.Pending && fcb.Unclean == 1;
    }

    private void Opened(NtHandle handle, Fcb fcb, bool deleteOnClose)
    {
        _open.Add(handle, fcb);
        fcb.Opens++;
        fcb.Unclean++;
        _ = deleteOnClose && _deleteOnClose.Add(handle);
    }

    private Fcb Add(string path)
    {
        var fcb = new Fcb(path);
        _fcbs.Add(fcb);
        return fcb;
    }

    /// <summary>A name by which something is open.</summary>
    private sealed class Fcb(string path)
    {
        public string Path { get; set; } = path;

        public int Opens { get; set; }

        public int Unclean { get; set; }

        public bool Pending { get; set; }
    }
}
