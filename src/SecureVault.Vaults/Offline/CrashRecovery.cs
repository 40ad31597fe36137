using System;
using System.Collections.Generic;
using SecureVault.Content;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Offline;

/// <summary>
/// Finishes what a session that did not end had begun to make: names that reached the disk before what they name. A file shorter than its header becomes an
/// empty file; a folder without its record, and with nothing in it that was written whole, becomes an empty folder. Each is recorded.
/// </summary>
/// <remarks>
/// Only between the begin of a session that follows a crash and its first request: at any other time the same sight is damage. Nothing that an fsync promised looks like
/// this, since it made header and records durable. FORMAT.md, "What is detected", says what somebody could do with it who cuts files while the machine is down.
/// </remarks>
public sealed class CrashRecovery
{
    private readonly Vault _vault;
    private readonly VaultSession _session;
    private readonly VaultTree _tree;

    private CrashRecovery(Vault vault, VaultSession session)
    {
        _vault = vault;
        _session = session;
        _tree = new VaultTree(vault);
    }

    private IBackingStore Store => _vault.Store;

    /// <summary>Looks at every folder and at the size of every file, when the session before did not end; opens what it mends.</summary>
    public static void Run(Vault vault, VaultSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!session.FollowsCrash)
        {
            return;
        }

        var recovery = new CrashRecovery(vault, session);
        if (recovery._tree.OpenRoot(out TreeFolder? root) == VaultStatus.Ok)
        {
            recovery.Visit(root!);
        }

        new LeftJournals(vault, session, recovery._tree).Run();
    }

    /// <summary>Whether a file is what a name leaves that reached the disk before the file's header.</summary>
    internal static bool IsUnborn(in StoreStat stat) => stat.Kind == NodeKind.File && stat.Size < FileLayout.HeaderSize;

    /// <summary>Whether a folder is what a name leaves that reached the disk before the folder's record: nothing in it was written whole either.</summary>
    internal static bool IsUnborn(IBackingStore store, StoreHandle folder)
    {
        var list = new EntryList();
        if (HasRecord(store, folder) || store.List(folder, 0, list) != VaultStatus.Ok)
        {
            return false;
        }

        foreach (StoredEntry entry in list.Entries)
        {
            if (entry.Kind == NodeKind.Directory ? !IsUnborn(store, folder, entry.Name) : entry.Kind == NodeKind.File && IsWhole(store, folder, entry.Name))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsUnborn(IBackingStore store, StoreHandle parent, ReadOnlySpan<byte> name)
    {
        if (store.OpenDirectory(parent, name, out StoreHandle? below) != VaultStatus.Ok)
        {
            return false;
        }

        using (below)
        {
            return IsUnborn(store, below!);
        }
    }

    // A long name's companion is written before the name, and is shorter than any header.
    private static bool IsWhole(IBackingStore store, StoreHandle folder, ReadOnlySpan<byte> name) =>
        store.Stat(folder, name, out StoreStat stat) != VaultStatus.Ok || !IsUnborn(stat);

    private static bool HasRecord(IBackingStore store, StoreHandle folder) =>
        store.Stat(folder, NameCodec.DirectoryRecordName, out StoreStat stat) switch
        {
            VaultStatus.NotFound => false,
            VaultStatus.Ok => stat.Size >= DirectoryRecord.StoredSize,
            _ => true,
        };

    /// <summary>Takes the folder: it is disposed.</summary>
    private void Visit(TreeFolder folder)
    {
        using (folder)
        {
            var entries = new List<TreeEntry>();
            _ = _tree.List(folder, entries, null);
            foreach (TreeEntry entry in entries)
            {
                if (entry.Kind == NodeKind.File)
                {
                    MendFile(folder, entry);
                }
                else if (entry.Kind == NodeKind.Directory && Enter(folder, entry, out TreeFolder? below))
                {
                    Visit(below!);
                }
            }
        }
    }

    private bool Enter(TreeFolder parent, TreeEntry entry, out TreeFolder? folder)
    {
        VaultStatus status = _tree.OpenFolder(parent, entry, out folder);
        if (status != VaultStatus.Corrupt || Store.OpenDirectory(parent.Handle, entry.Stored, out StoreHandle? handle) != VaultStatus.Ok)
        {
            return status == VaultStatus.Ok;
        }

        using (handle)
        {
            if (IsUnborn(Store, handle!) && MendFolder(parent, entry, handle!) == VaultStatus.Ok)
            {
                Tell(parent.PathOf(entry.Name), parent.Record.LabelKey, "a folder that the stop left without its record is an empty folder now");
            }
        }

        return false;
    }

    private VaultStatus MendFolder(TreeFolder parent, TreeEntry entry, StoreHandle folder)
    {
        Empty(folder);
        VaultStatus status = Store.OpenFile(folder, NameCodec.DirectoryRecordName, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Truncate, VaultNames.FileMode, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            var record = new DirectoryRecord { Id = new DirectoryId(Id128.Random()), Name = entry.Tag, PreviousName = entry.Tag, LabelKey = parent.Record.LabelKey, NewFiles = parent.Record.NewFiles };
            Span<byte> stored = stackalloc byte[DirectoryRecord.StoredSize];
            record.Write(stored, _vault.Keys.Directory, _vault.Config.Suite);
            status = Store.WriteAt(file!, stored, 0, out _);
            return status == VaultStatus.Ok ? Store.Sync(file!, false) : status;
        }
    }

    /// <summary>Removes what lies in an unborn folder: its names were encrypted for a record that is gone, and nothing in it has content.</summary>
    private void Empty(StoreHandle folder)
    {
        var list = new EntryList();
        Store.List(folder, 0, list);
        foreach (StoredEntry entry in list.Entries)
        {
            if (entry.Kind != NodeKind.Directory)
            {
                Store.Unlink(folder, entry.Name);
                continue;
            }

            if (Store.OpenDirectory(folder, entry.Name, out StoreHandle? below) == VaultStatus.Ok)
            {
                using (below)
                {
                    Empty(below!);
                }
            }

            Store.RemoveDirectory(folder, entry.Name);
        }
    }

    private void MendFile(TreeFolder folder, TreeEntry entry)
    {
        if (Store.Stat(folder.Handle, entry.Stored, out StoreStat stat) != VaultStatus.Ok || !IsUnborn(stat)
            || Store.OpenFile(folder.Handle, entry.Stored, StoreOpen.ReadWrite, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return;
        }

        KeyId key = KeyForNew(folder.Record.LabelKey);
        Protection protection = key == _vault.Keyring.Unlabelled ? folder.Record.NewFiles : Protection.Encrypted;
        if (Store.SetSize(file!, 0) != VaultStatus.Ok || FileContent.Create(_session.Content, file!, key, protection, entry.Tag, out FileContent? content) != VaultStatus.Ok)
        {
            file!.Dispose();
            return;
        }

        using (content)
        {
            if (content!.Commit(durable: false) == VaultStatus.Ok)
            {
                Tell(folder.PathOf(entry.Name), key, $"a file that the stop left without its header ({stat.Size} bytes were there) is an empty file now");
            }
        }
    }

    private KeyId KeyForNew(KeyId folder)
    {
        Label? label = folder == default ? Label.None : _vault.Keyring.LabelOf(folder);
        return label is null ? folder : label.IsNone ? _vault.Keyring.Unlabelled : _vault.Keyring.NewestOf(label);
    }

    private void Tell(string path, KeyId key, string detail)
    {
        string label = (key == default ? Label.None : _vault.Keyring.LabelOf(key) ?? Label.None).ToString();
        _vault.Audit.TryRecord(_vault.Parts.Told(AuditEvent.Recovery, path, label, detail));
    }
}
