using System.Collections.Generic;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>Delete in its two steps, Cleanup and Close.</summary>
internal sealed class Ending(DriveContext drive)
{
    /// <summary>The first step: decides, keeps who asked and removes nothing. delete false takes it back.</summary>
    public NtStatus CheckDelete(NtHandle handle, bool delete)
    {
        if (!delete)
        {
            drive.Nodes.TakeDeletionBack(handle);
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
            drive.Nodes.AskDeletion(handle);
        }

        return StatusMap.ToNt(asked);
    }

    /// <summary>
    /// The caller closed its last reference: sharing ends, and the name goes if and only if the driver says so, as who asked for it.
    /// Cannot fail: what could not be removed stays and is logged.
    /// </summary>
    public void CleanUp(NtHandle handle, bool delete)
    {
        if (drive.Nodes.CleanUp(handle, delete) is not { } asked || handle.IsRoot)
        {
            return;
        }

        VaultStatus status = Remove(handle, asked);
        if (status is not (VaultStatus.Ok or VaultStatus.NotFound or VaultStatus.Stale))
        {
            drive.Log.Trouble($"A {(handle.IsDirectory ? "folder" : "file")} that was to be deleted stays: {status}.");
        }
    }

    /// <summary>The end of a handle; nothing comes after it.</summary>
    public void Close(NtHandle handle)
    {
        var ended = new List<OpenFile>(2);
        if (drive.Nodes.Close(handle, ended))
        {
            ended.ForEach(file => file.Release());
            handle.Directory?.Release();
            if (!handle.IsRoot)
            {
                drive.Engine.Forget(handle.Node, 1);
            }
        }
    }

    // The name may lead to another object by now only when somebody else than this drive changed it.
    private VaultStatus Remove(NtHandle handle, AskedDeletion asked)
    {
        VaultStatus status = drive.Engine.Lookup(asked.Parent, asked.Name, out NodeEntry entry);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        drive.Engine.Forget(entry.Node, 1);
        if (entry.Node != handle.Node)
        {
            return VaultStatus.Ok;
        }

        return handle.IsDirectory
            ? drive.Engine.RemoveDirectory(asked.Caller, asked.Parent, asked.Name)
            : drive.Engine.Unlink(asked.Caller, asked.Parent, asked.Name);
    }
}
