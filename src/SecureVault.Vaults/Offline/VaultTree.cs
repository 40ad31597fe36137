using System;
using System.Collections.Generic;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Offline;

/// <summary>Walks the encrypted tree by plain names, without a kernel and while a drive may run.</summary>
/// <remarks>Any thread; keeps no state of the tree.</remarks>
internal sealed class VaultTree(Vault vault)
{
    private readonly NameCodec _names = new(vault.Keys.Names);

    private IBackingStore Store => vault.Store;

    public VaultStatus OpenRoot(out TreeFolder? folder)
    {
        folder = null;
        VaultStatus status = Store.OpenDirectory(vault.FolderHandle, VaultNames.Root, out StoreHandle? handle);
        return status == VaultStatus.Ok ? Enter(handle!, "/", out folder) : status;
    }

    public VaultStatus OpenFolder(TreeFolder parent, TreeEntry entry, out TreeFolder? folder)
    {
        folder = null;
        VaultStatus status = Store.OpenDirectory(parent.Handle, entry.Stored, out StoreHandle? handle);
        return status == VaultStatus.Ok ? Enter(handle!, parent.PathOf(entry.Name), out folder) : status;
    }

    /// <summary>Goes down a path that begins with a slash. Ok gives the folder the object is in and the object; entry is null for the root itself.</summary>
    public VaultStatus Resolve(string path, out TreeFolder? parent, out TreeEntry? entry)
    {
        entry = null;
        VaultStatus status = OpenRoot(out parent);
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < parts.Length && status == VaultStatus.Ok; i++)
        {
            status = Find(parent!, RawText.ToBytes(parts[i]), out entry);
            if (status == VaultStatus.Ok && i + 1 < parts.Length)
            {
                status = entry!.Kind == NodeKind.Directory ? OpenFolder(parent!, entry, out TreeFolder? next) : Not(out next);
                if (status == VaultStatus.Ok)
                {
                    parent!.Dispose();
                    parent = next;
                }
            }
        }

        if (status != VaultStatus.Ok)
        {
            parent?.Dispose();
            parent = null;
        }

        return status;
    }

    /// <summary>How a name is stored in a folder of that id; room for MaxStoredName bytes. A short name: one that needs no companion.</summary>
    public ReadOnlySpan<byte> SpellShort(DirectoryId folder, ReadOnlySpan<byte> name, Span<byte> stored)
    {
        Span<byte> cipher = stackalloc byte[NameCodec.MaxCipherName];
        return stored[..NameCodec.Spell(cipher[.._names.Encrypt(folder, name, cipher, out _)], stored, out _)];
    }

    /// <summary>Finds one name in a folder.</summary>
    public VaultStatus Find(TreeFolder folder, byte[] name, out TreeEntry? entry)
    {
        entry = null;
        if (name.Length > NameCodec.MaxPlainName)
        {
            return VaultStatus.NameTooLong;
        }

        if (!NameCodec.IsPlainName(name))
        {
            return VaultStatus.Invalid;
        }

        Span<byte> cipher = stackalloc byte[NameCodec.MaxCipherName];
        Span<byte> stored = stackalloc byte[NameCodec.MaxStoredName];
        int length = _names.Encrypt(folder.Record.Id, name, cipher, out NameTag tag);
        stored = stored[..NameCodec.Spell(cipher[..length], stored, out _)];
        VaultStatus status = Store.Stat(folder.Handle, stored, out StoreStat stat);
        entry = status == VaultStatus.Ok ? new TreeEntry(stored.ToArray(), name, tag, stat.Kind) : null;
        return status;
    }

    /// <summary>Lists a folder by plain names; what is no such name goes to strays, when asked for.</summary>
    public VaultStatus List(TreeFolder folder, List<TreeEntry> entries, List<StrayEntry>? strays)
    {
        var stored = new EntryList();
        VaultStatus status = Store.List(folder.Handle, 0, stored);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        foreach (StoredEntry one in stored.Entries)
        {
            if (one.Name.AsSpan().SequenceEqual(NameCodec.DirectoryRecordName))
            {
                continue;
            }

            string problem = Read(folder, one, out TreeEntry? entry, out bool damage);
            if (entry is not null)
            {
                entries.Add(entry);
            }
            else if (problem.Length > 0)
            {
                strays?.Add(new StrayEntry(one.Name, problem, damage));
            }
        }

        return VaultStatus.Ok;
    }

    /// <summary>Changes a folder's record, read and written under the record's own lock.</summary>
    public VaultStatus Rewrite(TreeFolder folder, Func<DirectoryRecord, DirectoryRecord> change, out bool changed)
    {
        changed = false;
        VaultStatus status = Store.OpenFile(folder.Handle, NameCodec.DirectoryRecordName, StoreOpen.ReadWrite, 0, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.NotFound ? VaultStatus.Corrupt : status;
        }

        using (file)
        {
            status = Store.Lock(file!, wait: true);
            status = status == VaultStatus.Ok ? ReadRecord(file!, out DirectoryRecord record) : Fail(status, out record);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            DirectoryRecord next = change(record);
            changed = next.LabelKey != record.LabelKey || next.NewFiles != record.NewFiles;
            if (!changed)
            {
                return VaultStatus.Ok;
            }

            Span<byte> stored = stackalloc byte[DirectoryRecord.StoredSize];
            next.Write(stored, vault.Keys.Directory, vault.Config.Suite);
            return Store.WriteAt(file!, stored, 0, out _);
        }
    }

    private VaultStatus Enter(StoreHandle handle, string path, out TreeFolder? folder)
    {
        folder = null;
        VaultStatus status = Store.OpenFile(handle, NameCodec.DirectoryRecordName, StoreOpen.Read, 0, out StoreHandle? file);
        DirectoryRecord record = default;
        if (status == VaultStatus.Ok)
        {
            using (file)
            {
                status = ReadRecord(file!, out record);
            }
        }

        if (status != VaultStatus.Ok)
        {
            handle.Dispose();
            return status == VaultStatus.NotFound ? VaultStatus.Corrupt : status;
        }

        folder = new TreeFolder(handle, record, path);
        return VaultStatus.Ok;
    }

    private VaultStatus ReadRecord(StoreHandle file, out DirectoryRecord record)
    {
        record = default;
        Span<byte> stored = stackalloc byte[DirectoryRecord.StoredSize + 1];
        VaultStatus status = Store.ReadAt(file, stored, 0, out int read);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        return read == DirectoryRecord.StoredSize && DirectoryRecord.TryOpen(stored[..read], vault.Keys.Directory, vault.Config.Suite, out record) == FormatStatus.Ok
            ? VaultStatus.Ok
            : VaultStatus.Corrupt;
    }

    /// <summary>Decrypts one stored name. No entry and no problem: a companion that belongs to its name.</summary>
    private string Read(TreeFolder folder, in StoredEntry stored, out TreeEntry? entry, out bool damage)
    {
        entry = null;
        damage = false;
        if (stored.Name.AsSpan().StartsWith(NameCodec.TemporaryPrefix))
        {
            return "leftover of an interrupted operation; the next mount after a crash removes it";
        }

        if (ForeignNames.IsKnown(stored.Name))
        {
            return "is not the vault's: left by another program (a file manager, a network server, a synchroniser); it may be removed";
        }

        Span<byte> other = stackalloc byte[NameCodec.MaxStoredName];
        if (NameCodec.IsCompanionName(stored.Name, other))
        {
            bool used = Store.Stat(folder.Handle, other[..NameCodec.LongNameLength], out _) == VaultStatus.Ok;
            return used ? "" : "leftover companion of a long name that is gone; harmless";
        }

        string problem = Open(folder, stored, out entry);
        if (problem.Length > 0)
        {
            // A drive may have removed the name since it was listed, or removed it and made it anew.
            bool gone = Store.Stat(folder.Handle, stored.Name, out _) == VaultStatus.NotFound;
            problem = gone ? "" : Open(folder, stored, out entry);
        }

        damage = problem.Length > 0;
        return problem;
    }

    private string Open(TreeFolder folder, in StoredEntry stored, out TreeEntry? entry)
    {
        entry = null;
        Span<byte> cipher = stackalloc byte[NameCodec.MaxCipherName + 1];
        if (!NameCodec.TryUnspell(stored.Name, cipher, out int length, out bool isLong))
        {
            return "is not a name of this vault";
        }

        if (isLong && !TryReadCompanion(folder, stored.Name, cipher, out length))
        {
            return "the companion of its long name is missing or not authentic";
        }

        Span<byte> plain = stackalloc byte[NameCodec.MaxCipherName];
        if (!_names.TryDecrypt(folder.Record.Id, cipher[..length], plain, out int plainLength, out NameTag tag))
        {
            return "its name is not authentic in this folder: it was moved here or changed";
        }

        entry = new TreeEntry(stored.Name, plain[..plainLength].ToArray(), tag, stored.Kind);
        return "";
    }

    private bool TryReadCompanion(TreeFolder folder, byte[] stored, Span<byte> cipher, out int length)
    {
        Span<byte> name = stackalloc byte[NameCodec.MaxStoredName];
        name = name[..NameCodec.CompanionName(stored, name)];
        length = 0;
        if (Store.OpenFile(folder.Handle, name, StoreOpen.Read, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return false;
        }

        using (file)
        {
            return Store.ReadAt(file!, cipher, 0, out length) == VaultStatus.Ok
                && length <= NameCodec.MaxCipherName
                && NameCodec.CompanionMatches(stored, cipher[..length]);
        }
    }

    private static VaultStatus Not(out TreeFolder? folder)
    {
        folder = null;
        return VaultStatus.NotDirectory;
    }

    private static VaultStatus Fail(VaultStatus status, out DirectoryRecord record)
    {
        record = default;
        return status;
    }
}
