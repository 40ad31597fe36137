using System;
using System.Collections.Generic;
using SecureVault.Content;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>Gives a folder tree one label: folders first, so that new files take it, then the key record of every file.</summary>
/// <remarks>One thread; under the relabel lock. Doing it twice changes nothing; data blocks are never touched.</remarks>
internal sealed class Relabelling(Vault vault, VaultTree tree, KeyId key, Protection? newFiles, Action<VaultProgress>? progress)
{
    private readonly List<string> _damaged = [];
    private readonly Dictionary<Id128, KeyId> _given = [];
    private long _done;
    private long _total;

    public long FilesChanged { get; private set; }
    public long FoldersChanged { get; private set; }

    /// <summary>Objects that could not be relabelled because they are damaged.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>What each object was given, by its id. After an interruption that of all of them, for nobody knows which were changed before.</summary>
    public IReadOnlyDictionary<Id128, KeyId> Given => _given;

    /// <summary>Set when a job goes on that was interrupted.</summary>
    public bool NotesAll { get; init; }

    private KeyId FileKey => key.Value.IsZero ? vault.Keyring.Unlabelled : key;

    /// <summary>One pass over the folders, counting the files.</summary>
    public VaultStatus Folders(TreeFolder top)
    {
        _total = 0;
        _done = 0;
        return FoldersBelow(top);
    }

    /// <summary>One pass over the files.</summary>
    public VaultStatus Files(TreeFolder folder)
    {
        var entries = new List<TreeEntry>();
        VaultStatus status = tree.List(folder, entries, null);
        foreach (TreeEntry entry in entries)
        {
            if (status != VaultStatus.Ok)
            {
                break;
            }

            if (entry.Kind == NodeKind.File)
            {
                status = Judge(File(folder.Handle, entry.Stored), folder.PathOf(entry.Name));
                _done++;
                progress?.Invoke(new VaultProgress(_done, Math.Max(_total, _done), folder.PathOf(entry.Name)));
            }
            else if (entry.Kind == NodeKind.Directory)
            {
                status = Below(folder, entry, Files);
            }
        }

        return status;
    }

    /// <summary>Rewraps one file's secret: 128 bytes, under the file's lock.</summary>
    public VaultStatus File(StoreHandle folder, ReadOnlySpan<byte> stored)
    {
        VaultStatus status = vault.Store.OpenFile(folder, stored, StoreOpen.ReadWrite, 0, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = Rewrapping.Run(vault.Store, file!, vault.Keys.Header, vault.Keyring, FileKey, out bool changed);
            FilesChanged += changed ? 1 : 0;
            if (status == VaultStatus.Ok && (changed || NotesAll) && TryIdentify(file!, out Id128 id))
            {
                _given[id] = FileKey;
            }

            return status;
        }
    }

    /// <summary>The objects of a tree that the list of given labels says to have another label than they will be given.</summary>
    public VaultStatus Others(TreeFolder folder, List<Id128> others)
    {
        Note(folder.Record.Id.Value, key, others);
        var entries = new List<TreeEntry>();
        VaultStatus status = tree.List(folder, entries, null);
        foreach (TreeEntry entry in entries)
        {
            if (entry.Kind == NodeKind.File)
            {
                Others(folder.Handle, entry.Stored, others);
            }
            else if (entry.Kind == NodeKind.Directory && status == VaultStatus.Ok)
            {
                status = Below(folder, entry, below => Others(below, others));
            }
        }

        return status;
    }

    /// <summary>The same of one file.</summary>
    public void Others(StoreHandle folder, ReadOnlySpan<byte> stored, List<Id128> others)
    {
        if (vault.Store.OpenFile(folder, stored, StoreOpen.Read, 0, out StoreHandle? file) == VaultStatus.Ok)
        {
            using (file)
            {
                if (TryIdentify(file!, out Id128 id))
                {
                    Note(id, FileKey, others);
                }
            }
        }
    }

    private void Note(Id128 id, KeyId given, List<Id128> others)
    {
        if (vault.Parts.Labels.IsOld(id, given))
        {
            others.Add(id);
        }
    }

    private bool TryIdentify(StoreHandle file, out Id128 id)
    {
        Span<byte> record = stackalloc byte[FileHeader.KeyRecordSize];
        id = default;
        if (vault.Store.ReadAt(file, record, 0, out int length) != VaultStatus.Ok || length < record.Length
            || FileHeader.TryReadKeyId(record, vault.Keys.Header, out FileIdentity identity, out _) != FormatStatus.Ok)
        {
            return false;
        }

        id = identity.Id.Value;
        return true;
    }

    private VaultStatus FoldersBelow(TreeFolder folder)
    {
        VaultStatus status = tree.Rewrite(folder, Relabelled, out bool changed);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        FoldersChanged += changed ? 1 : 0;
        if (changed || NotesAll)
        {
            _given[folder.Record.Id.Value] = key;
        }

        var entries = new List<TreeEntry>();
        status = tree.List(folder, entries, null);
        foreach (TreeEntry entry in entries)
        {
            _total += entry.Kind == NodeKind.File ? 1 : 0;
            if (entry.Kind == NodeKind.Directory && status == VaultStatus.Ok)
            {
                status = Below(folder, entry, FoldersBelow);
            }
        }

        return status;
    }

    private DirectoryRecord Relabelled(DirectoryRecord record)
    {
        record.LabelKey = key;
        record.NewFiles = newFiles ?? record.NewFiles;
        return record;
    }

    private VaultStatus Below(TreeFolder parent, TreeEntry entry, Func<TreeFolder, VaultStatus> visit)
    {
        VaultStatus status = tree.OpenFolder(parent, entry, out TreeFolder? folder);
        if (status != VaultStatus.Ok)
        {
            return Judge(status, parent.PathOf(entry.Name));
        }

        using (folder)
        {
            return visit(folder!);
        }
    }

    /// <summary>What is damaged is named and passed over; what was removed meanwhile needs no label; the rest stops.</summary>
    private VaultStatus Judge(VaultStatus status, string path)
    {
        if (status == VaultStatus.Corrupt && !_damaged.Contains(path))
        {
            _damaged.Add(path);
        }

        return status is VaultStatus.Corrupt or VaultStatus.NotFound or VaultStatus.Stale or VaultStatus.NotDirectory ? VaultStatus.Ok : status;
    }
}
