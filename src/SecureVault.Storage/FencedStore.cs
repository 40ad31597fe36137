using System;
using SecureVault.Terms;

namespace SecureVault.Storage;

/// <summary>A store whose changes can be shut off, at once and for good, for all who work through it: then each answers ReadOnly.</summary>
/// <remarks>Any thread. Reading goes on. A change that is under way when it is shut may still happen.</remarks>
public sealed class FencedStore(IBackingStore inner) : IBackingStore
{
    private volatile bool _shut;

    /// <summary>Nothing is changed any more.</summary>
    public bool IsShut => _shut;

    /// <summary>The store behind, for what lies outside the vault.</summary>
    public IBackingStore Inner => inner;

    public int OpenLimit => inner.OpenLimit;

    /// <summary>From now on nothing is changed.</summary>
    public void Shut() => _shut = true;

    public VaultStatus OpenRoot(string path, out StoreHandle? directory) => inner.OpenRoot(path, out directory);

    public VaultStatus OpenDirectory(StoreHandle parent, ReadOnlySpan<byte> name, out StoreHandle? directory) => inner.OpenDirectory(parent, name, out directory);

    public VaultStatus OpenAgain(StoreHandle directory, out StoreHandle? again) => inner.OpenAgain(directory, out again);

    /// <summary>Shut: to read alone, and no mode is lent for it.</summary>
    public VaultStatus OpenFile(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file)
    {
        file = null;
        return !_shut ? inner.OpenFile(directory, name, open, mode, out file)
            : (open & ~StoreOpen.AsItIs) != StoreOpen.Read ? VaultStatus.ReadOnly
            : inner.OpenFile(directory, name, StoreOpen.Read | StoreOpen.AsItIs, mode, out file);
    }

    public VaultStatus Hold(StoreHandle directory, ReadOnlySpan<byte> name, out StoreHandle? held) => inner.Hold(directory, name, out held);

    public VaultStatus OpenHeld(StoreHandle held, StoreOpen open, out StoreHandle? file)
    {
        file = null;
        return _shut && (open & ~StoreOpen.AsItIs) != StoreOpen.Read ? VaultStatus.ReadOnly : inner.OpenHeld(held, open, out file);
    }

    public VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat) => inner.Stat(directory, name, out stat);

    public VaultStatus Stat(StoreHandle handle, out StoreStat stat) => inner.Stat(handle, out stat);

    public VaultStatus Identify(StoreHandle directory, ReadOnlySpan<byte> name, out StoreIdentity identity) => inner.Identify(directory, name, out identity);

    public VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read) => inner.ReadAt(file, target, offset, out read);

    public VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written)
    {
        written = 0;
        return _shut ? VaultStatus.ReadOnly : inner.WriteAt(file, source, offset, out written);
    }

    public VaultStatus SetSize(StoreHandle file, long size) => _shut ? VaultStatus.ReadOnly : inner.SetSize(file, size);

    public void BeginWriteback(StoreHandle file, long offset, long length) => inner.BeginWriteback(file, offset, length);

    /// <summary>Also when shut: what was written before may still be made durable.</summary>
    public VaultStatus Sync(StoreHandle handle, bool dataOnly) => inner.Sync(handle, dataOnly);

    public VaultStatus SyncAll(StoreHandle directory) => inner.SyncAll(directory);

    public VaultStatus Allocate(StoreHandle file, long offset, long length, bool keepSize) => _shut ? VaultStatus.ReadOnly : inner.Allocate(file, offset, length, keepSize);

    public VaultStatus PunchHole(StoreHandle file, long offset, long length) => _shut ? VaultStatus.ReadOnly : inner.PunchHole(file, offset, length);

    public VaultStatus Seek(StoreHandle file, SeekKind kind, long offset, out long found) => inner.Seek(file, kind, offset, out found);

    public VaultStatus MakeDirectory(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) => _shut ? VaultStatus.ReadOnly : inner.MakeDirectory(parent, name, mode);

    public VaultStatus MakeNode(StoreHandle parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device) =>
        _shut ? VaultStatus.ReadOnly : inner.MakeNode(parent, name, kind, mode, device);

    public VaultStatus MakeSymlink(StoreHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target) => _shut ? VaultStatus.ReadOnly : inner.MakeSymlink(parent, name, target);

    public VaultStatus ReadSymlink(StoreHandle parent, ReadOnlySpan<byte> name, Span<byte> target, out int length) => inner.ReadSymlink(parent, name, target, out length);

    public VaultStatus Unlink(StoreHandle parent, ReadOnlySpan<byte> name) => _shut ? VaultStatus.ReadOnly : inner.Unlink(parent, name);

    public VaultStatus RemoveDirectory(StoreHandle parent, ReadOnlySpan<byte> name) => _shut ? VaultStatus.ReadOnly : inner.RemoveDirectory(parent, name);

    public VaultStatus Rename(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName, RenameKind kind) =>
        _shut ? VaultStatus.ReadOnly : inner.Rename(parent, name, newParent, newName, kind);

    public VaultStatus Link(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName) =>
        _shut ? VaultStatus.ReadOnly : inner.Link(parent, name, newParent, newName);

    public VaultStatus SetMode(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) => _shut ? VaultStatus.ReadOnly : inner.SetMode(parent, name, mode);

    public VaultStatus SetMode(StoreHandle handle, uint mode) => _shut ? VaultStatus.ReadOnly : inner.SetMode(handle, mode);

    public VaultStatus SetOwner(StoreHandle parent, ReadOnlySpan<byte> name, uint? uid, uint? gid) => _shut ? VaultStatus.ReadOnly : inner.SetOwner(parent, name, uid, gid);

    public VaultStatus SetOwner(StoreHandle handle, uint? uid, uint? gid) => _shut ? VaultStatus.ReadOnly : inner.SetOwner(handle, uid, gid);

    public VaultStatus SetTimes(StoreHandle parent, ReadOnlySpan<byte> name, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) =>
        _shut ? VaultStatus.ReadOnly : inner.SetTimes(parent, name, accessed, accessedNow, modified, modifiedNow);

    public VaultStatus SetTimes(StoreHandle handle, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) =>
        _shut ? VaultStatus.ReadOnly : inner.SetTimes(handle, accessed, accessedNow, modified, modifiedNow);

    public VaultStatus List(StoreHandle directory, ulong cookie, IStoreEntrySink sink) => inner.List(directory, cookie, sink);

    public VaultStatus GetXattr(StoreHandle handle, ReadOnlySpan<byte> name, Span<byte> value, out int length) => inner.GetXattr(handle, name, value, out length);

    public VaultStatus SetXattr(StoreHandle handle, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace) =>
        _shut ? VaultStatus.ReadOnly : inner.SetXattr(handle, name, value, create, replace);

    public VaultStatus ListXattr(StoreHandle handle, Span<byte> names, out int length) => inner.ListXattr(handle, names, out length);

    public VaultStatus RemoveXattr(StoreHandle handle, ReadOnlySpan<byte> name) => _shut ? VaultStatus.ReadOnly : inner.RemoveXattr(handle, name);

    public VaultStatus GetStatistics(StoreHandle handle, out StoreStatistics statistics) => inner.GetStatistics(handle, out statistics);

    /// <summary>Shut, a store that gives who only reads no lock is read without.</summary>
    public VaultStatus Lock(StoreHandle file, bool wait)
    {
        VaultStatus status = inner.Lock(file, wait);
        return _shut && status != VaultStatus.Busy ? VaultStatus.Ok : status;
    }

    public VaultStatus Unlock(StoreHandle file) => inner.Unlock(file);
}
