using System;
using SecureVault.Content;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>
/// Gives objects the names they have, after a session that did not end: a file system may keep a rename or a link and lose what was written into the header or
/// record just before. Both are written without a sync, as a rename is on any disk.
/// </summary>
/// <remarks>Under the same condition as CrashRecovery. Label and content stay as the header has them.</remarks>
/// <param name="tell">Records: path, label key, what was done.</param>
internal sealed class NameRecovery(Vault vault, VaultSession session, Action<string, KeyId, string> tell)
{
    public static bool IsNamed(in DirectoryRecord record, NameTag tag) => record.Name == tag || record.PreviousName == tag;

    /// <summary>Takes the file.</summary>
    public void File(TreeFolder folder, TreeEntry entry, StoreHandle file, in StoreStat stat)
    {
        if (!TryReadState(file, out FileState state, out KeyId key) || FileNames.Has(state, entry.Tag)
            || FileContent.Open(session.Content, file, writable: true, out FileContent? content) != VaultStatus.Ok)
        {
            file.Dispose();
            return;
        }

        using (content)
        {
            VaultStatus status = content!.SetName(entry.Tag, entry.Tag, stat.Links > 1, []);
            status = status == VaultStatus.Ok ? content.Commit(durable: false) : status;
            status = status == VaultStatus.Ok ? vault.Store.SetTimes(content.Handle, null, false, stat.Modified, false) : status;
            if (status == VaultStatus.Ok)
            {
                tell(folder.PathOf(entry.Name), key, "the stop kept a new name of this file and lost the header that tells it: it was told anew");
            }
        }
    }

    public void Folder(TreeFolder below, TreeEntry entry)
    {
        if (IsNamed(below.Record, entry.Tag) || vault.Store.OpenFile(below.Handle, NameCodec.DirectoryRecordName, StoreOpen.ReadWrite, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return;
        }

        using (file)
        {
            DirectoryRecord record = below.Record;
            (record.Name, record.PreviousName) = (entry.Tag, entry.Tag);
            Span<byte> stored = stackalloc byte[DirectoryRecord.StoredSize];
            record.Write(stored, vault.Keys.Directory, vault.Config.Suite);
            VaultStatus status = vault.Store.Lock(file!, wait: true);
            status = status == VaultStatus.Ok ? vault.Store.WriteAt(file!, stored, 0, out _) : status;
            if (status == VaultStatus.Ok && vault.Store.Sync(file!, false) == VaultStatus.Ok)
            {
                tell(below.Path, record.LabelKey, "the stop kept a new name of this folder and lost the record that tells it: it was told anew");
            }
        }
    }

    private bool TryReadState(StoreHandle file, out FileState state, out KeyId key)
    {
        state = default;
        key = default;
        Span<byte> header = stackalloc byte[FileLayout.HeaderSize];
        if (vault.Store.ReadAt(file, header, 0, out int read) != VaultStatus.Ok || read < header.Length)
        {
            return false;
        }

        FormatStatus opened = FileHeader.TryOpenKeyRecord(header[..FileHeader.KeyRecordSize], vault.Keys.Header, vault.Keyring, out FileIdentity identity, out key, out var secret);
        using (secret)
        {
            if (opened != FormatStatus.Ok)
            {
                return false;
            }

            using var codec = new BlockCodec(identity, secret!);
            return FileHeader.TryOpenState(header[FileHeader.StateRecordOffset..], codec.FileKey, identity.Id, identity.BlockShift, out state) == FormatStatus.Ok;
        }
    }
}
