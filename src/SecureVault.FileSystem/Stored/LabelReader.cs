using System;
using SecureVault.Content;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Trail;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.FileSystem.Stored;

/// <summary>Learns an object's label key: a folder's from its record, a file's from its header, others' from their folder.</summary>
/// <remarks>Any thread. Remembered until the policy says that labels changed.</remarks>
internal sealed class LabelReader
{
    private readonly IBackingStore _store;
    private readonly VaultKeys _keys;
    private readonly ILabelKeys _labels;
    private readonly FolderRecords _records;
    private readonly Contents _contents;
    private readonly AuditTrail _trail;

    public LabelReader(IBackingStore store, VaultKeys keys, ILabelKeys labels, FolderRecords records, Contents contents, AuditTrail trail)
    {
        _labels = labels;
        _trail = trail;
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
        var opened = new OpenedFile(stackalloc byte[FileLayout.HeaderSize]);
        VaultStatus status = ReadAgain(node, StoreOpen.Read, labelEpoch, ref opened, out label);
        opened.Dispose();
        return status;
    }

    /// <summary>The label of a file about to be opened. What was read of a closed one to learn it stays in opened, to open it from.</summary>
    public VaultStatus Read(Node node, ulong labelEpoch, ref OpenedFile opened, out KeyId label) =>
        node.TryGetLabel(labelEpoch, out label) ? VaultStatus.Ok : ReadAgain(node, StoreOpen.ReadWrite | StoreOpen.AsItIs, labelEpoch, ref opened, out label);

    // Read and remembered under the monitor: a label that this drive sets comes before both or after.
    private VaultStatus ReadAgain(Node node, StoreOpen how, ulong labelEpoch, ref OpenedFile opened, out KeyId label)
    {
        label = default;
        Span<byte> record = stackalloc byte[FileHeader.KeyRecordSize];
        lock (node.File!)
        {
            int read = 0;
            VaultStatus status = node.File!.Content is { } content
                ? _store.ReadAt(content.Handle, record, 0, out read)
                : ReadClosed(node, how, record, ref opened, out read);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            if (read < record.Length || FileHeader.TryReadKeyId(record, _keys.Header, out FileIdentity identity, out label) != FormatStatus.Ok)
            {
                return VaultStatus.Corrupt;
            }

            if (_labels.IsOld(identity.Id.Value, label))
            {
                _trail.Damaged(node, "an old header was put back: it carries another label than the file was given");
                label = default;
                return VaultStatus.Corrupt;
            }

            node.SetLabel(label, labelEpoch);
            return VaultStatus.Ok;
        }
    }

    private VaultStatus ReadClosed(Node node, StoreOpen how, scoped Span<byte> record, ref OpenedFile opened, out int read)
    {
        VaultStatus status = _contents.ReadHeader(node, how, ref opened);
        read = Math.Min(opened.Header.Length, record.Length);
        opened.Header[..read].CopyTo(record);
        return status;
    }

    private VaultStatus OfFolder(Node node, ulong labelEpoch, out KeyId label)
    {
        VaultStatus status = _records.Enter(node, labelEpoch, out FolderLease lease);
        label = status == VaultStatus.Ok ? lease.Record.LabelKey : default;
        lease.Dispose();
        return status;
    }
}
