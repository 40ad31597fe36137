using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using SecureVault.Content;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Offline;

/// <summary>
/// Finishes what a session that did not end had begun to make: names that reached the disk before what they name. A file whose header was not written (shorter, or zeros) becomes an
/// empty file; a folder without its record becomes an empty folder, or one with its whole files under names of their own, for theirs are lost; what was renamed without its header or
/// record knowing is told its name (NameRecovery). Each is recorded.
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
    private readonly NameRecovery _names;

    private CrashRecovery(Vault vault, VaultSession session)
    {
        _vault = vault;
        _session = session;
        _tree = new VaultTree(vault);
        _names = new NameRecovery(vault, session, Tell);
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
                    _names.Folder(below!, entry);
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
            if (Unborn.HasRecord(Store, handle!))
            {
                return false; // one that is not authentic is damage
            }

            bool empty = Unborn.Is(Store, handle!);
            var id = new DirectoryId(Id128.Random());
            int kept = empty ? 0 : Rename(handle!, id);
            if (empty)
            {
                Empty(handle!);
            }

            if (WriteRecord(parent, entry, handle!, id) != VaultStatus.Ok)
            {
                return false;
            }

            Tell(parent.PathOf(entry.Name), parent.Record.LabelKey, empty
                ? "a folder that the stop left without its record is an empty folder now"
                : $"a folder that the stop left without its record has a new one: the names in it are lost, {kept} entries are called recovered-1 and so on");
        }

        return _tree.OpenFolder(parent, entry, out folder) == VaultStatus.Ok;
    }

    /// <summary>Gives what is whole in a folder without its record names that a record of that id can read; what is not goes. Before the record is written, so that a stop in between begins anew.</summary>
    private int Rename(StoreHandle folder, DirectoryId id)
    {
        var list = new EntryList();
        Store.List(folder, 0, list);
        Span<byte> stored = stackalloc byte[NameCodec.MaxStoredName];
        Span<byte> other = stackalloc byte[NameCodec.MaxStoredName];
        int kept = 0;
        foreach (StoredEntry entry in list.Entries)
        {
            bool own = entry.Name.AsSpan().StartsWith("securevault."u8) || ForeignNames.IsKnown(entry.Name);
            if (NameCodec.IsCompanionName(entry.Name, other) || (!own && entry.Kind == NodeKind.File && !Unborn.IsWhole(Store, folder, entry.Name)))
            {
                Store.Unlink(folder, entry.Name);
            }
            else if (!own)
            {
                ReadOnlySpan<byte> name = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"recovered-{++kept}"));
                Store.Rename(folder, entry.Name, folder, _tree.SpellShort(id, name, stored), RenameKind.NoReplace);
            }
        }

        return kept;
    }

    private VaultStatus WriteRecord(TreeFolder parent, TreeEntry entry, StoreHandle folder, DirectoryId id)
    {
        VaultStatus status = Store.OpenFile(folder, NameCodec.DirectoryRecordName, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Truncate, VaultNames.FileMode, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            var record = new DirectoryRecord { Id = id, Name = entry.Tag, PreviousName = entry.Tag, LabelKey = parent.Record.LabelKey, NewFiles = parent.Record.NewFiles };
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

    // Files that were not changed since the lost session began are not opened: there may be many.
    private void MendFile(TreeFolder folder, TreeEntry entry)
    {
        if (Store.Stat(folder.Handle, entry.Stored, out StoreStat stat) != VaultStatus.Ok || (stat.Size >= FileLayout.HeaderSize && !_session.MayHaveLost(stat.Changed))
            || Store.OpenFile(folder.Handle, entry.Stored, StoreOpen.ReadWrite, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return;
        }

        if (Unborn.Is(Store, file!, stat))
        {
            MakeEmpty(folder, entry, file!, stat);
        }
        else
        {
            _names.File(folder, entry, file!, stat);
        }
    }

    /// <summary>Takes the file.</summary>
    private void MakeEmpty(TreeFolder folder, TreeEntry entry, StoreHandle file, in StoreStat stat)
    {
        KeyId key = KeyForNew(folder.Record.LabelKey);
        Protection protection = key == _vault.Keyring.Unlabelled ? folder.Record.NewFiles : Protection.Encrypted;
        if (Store.SetSize(file, 0) != VaultStatus.Ok || FileContent.Create(_session.Content, file, key, protection, entry.Tag, out FileContent? content) != VaultStatus.Ok)
        {
            file.Dispose();
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
