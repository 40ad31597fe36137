using System;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>A backing object, by its own handle or by a name in its folder's.</summary>
internal readonly ref struct StoreTarget
{
    private readonly IBackingStore _store;
    private readonly StoreHandle _handle;
    private readonly ReadOnlySpan<byte> _name;

    /// <param name="name">Empty: the handle is the object; else it is the folder.</param>
    public StoreTarget(IBackingStore store, StoreHandle handle, ReadOnlySpan<byte> name)
    {
        _store = store;
        _handle = handle;
        _name = name;
    }

    public VaultStatus Stat(out StoreStat stat) => _name.IsEmpty ? _store.Stat(_handle, out stat) : _store.Stat(_handle, _name, out stat);

    public VaultStatus SetMode(uint mode) => _name.IsEmpty ? _store.SetMode(_handle, mode) : _store.SetMode(_handle, _name, mode);

    public VaultStatus SetOwner(uint? uid, uint? gid) => _name.IsEmpty ? _store.SetOwner(_handle, uid, gid) : _store.SetOwner(_handle, _name, uid, gid);

    public VaultStatus SetTimes(in AttributeChange change) => _name.IsEmpty
        ? _store.SetTimes(_handle, change.Accessed, change.AccessedNow, change.Modified, change.ModifiedNow)
        : _store.SetTimes(_handle, _name, change.Accessed, change.AccessedNow, change.Modified, change.ModifiedNow);
}
