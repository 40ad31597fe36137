using System;
using System.Collections.Generic;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Folders that hold no more than leftovers, and how the store is rid of them.</summary>
internal sealed class EmptyFolders
{
    private readonly Drive _drive;

    public EmptyFolders(Drive drive) => _drive = drive;

    /// <summary>Ok when nothing but the engine's own leftovers is in the folder; those are collected.</summary>
    public VaultStatus CheckEmpty(Node node, List<byte[]> leftovers)
    {
        VaultStatus status = _drive.Handles.Acquire(node, out StoreHandle? handle);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        var check = new EmptyCheck(leftovers);
        status = _drive.Store.List(handle!, 0, check);
        node.Folder!.Release();
        if (check.InTheWay.Length > 0)
        {
            _drive.Trail.Damaged(node, $"a stored name that is no vault's stands in the way of its removal: {check.InTheWay}");
        }

        return status == VaultStatus.Ok && !check.IsEmpty ? VaultStatus.NotEmpty : status;
    }

    /// <summary>Moves an empty folder out of its name; the first half of its removal. Under both folders' Changes.</summary>
    public VaultStatus MoveAside(in FolderLease parent, ReadOnlySpan<byte> stored, out byte[] aside)
    {
        aside = Creation.TemporaryName();
        return _drive.Store.Rename(parent.Handle, stored, parent.Handle, aside, RenameKind.NoReplace);
    }

    /// <summary>Removes a folder that was moved aside. When the store does not let it go, it is whole again but still aside.</summary>
    public VaultStatus RemoveAside(in FolderLease parent, Node node, ReadOnlySpan<byte> aside, List<byte[]> leftovers)
    {
        VaultStatus status = _drive.Records.Enter(node, out FolderLease lease);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        // The handle was opened under the folder's name; a store may not find its entries by it any more.
        status = _drive.Store.OpenDirectory(parent.Handle, aside, out StoreHandle? folder);
        if (status == VaultStatus.Ok)
        {
            status = Empty(folder!, leftovers);
            folder!.Dispose();
        }

        status = status == VaultStatus.Ok ? _drive.Store.RemoveDirectory(parent.Handle, aside) : status;
        if (status != VaultStatus.Ok)
        {
            Restore(parent, lease.Record, aside);
        }

        lease.Dispose();
        return status;
    }

    private VaultStatus Empty(StoreHandle folder, List<byte[]> leftovers)
    {
        foreach (byte[] leftover in leftovers)
        {
            Sweep(folder, leftover);
        }

        return _drive.Store.Unlink(folder, NameCodec.DirectoryRecordName);
    }

    private void Restore(in FolderLease parent, FolderRecord record, ReadOnlySpan<byte> aside)
    {
        if (_drive.Store.OpenDirectory(parent.Handle, aside, out StoreHandle? folder) == VaultStatus.Ok)
        {
            using (folder)
            {
                _ = _drive.Records.Create(folder!, new DirectoryRecord { Id = record.Id, Name = record.Name, PreviousName = record.PreviousName, LabelKey = record.LabelKey, NewFiles = record.NewFiles });
            }
        }
    }

    // A leftover is a companion without its name, something half made or half removed, or what another program left: a file, or a folder that goes with all in it.
    private void Sweep(StoreHandle folder, byte[] leftover)
    {
        if (_drive.Store.Unlink(folder, leftover) == VaultStatus.Ok || _drive.Store.OpenDirectory(folder, leftover, out StoreHandle? inner) != VaultStatus.Ok)
        {
            return;
        }

        using (inner)
        {
            var list = new EntryList();
            _ = _drive.Store.List(inner!, 0, list);
            foreach (StoredEntry entry in list.Entries)
            {
                Sweep(inner!, entry.Name);
            }
        }

        _ = _drive.Store.RemoveDirectory(folder, leftover);
    }
}
