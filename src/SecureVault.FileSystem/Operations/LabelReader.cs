using System;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Storage;
using SecureVault.Format;
using SecureVault.Format.V1;

namespace SecureVault.FileSystem.Operations;

/// <summary>Learns an object's label key: a folder's from its record, a file's from its header, others' from their folder.</summary>
/// <remarks>Any thread. Remembered until the policy says that labels changed.</remarks>
internal sealed class LabelReader
{
    private readonly IBackingStore _store;
    private readonly VaultKeys _keys;
    private readonly FolderRecords _records;
    private readonly Contents _contents;

    public LabelReader(IBackingStore store, VaultKeys keys, FolderRecords records, Contents contents)
    {
        _store = store;
        _keys = keys;
        _records = records;
        _contents = contents;
    }

    /// <summary>Corrupt when what carries the label is not authentic.</summary>
    public VaultStatus Read(Node node, ulong labelEpoch, out KeyId label)
    {
        switch (node.Kind)
        {
            case NodeKind.Directory:
                return OfFolder(node, labelEpoch, out label);
            case NodeKind.File:
                return node.TryGetLabel(labelEpoch, out label) ? VaultStatus.Ok : ReadAgain(node, labelEpoch, out label);
            default:
                label = default;
                return node.Place is { } place ? OfFolder(place.Parent, labelEpoch, out label) : VaultStatus.Stale;
        }
    }

    /// <summary>The label of a file from its header, whatever is remembered.</summary>
    public VaultStatus ReadAgain(Node node, ulong labelEpoch, out KeyId label)
    {
        Span<byte> record = stackalloc byte[FileHeader.KeyRecordSize];
        VaultStatus status = ReadRecord(node, record, out int read);
        label = default;
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (read < record.Length || FileHeader.TryReadKeyId(record, _keys.Header, out _, out label) != FormatStatus.Ok)
        {
            return VaultStatus.Corrupt;
        }

        node.SetLabel(label, labelEpoch);
        return VaultStatus.Ok;
    }

    private VaultStatus OfFolder(Node node, ulong labelEpoch, out KeyId label)
    {
        VaultStatus status = _records.Enter(node, labelEpoch, out FolderLease lease);
        label = status == VaultStatus.Ok ? lease.Record.LabelKey : default;
        lease.Dispose();
        return status;
    }

    private VaultStatus ReadRecord(Node node, Span<byte> record, out int read)
    {
        SharedContent shared = node.File!;
        lock (shared)
        {
            if (shared.Content is not null)
            {
                return _store.ReadAt(shared.Content.Handle, record, 0, out read);
            }
        }

        read = 0;
        VaultStatus status = _contents.OpenStored(node, StoreOpen.Read, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            return _store.ReadAt(file!, record, 0, out read);
        }
    }
}
