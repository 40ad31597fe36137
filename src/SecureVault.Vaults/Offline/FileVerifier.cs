using System;
using System.Collections.Generic;
using SecureVault.Content;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Offline;

/// <summary>Checks one stored file, link or set of extended attributes at a time.</summary>
/// <param name="live">Session of the drive that runs now; 0 = none.</param>
/// <param name="crashed">The last session did not end and none has followed it: the next mount finishes what it had begun.</param>
internal sealed class FileVerifier(Vault vault, VerifyReport report, ContentContext context, ulong live, bool crashed)
{
    private const int MaxValue = 64 * 1024 + XattrCodec.ValueOverhead;
    private readonly HashSet<(ulong Device, ulong Inode)> _linked = [];
    private readonly SymlinkCodec _links = new(vault.Keys.Links);

    public void File(StoreHandle folder, TreeEntry entry, string path)
    {
        VaultStatus status = vault.Store.OpenFile(folder, entry.Stored, StoreOpen.Read, 0, out StoreHandle? file);
        if (status != VaultStatus.Ok)
        {
            Unread(status, path);
            return;
        }

        bool taken = false;
        try
        {
            vault.Store.Stat(file!, out StoreStat stat);
            if (crashed && Unborn.Is(vault.Store, file!, stat))
            {
                report.Note(path, "was being made when the last session stopped; the next mount makes it an empty file");
                return;
            }

            string problem = Header(file!, entry.Tag, out FileState state);
            if (crashed && problem == Misnamed)
            {
                report.Note(path, "was being renamed when the last session stopped; the next mount tells it its name");
                return;
            }

            if (problem.Length > 0 || IsLive(state))
            {
                Bad(file!, entry.Tag, state, problem, path);
                return;
            }

            if (stat.Links > 1 && !_linked.Add((stat.Device, stat.Inode)))
            {
                return; // another name of a file that was read already
            }

            report.Files++;
            taken = Content(folder, entry, file!, stat.Size, state, path);
        }
        finally
        {
            if (!taken)
            {
                file!.Dispose();
            }
        }
    }

    private const string Misnamed = "the file does not belong at this name: it was swapped or moved outside the drive";

    /// <summary>The last session did not end and none has followed it.</summary>
    public bool IsAfterCrash => crashed;

    /// <summary>Whether a folder is one that the last session was making when it stopped.</summary>
    public bool IsUnborn(StoreHandle parent, TreeEntry entry)
    {
        if (!crashed || vault.Store.OpenDirectory(parent, entry.Stored, out StoreHandle? folder) != VaultStatus.Ok)
        {
            return false;
        }

        using (folder)
        {
            return !Unborn.HasRecord(vault.Store, folder!);
        }
    }

    public void Link(StoreHandle folder, TreeEntry entry, string path)
    {
        byte[] stored = new byte[SymlinkCodec.MaxStored + 1];
        VaultStatus status = vault.Store.ReadSymlink(folder, entry.Stored, stored, out int length);
        if (status != VaultStatus.Ok)
        {
            Unread(status, path);
        }
        else if (!_links.TryOpen(stored.AsSpan(0, length), new byte[SymlinkCodec.MaxStored], out _))
        {
            report.Damage(path, "the link's target is not authentic");
        }
    }

    public void Attributes(StoreHandle handle, Id128 owner, AeadKey key, string path)
    {
        byte[] names = new byte[64 * 1024];
        if (vault.Store.ListXattr(handle, names, out int length) != VaultStatus.Ok)
        {
            return; // a store without extended attributes has none of ours
        }

        ReadOnlySpan<byte> rest = names.AsSpan(0, length);
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            ReadOnlySpan<byte> name = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (name.StartsWith(XattrCodec.StoredPrefix))
            {
                Attribute(handle, owner, key, name, path);
            }
        }
    }

    private void Attribute(StoreHandle handle, Id128 owner, AeadKey key, ReadOnlySpan<byte> stored, string path)
    {
        Span<byte> name = stackalloc byte[XattrCodec.MaxStoredName];
        if (!XattrCodec.TryReadName(vault.Keys.XattrNames, owner, stored, name, out int length))
        {
            report.Damage(path, "the name of an extended attribute is not authentic");
            return;
        }

        byte[] value = new byte[MaxValue];
        VaultStatus status = vault.Store.GetXattr(handle, stored, value, out int valueLength);
        if (status == VaultStatus.NoAttribute)
        {
            return;
        }

        if (status != VaultStatus.Ok || valueLength < XattrCodec.ValueOverhead
            || !XattrCodec.TryOpenValue(key, owner, name[..length], value.AsSpan(0, valueLength), new byte[valueLength - XattrCodec.ValueOverhead]))
        {
            report.Damage(path, "the value of an extended attribute is not authentic");
        }
    }

    /// <summary>Opens the header; the problem, or empty.</summary>
    private string Header(StoreHandle file, NameTag tag, out FileState state)
    {
        state = default;
        Span<byte> header = stackalloc byte[FileLayout.HeaderSize];
        VaultStatus status = vault.Store.ReadAt(file, header, 0, out int read);
        if (status != VaultStatus.Ok)
        {
            return $"the header cannot be read: {status}";
        }

        if (read < header.Length)
        {
            return "the file is cut within its header";
        }

        FormatStatus opened = FileHeader.TryOpenKeyRecord(header[..FileHeader.KeyRecordSize], vault.Keys.Header, vault.Keyring, out FileIdentity identity, out KeyId key, out SecretKey? secret);
        using (secret)
        {
            if (opened != FormatStatus.Ok)
            {
                return opened switch
                {
                    FormatStatus.UnknownKey => "the file's key is not in the keyring",
                    FormatStatus.NewerVersion => "the file was written by a newer version of SecureVault",
                    FormatStatus.UnknownSuite => "the file uses a cipher suite that this build does not know",
                    _ => "the header is not authentic",
                };
            }

            if (vault.Labels.IsOld(identity.Id.Value, key))
            {
                return "an old header was put back: it carries another label than the file was given";
            }

            using var codec = new BlockCodec(identity, secret!);
            if (identity.BlockShift != vault.Config.BlockShift
                || FileHeader.TryOpenState(header[FileHeader.StateRecordOffset..], codec.FileKey, identity.Id, identity.BlockShift, out state) != FormatStatus.Ok)
            {
                return "the header's state is not authentic";
            }
        }

        return FileNames.Has(state, tag) ? "" : Misnamed;
    }

    private bool IsLive(in FileState state) => live != 0 && state.Flags.HasFlag(FileStateFlags.Open) && state.Session == live;

    /// <summary>Takes the file when it answers true.</summary>
    private bool Content(StoreHandle folder, TreeEntry entry, StoreHandle file, long storedSize, in FileState state, string path)
    {
        VaultStatus status = FileContent.Open(context, file, writable: false, out FileContent? content);
        if (status != VaultStatus.Ok)
        {
            Bad(file, entry.Tag, state, status == VaultStatus.Corrupt ? "the stored size does not fit the header: the file was cut or extended" : $"cannot be read: {status}", path);
            return false;
        }

        using (content)
        {
            long before = 0;
            status = content!.Verify(read => before = Step(read, before, path), out long firstBad);
            report.Advance(Math.Max(0, storedSize - before), path);
            if (status != VaultStatus.Ok || firstBad >= 0)
            {
                string problem = firstBad >= 0 ? $"block {firstBad} is not authentic" : status == VaultStatus.Corrupt ? "a block is not authentic" : $"cannot be read: {status}";
                Changed(folder, entry, state, problem, path);
            }

            Attributes(content.Handle, content.XattrOwner, content.XattrKey, path);
        }

        return true;
    }

    private long Step(long read, long before, string path)
    {
        report.Advance(Math.Max(0, read - before), path);
        return Math.Max(read, before);
    }

    /// <summary>Reports, unless a drive began to write the file since.</summary>
    private void Changed(StoreHandle folder, TreeEntry entry, in FileState state, string problem, string path)
    {
        if (live != 0 && vault.Store.OpenFile(folder, entry.Stored, StoreOpen.Read, 0, out StoreHandle? again) == VaultStatus.Ok)
        {
            using (again)
            {
                Bad(again!, entry.Tag, state, problem, path);
            }
        }
        else if (live == 0)
        {
            report.Damage(path, problem);
        }
    }

    private void Bad(StoreHandle file, NameTag tag, in FileState state, string problem, string path)
    {
        if (live != 0)
        {
            string now = Header(file, tag, out FileState later);
            if (IsLive(later) || (now.Length == 0 && later.Generation != state.Generation))
            {
                report.Writing(path);
                return;
            }
        }

        report.Damage(path, problem);
    }

    private void Unread(VaultStatus status, string path)
    {
        if (status is not (VaultStatus.NotFound or VaultStatus.Stale) || live == 0)
        {
            report.Damage(path, $"cannot be read: {status}");
        }
    }
}
