using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Namespace;

/// <summary>Keeps a file's change time as it is shown while its record is written: neither a commit nor an fsync is a change of the file.</summary>
/// <remarks>
/// The store's own change time moves with each write. A commit comes seconds after the file's last user, when others may read it already: tar would
/// say "file changed as we read it", and git and backup programs take it for another file. Nothing is kept when someone changed mode, owner or
/// links meanwhile. Begins and ends on one thread; others may use the file meanwhile.
/// </remarks>
internal readonly ref struct QuietWrite
{
    private readonly IBackingStore _store;
    private readonly SharedContent _shared;
    private readonly StoreHandle _file;
    private readonly StoreStat _before;
    private readonly bool _known;

    /// <summary>Looks at the file before it is written; its handle stays open until End.</summary>
    public QuietWrite(IBackingStore store, SharedContent shared, StoreHandle file)
    {
        (_store, _shared, _file) = (store, shared, file);
        _known = store.Stat(file, out _before) == VaultStatus.Ok;
    }

    /// <summary>The file's stored time of modification before; false when the store could not say.</summary>
    public bool TryGetModified(out FileTime modified)
    {
        modified = _before.Modified;
        return _known;
    }

    /// <summary>After all was written.</summary>
    public void End()
    {
        if (_known && _store.Stat(_file, out StoreStat after) == VaultStatus.Ok
            && (after.Mode, after.Uid, after.Gid, after.Links) == (_before.Mode, _before.Uid, _before.Gid, _before.Links))
        {
            _shared.HideChange(_before.Changed, after.Changed);
        }
    }
}
