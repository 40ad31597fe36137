using System;
using System.Collections.Generic;
using System.Text;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Offline;

/// <summary>One thing that is not as it was written.</summary>
/// <param name="Path">Inside the vault, or beside root/ the stored file's own name.</param>
/// <param name="Problem">What is wrong.</param>
public sealed record VaultFinding(string Path, string Problem);

/// <summary>What a verify saw.</summary>
/// <param name="Files">Files checked, hard links once.</param>
/// <param name="Folders">Folders checked, the root included.</param>
/// <param name="Bytes">Stored bytes read.</param>
/// <param name="Findings">Damage; empty = whole.</param>
/// <param name="Notes">Leftovers that do no harm, and files that were not checked because a drive is writing them.</param>
/// <param name="BeingWritten">How many files were not checked for that reason.</param>
public sealed record VaultFindings(long Files, long Folders, long Bytes, IReadOnlyList<VaultFinding> Findings, IReadOnlyList<VaultFinding> Notes, long BeingWritten);

/// <summary>Checks every folder record, name, header, block, extended attribute, link and journal of a vault; changes nothing.</summary>
/// <remarks>One thread. Also while a drive runs: files that it is writing are noted, not checked.</remarks>
public sealed class VaultVerifier
{
    private readonly Vault _vault;
    private readonly VaultTree _tree;

    public VaultVerifier(Vault vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        _vault = vault;
        _tree = new VaultTree(vault);
    }

    /// <summary>Runs to the end whatever it finds. Failed only when the store fails.</summary>
    /// <param name="progress">Stored bytes done and to do; on the calling thread.</param>
    public VaultResult Run(Action<VaultProgress>? progress, out VaultFindings findings)
    {
        VaultParts parts = _vault.Parts;
        findings = new VaultFindings(0, 0, 0, [], [], 0);
        bool mounted = MountLock.MayBeHeld(parts);
        VaultStatus status = VaultSessions.Read(parts, out SessionsDocument? sessions, out _, out string problem);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.Corrupt ? VaultMessages.Damaged($"{parts.Path}/sessions", problem) : VaultMessages.Store($"{parts.Path}/sessions", "Reading", status);
        }

        status = parts.OpenWorkFolder(VaultNames.Journal, out StoreHandle? journal);
        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store($"{parts.Path}/journal", "Opening", status);
        }

        using (journal)
        {
            var report = new VerifyReport(progress, parts.Store, _vault.FolderHandle);
            ulong live = mounted ? sessions!.Session : 0;
            SessionsDocument ended = mounted ? sessions!.End() : sessions!;
            var files = new FileVerifier(_vault, report, _vault.OfflineContent(journal!, ended), live, crashed: !mounted && sessions!.Running);
            Journals(journal!, report, ended, live);
            new PolicyHistory(parts).Check(report.Add);
            status = _tree.OpenRoot(out TreeFolder? root);
            if (status == VaultStatus.Ok)
            {
                Folder(root!, default, isRoot: true, report, files);
            }
            else
            {
                report.Damage("/", Spell(status, "the root folder's record"));
            }

            findings = report.ToFindings();
            return VaultResult.Ok;
        }
    }

    /// <summary>Takes the folder: it is disposed.</summary>
    private void Folder(TreeFolder folder, NameTag tag, bool isRoot, VerifyReport report, FileVerifier files)
    {
        using (folder)
        {
            report.Folders++;
            bool named = isRoot ? folder.Record.Name == default : NameRecovery.IsNamed(folder.Record, tag);
            if (!named && files.IsAfterCrash)
            {
                report.Note(folder.Path, "was being renamed when the last session stopped; the next mount tells it its name");
            }
            else if (!named)
            {
                report.Damage(folder.Path, "the folder does not belong at this name: it was swapped or moved outside the drive");
            }

            if (_vault.Keyring.LabelOf(folder.Record.LabelKey) is null)
            {
                report.Damage(folder.Path, "the folder's label is of a key that the keyring does not have");
            }

            if (_vault.Labels.IsOld(folder.Record.Id.Value, folder.Record.LabelKey))
            {
                report.Damage(folder.Path, "an old record of the folder was put back: it carries another label than the folder was given");
            }

            files.Attributes(folder.Handle, folder.Record.Id.Value, _vault.Keys.Directory, folder.Path);
            Entries(folder, report, files);
        }
    }

    private void Entries(TreeFolder folder, VerifyReport report, FileVerifier files)
    {
        var entries = new List<TreeEntry>();
        var strays = new List<StrayEntry>();
        VaultStatus status = _tree.List(folder, entries, strays);
        if (status != VaultStatus.Ok)
        {
            report.Damage(folder.Path, $"the folder cannot be listed: {status}");
        }

        foreach (StrayEntry stray in strays)
        {
            report.Add(stray.Damage, folder.PathOf(stray.Stored), stray.Problem);
        }

        foreach (TreeEntry entry in entries)
        {
            string path = folder.PathOf(entry.Name);
            switch (entry.Kind)
            {
                case NodeKind.File:
                    files.File(folder.Handle, entry, path);
                    break;
                case NodeKind.Symlink:
                    files.Link(folder.Handle, entry, path);
                    break;
                case NodeKind.Directory:
                    Below(folder, entry, report, files);
                    break;
                default:
                    break; // devices and pipes have a name and nothing stored
            }
        }
    }

    private void Below(TreeFolder parent, TreeEntry entry, VerifyReport report, FileVerifier files)
    {
        VaultStatus status = _tree.OpenFolder(parent, entry, out TreeFolder? folder);
        if (status == VaultStatus.Ok)
        {
            Folder(folder!, entry.Tag, isRoot: false, report, files);
        }
        else if (status == VaultStatus.Corrupt && files.IsUnborn(parent.Handle, entry))
        {
            report.Note(parent.PathOf(entry.Name), "lost its record when the last session stopped; the next mount gives it a new one");
        }
        else if (status != VaultStatus.NotFound)
        {
            report.Damage(parent.PathOf(entry.Name), Spell(status, "the folder's record"));
        }
    }

    private void Journals(StoreHandle journal, VerifyReport report, SessionsDocument sessions, ulong live)
    {
        var list = new EntryList();
        _vault.Store.List(journal, 0, list);
        var crashed = new CrashedSessions(sessions.AllCrashed());
        foreach (StoredEntry entry in list.Entries)
        {
            string path = $"journal/{Encoding.UTF8.GetString(entry.Name)}";
            if (!JournalFormat.TryParseFileName(entry.Name, out FileId id, out ulong session))
            {
                report.Note(path, "is no journal of this vault; harmless");
            }
            else if (session != live && !crashed.Contains(session))
            {
                report.Note(path, "is a journal of a session that ended; the next mount removes it");
            }
            else if (session != live && !HasHeader(journal, entry.Name, id, session))
            {
                report.Damage(path, "is damaged: its header is not the one of its name");
            }
        }
    }

    private bool HasHeader(StoreHandle journal, byte[] name, FileId id, ulong session)
    {
        Span<byte> header = stackalloc byte[JournalFormat.HeaderSize];
        if (_vault.Store.OpenFile(journal, name, StoreOpen.Read, 0, out StoreHandle? file) != VaultStatus.Ok)
        {
            return false;
        }

        using (file)
        {
            // A journal cut before its header was written carries nothing.
            return _vault.Store.ReadAt(file!, header, 0, out int read) == VaultStatus.Ok
                && (read < header.Length || JournalFormat.TryReadHeader(header, id, session) == FormatStatus.Ok);
        }
    }

    private static string Spell(VaultStatus status, string what) =>
        status == VaultStatus.Corrupt ? $"{what} is missing or not authentic" : $"{what} cannot be read: {status}";
}
