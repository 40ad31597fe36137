using System;
using System.Collections.Generic;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Offline;

/// <summary>Gathers what a verify finds, and tells how far it is.</summary>
internal sealed class VerifyReport
{
    private readonly Action<VaultProgress>? _progress;
    private readonly List<VaultFinding> _findings = [];
    private readonly List<VaultFinding> _notes = [];
    private readonly long _total;

    /// <param name="folder">The vault folder: its root/ is measured once for the progress.</param>
    public VerifyReport(Action<VaultProgress>? progress, IBackingStore store, StoreHandle folder)
    {
        _progress = progress;
        if (progress is not null && store.OpenDirectory(folder, VaultNames.Root, out StoreHandle? root) == VaultStatus.Ok)
        {
            using (root)
            {
                _total = Measure(store, root!);
            }
        }
    }

    public long Files { get; set; }
    public long Folders { get; set; }
    public long Bytes { get; private set; }
    public long BeingWritten { get; private set; }

    public void Damage(string path, string problem) => _findings.Add(new VaultFinding(path, problem));

    public void Note(string path, string problem) => _notes.Add(new VaultFinding(path, problem));

    public void Add(bool damage, string path, string problem) => (damage ? _findings : _notes).Add(new VaultFinding(path, problem));

    public void Writing(string path)
    {
        BeingWritten++;
        Note(path, "is being written by the drive: not checked");
    }

    /// <summary>Stored bytes read since the last call.</summary>
    public void Advance(long bytes, string path)
    {
        Bytes += bytes;
        _progress?.Invoke(new VaultProgress(Bytes, Math.Max(_total, Bytes), path));
    }

    public VaultFindings ToFindings() => new(Files, Folders, Bytes, _findings, _notes, BeingWritten);

    private static long Measure(IBackingStore store, StoreHandle folder)
    {
        var list = new EntryList();
        store.List(folder, 0, list);
        long total = 0;
        foreach (StoredEntry entry in list.Entries)
        {
            if (entry.Kind == NodeKind.File && store.Stat(folder, entry.Name, out StoreStat stat) == VaultStatus.Ok)
            {
                total += stat.Size;
            }
            else if (entry.Kind == NodeKind.Directory && store.OpenDirectory(folder, entry.Name, out StoreHandle? below) == VaultStatus.Ok)
            {
                using (below)
                {
                    total += Measure(store, below!);
                }
            }
        }

        return total;
    }
}
