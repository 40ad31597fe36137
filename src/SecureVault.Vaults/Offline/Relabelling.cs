using System;
using System.Collections.Generic;
using SecureVault.Content;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>Gives a folder tree one label: folders first, so that new files take it, then the key record of every file.</summary>
/// <remarks>One thread; under the relabel lock. Doing it twice changes nothing; data blocks are never touched.</remarks>
internal sealed class Relabelling(Vault vault, VaultTree tree, KeyId key, Protection? newFiles, Action<VaultProgress>? progress)
{
    private readonly List<string> _damaged = [];
    private long _done;
    private long _total;

    public long FilesChanged { get; private set; }
    public long FoldersChanged { get; private set; }

    /// <summary>Objects that could not be relabelled because they are damaged.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

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
            return status;
        }
    }

    private VaultStatus FoldersBelow(TreeFolder folder)
    {
        VaultStatus status = tree.Rewrite(folder, Relabelled, out bool changed);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        FoldersChanged += changed ? 1 : 0;
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
