using System;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Trail;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.FileSystem.Stored;

/// <summary>Reads, checks, remembers and writes the records of folders ("securevault.dir").</summary>
/// <remarks>Any thread; writes happen under the tree lock or the parent's Changes.</remarks>
internal sealed class FolderRecords
{
    private const uint RecordMode = 0x180; // 0600

    private readonly IBackingStore _store;
    private readonly VaultKeys _keys;
    private readonly ILabelKeys _labels;
    private readonly FolderHandles _handles;
    private readonly AuditTrail _trail;

    public FolderRecords(IBackingStore store, VaultKeys keys, ILabelKeys labels, FolderHandles handles, AuditTrail trail)
    {
        _store = store;
        _keys = keys;
        _labels = labels;
        _handles = handles;
        _trail = trail;
    }

    /// <summary>Takes a folder with its record, whatever its age: identity and names do not change with labels.</summary>
    public VaultStatus Enter(Node node, out FolderLease lease)
    {
        VaultStatus status = _handles.Acquire(node, out StoreHandle? handle);
        if (status != VaultStatus.Ok)
        {
            lease = default;
            return status;
        }

        FolderRecord? record = node.Folder!.Record;
        if (record is null)
        {
            status = Load(node, handle!, 0, out record);
        }

        return Give(status, node, handle!, record, out lease);
    }

    /// <summary>Takes a folder with a record no older than the labels of the policy in force.</summary>
    public VaultStatus Enter(Node node, ulong labelEpoch, out FolderLease lease)
    {
        VaultStatus status = _handles.Acquire(node, out StoreHandle? handle);
        if (status != VaultStatus.Ok)
        {
            lease = default;
            return status;
        }

        FolderRecord? record = node.Folder!.Record;
        if (record is null || record.Epoch != labelEpoch)
        {
            status = Load(node, handle!, labelEpoch, out record);
        }

        return Give(status, node, handle!, record, out lease);
    }

    /// <summary>Writes the record of a folder that is being made. The handle is the new folder's.</summary>
    public VaultStatus Create(StoreHandle folder, in DirectoryRecord record)
    {
        VaultStatus status = _store.OpenFile(folder, NameCodec.DirectoryRecordName, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, RecordMode, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            return Write(file!, record);
        }
    }

    /// <summary>Records a folder's coming name beside the present one, so that a rename may stop at any point, and closes what would be in its way.</summary>
    /// <remarks>Under the record's lock and from what it says now: a label that another process sets meanwhile must not be undone.</remarks>
    public VaultStatus Rename(Node node, NameTag name, NameTag previous)
    {
        VaultStatus status = Enter(node, out FolderLease lease);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _store.OpenFile(lease.Handle, NameCodec.DirectoryRecordName, StoreOpen.ReadWrite, 0, out StoreHandle? file);
        if (status == VaultStatus.Ok)
        {
            using (file)
            {
                status = _store.Lock(file!, wait: true);
                status = status == VaultStatus.Ok ? Rename(node, lease, file!, name, previous) : status;
            }
        }

        lease.Dispose();
        _handles.CloseBelow(node);
        return status;
    }

    /// <summary>Makes the records on the way down to a node durable: what a sync promises must be reachable.</summary>
    public VaultStatus MakeDurable(Node node)
    {
        for (Node? next = node; next is not null; next = next.Place?.Parent)
        {
            if (next.Folder is { Durable: false })
            {
                VaultStatus status = SyncRecord(next);
                if (status != VaultStatus.Ok)
                {
                    return status;
                }

                next.Folder.Durable = true;
            }
        }

        return VaultStatus.Ok;
    }

    private VaultStatus SyncRecord(Node node)
    {
        VaultStatus status = _handles.Acquire(node, out StoreHandle? handle);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        try
        {
            status = _store.OpenFile(handle!, NameCodec.DirectoryRecordName, StoreOpen.Read, 0, out StoreHandle? file);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            using (file)
            {
                status = _store.Sync(file!, false);
                return status == VaultStatus.Ok ? _store.Sync(handle!, false) : status;
            }
        }
        finally
        {
            node.Folder!.Release();
        }
    }

    private static VaultStatus Give(VaultStatus status, Node node, StoreHandle handle, FolderRecord? record, out FolderLease lease)
    {
        lease = status == VaultStatus.Ok ? new FolderLease(node, handle, record!) : default;
        if (status != VaultStatus.Ok)
        {
            node.Folder!.Release();
        }

        return status;
    }

    private VaultStatus Rename(Node node, in FolderLease lease, StoreHandle file, NameTag name, NameTag previous)
    {
        VaultStatus status = ReadFrom(file, out DirectoryRecord record);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        record.Name = name;
        record.PreviousName = previous;
        status = Write(file, record);
        if (status == VaultStatus.Ok)
        {
            node.Folder!.Record = lease.Record with { Name = name, PreviousName = previous };
        }

        return status;
    }

    private VaultStatus Write(StoreHandle file, in DirectoryRecord record)
    {
        Span<byte> stored = stackalloc byte[DirectoryRecord.StoredSize];
        record.Write(stored, _keys.Directory, _keys.Suite);
        return _store.WriteAt(file, stored, 0, out _);
    }

    private VaultStatus Load(Node node, StoreHandle handle, ulong epoch, out FolderRecord? record)
    {
        VaultStatus status = Read(handle, out DirectoryRecord stored);
        record = null;
        if (status == VaultStatus.Corrupt || (status == VaultStatus.Ok && !IsNamed(node, stored)))
        {
            _trail.Damaged(node, status == VaultStatus.Ok ? "the folder is not where it was put: its name does not match its record" : "the folder's record is missing or not authentic");
            return VaultStatus.Corrupt;
        }

        if (status == VaultStatus.Ok && _labels.IsOld(stored.Id.Value, stored.LabelKey))
        {
            _trail.Damaged(node, "an old record of the folder was put back: it carries another label than the folder was given");
            return VaultStatus.Corrupt;
        }

        if (status == VaultStatus.Ok)
        {
            record = new FolderRecord(stored.Id, stored.Name, stored.PreviousName, stored.LabelKey, stored.NewFiles, epoch);
            node.Folder!.Record = record;
        }

        return status;
    }

    private VaultStatus Read(StoreHandle folder, out DirectoryRecord record)
    {
        record = default;
        VaultStatus status = _store.OpenFile(folder, NameCodec.DirectoryRecordName, StoreOpen.Read, 0, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.NotFound ? VaultStatus.Corrupt : status;
        }

        using (file)
        {
            return ReadFrom(file!, out record);
        }
    }

    private VaultStatus ReadFrom(StoreHandle file, out DirectoryRecord record)
    {
        record = default;
        Span<byte> stored = stackalloc byte[DirectoryRecord.StoredSize + 1];
        VaultStatus status = _store.ReadAt(file, stored, 0, out int read);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        return read == DirectoryRecord.StoredSize && DirectoryRecord.TryOpen(stored[..read], _keys.Directory, _keys.Suite, out record) == FormatStatus.Ok
            ? VaultStatus.Ok
            : VaultStatus.Corrupt;
    }

    private static bool IsNamed(Node node, in DirectoryRecord record)
    {
        if (node.IsRoot)
        {
            return record.Name == default;
        }

        return node.Place is { } place && (place.Tag == record.Name || place.Tag == record.PreviousName);
    }
}
