using System;
using System.Collections.Concurrent;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>Finds names whatever their case; keeps the maps of the folders asked last.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class CaseMaps
{
    /// <summary>Folders whose maps are kept; the oldest goes first, and is made again when asked.</summary>
    public const int Limit = 256;

    private readonly IBackingStore _store;
    private readonly NameCodec _names;
    private readonly Companions _companions;
    private readonly ConcurrentQueue<Folder> _kept = new();

    public CaseMaps(IBackingStore store, NameCodec names, Companions companions)
    {
        _store = store;
        _names = names;
        _companions = companions;
    }

    /// <summary>The spelling that a folder has of a name; NotFound when it has none in any case.</summary>
    public VaultStatus Find(in FolderLease folder, ReadOnlySpan<byte> name, out byte[] spelled)
    {
        spelled = [];
        bool made = false;
        lock (folder.Folder.Changes)
        {
            CaseMap? map = folder.Folder.Cases;
            if (map is null)
            {
                VaultStatus status = Make(folder, out map);
                if (status != VaultStatus.Ok)
                {
                    return status;
                }

                folder.Folder.Cases = map;
                made = true;
            }

            spelled = map.Find(name) ?? [];
        }

        if (made)
        {
            Keep(folder.Folder);
        }

        return spelled.Length > 0 ? VaultStatus.Ok : VaultStatus.NotFound;
    }

    // A folder whose map goes may be changing at this moment: then what changes is a map that nobody asks any more.
    private void Keep(Folder folder)
    {
        _kept.Enqueue(folder);
        while (_kept.Count > Limit && _kept.TryDequeue(out Folder? oldest))
        {
            oldest.Cases = null;
        }
    }

    private VaultStatus Make(in FolderLease folder, out CaseMap map)
    {
        map = new CaseMap();
        var listing = new DirectoryListing(_store, _names, _companions, folder);
        VaultStatus status = listing.Load(folder.Handle, 0);
        for (int i = 0; status == VaultStatus.Ok && i < listing.Count; i++)
        {
            map.Add(listing.Name(i));
        }

        return status;
    }
}
