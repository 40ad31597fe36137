using System;
using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Delete in its two steps, Cleanup and Close.</summary>
internal sealed class Ending(DriveContext drive)
{
    /// <summary>The first step: decides and removes nothing. delete false takes it back.</summary>
    public NtStatus CheckDelete(NtHandle handle, bool delete)
    {
        if (!delete)
        {
            drive.Nodes.SetDeletePending(handle, false);
            return NtStatus.Success;
        }

        if (handle.IsRoot)
        {
            return NtStatus.AccessDenied;
        }

        VaultStatus asked = drive.Engine.GetAttributes(handle.Node, out NodeAttributes attributes);
        if (asked == VaultStatus.Ok && FileFacts.IsReadOnly(attributes))
        {
            return NtStatus.CannotDelete;
        }

        (NodeId parent, byte[] name) = drive.Nodes.NameOf(handle);
        asked = asked == VaultStatus.Ok ? drive.Engine.CheckRemoval(handle.Caller, parent, name, mustBeEmpty: true) : asked;
        if (asked == VaultStatus.Ok)
        {
            drive.Nodes.SetDeletePending(handle, true);
        }

        return StatusMap.ToNt(asked);
    }

    /// <summary>The caller closed its last reference: sharing ends, and a pending delete happens with the last one. Cannot fail: what could not be removed stays and is logged.</summary>
    public void CleanUp(NtHandle handle, bool delete)
    {
        if (!drive.Nodes.CleanUp(handle, delete, out NodeId parent, out byte[] name) || handle.IsRoot)
        {
            return;
        }

        VaultStatus status = Remove(handle, parent, name);
        if (status is not (VaultStatus.Ok or VaultStatus.NotFound or VaultStatus.Stale))
        {
            drive.Nodes.SetDeletePending(handle, false);
            drive.Log.Trouble($"A {(handle.IsDirectory ? "folder" : "file")} that was to be deleted stays: {status}.");
        }
    }

    /// <summary>The end of a handle; nothing comes after it.</summary>
    public void Close(NtHandle handle)
    {
        if (drive.Nodes.Close(handle))
        {
            handle.File?.Release();
            handle.Directory?.Release();
            if (!handle.IsRoot)
            {
                drive.Engine.Forget(handle.Node, 1);
            }
        }
    }

    // The name may lead to another object by now only when somebody else than this drive changed it.
    private VaultStatus Remove(NtHandle handle, NodeId parent, ReadOnlySpan<byte> name)
    {
        VaultStatus status = drive.Engine.Lookup(parent, name, out NodeEntry entry);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        drive.Engine.Forget(entry.Node, 1);
        if (entry.Node != handle.Node)
        {
            return VaultStatus.Ok;
        }

        return handle.IsDirectory ? drive.Engine.RemoveDirectory(handle.Caller, parent, name) : drive.Engine.Unlink(handle.Caller, parent, name);
    }
}
