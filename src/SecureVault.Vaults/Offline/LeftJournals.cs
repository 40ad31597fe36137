using System;
using System.Collections.Generic;
using SecureVault.Content;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Offline;

/// <summary>Applies the journals that crashed sessions left, by opening the files they are of, and removes them; one whose file is gone is removed as well.</summary>
/// <remarks>One thread, before a drive serves. Opens every file of the vault once, but only where journals are left. Where anything could not be looked at, a journal without a file stays.</remarks>
internal sealed class LeftJournals(Vault vault, VaultSession session, VaultTree tree)
{
    private readonly Dictionary<Id128, List<byte[]>> _left = [];
    private bool _complete = true;

    public void Run()
    {
        if (vault.Parts.OpenWorkFolder(VaultNames.Journal, out StoreHandle? journal) != VaultStatus.Ok)
        {
            return;
        }

        using (journal)
        {
            Gather(journal!);
            if (_left.Count == 0 || tree.OpenRoot(out TreeFolder? root) != VaultStatus.Ok)
            {
                return;
            }

            Visit(root!, journal!);
            foreach (Id128 id in _complete ? [.. _left.Keys] : Array.Empty<Id128>())
            {
                Remove(journal!, id);
            }
        }
    }

    private void Gather(StoreHandle journal)
    {
        var list = new EntryList();
        vault.Store.List(journal, 0, list);
        foreach (StoredEntry entry in list.Entries)
        {
            if (JournalFormat.TryParseFileName(entry.Name, out FileId id, out ulong of) && of != session.Number && session.Content.CrashedSessions.Contains(of))
            {
                if (!_left.TryGetValue(id.Value, out List<byte[]>? names))
                {
                    _left[id.Value] = names = [];
                }

                names.Add(entry.Name);
            }
        }
    }

    /// <summary>Takes the folder: it is disposed.</summary>
    private void Visit(TreeFolder folder, StoreHandle journal)
    {
        using (folder)
        {
            var entries = new List<TreeEntry>();
            var strays = new List<StrayEntry>();
            _complete &= tree.List(folder, entries, strays) == VaultStatus.Ok && !strays.Exists(s => s.Damage);
            foreach (TreeEntry entry in entries)
            {
                if (entry.Kind == NodeKind.File)
                {
                    Apply(folder.Handle, entry.Stored, journal);
                }
                else if (entry.Kind == NodeKind.Directory)
                {
                    if (tree.OpenFolder(folder, entry, out TreeFolder? below) == VaultStatus.Ok)
                    {
                        Visit(below!, journal);
                    }
                    else
                    {
                        _complete = false;
                    }
                }
            }
        }
    }

    private void Apply(StoreHandle folder, ReadOnlySpan<byte> stored, StoreHandle journal)
    {
        Span<byte> record = stackalloc byte[FileHeader.KeyRecordSize];
        if (vault.Store.OpenFile(folder, stored, StoreOpen.ReadWrite, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            _complete = false;
            return;
        }

        FileIdentity identity = default;
        bool read = vault.Store.ReadAt(file!, record, 0, out int length) == VaultStatus.Ok && length == record.Length
            && FileHeader.TryReadKeyId(record, vault.Keys.Header, out identity, out _) == FormatStatus.Ok;
        Id128 id = identity.Id.Value;
        if (!read || !_left.ContainsKey(id))
        {
            _complete &= read;
            file!.Dispose();
            return;
        }

        VaultStatus status = FileContent.Open(session.Content, file!, writable: true, out FileContent? content);
        bool applied = status == VaultStatus.Ok && !content!.NeedsCommit;
        if (content is null)
        {
            file!.Dispose();
        }

        content?.Dispose();
        if (applied)
        {
            Remove(journal, id);
        }

        _left.Remove(id); // what could not be applied may be needed yet
    }

    private void Remove(StoreHandle journal, Id128 id)
    {
        foreach (byte[] name in _left[id])
        {
            vault.Store.Unlink(journal, name);
        }
    }
}
