using System;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Tests.Vaults;

/// <summary>A store whose changes begin to fail after a number of them: a disk that fills, or a machine that stops.</summary>
internal sealed class FaultyStore(IBackingStore inner, int changesThatWork, VaultStatus answer) : IBackingStore
{
    /// <summary>Removing and cutting count and fail too; a full disk lets one do both.</summary>
    public bool RemovalFails { get; init; }

    /// <summary>Nothing can be read.</summary>
    public bool ReadsFail { get; set; }

    /// <summary>Changes asked for so far.</summary>
    public int Changes { get; private set; }

    /// <summary>Changes that still work; more are allowed by raising it.</summary>
    public int Allowed { get; set; } = changesThatWork;

    public VaultStatus OpenRoot(string path, out StoreHandle? directory) => inner.OpenRoot(path, out directory);

    public VaultStatus OpenDirectory(StoreHandle parent, ReadOnlySpan<byte> name, out StoreHandle? directory) => inner.OpenDirectory(parent, name, out directory);
    public VaultStatus OpenAgain(StoreHandle directory, out StoreHandle? again) => inner.OpenAgain(directory, out again);

    public VaultStatus OpenFile(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file)
    {
        file = null;
        return open.HasFlag(StoreOpen.Create) && Fails() is { } failure ? failure : inner.OpenFile(directory, name, open, mode, out file);
    }

    public VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat) => inner.Stat(directory, name, out stat);

    public VaultStatus Stat(StoreHandle handle, out StoreStat stat) => inner.Stat(handle, out stat);

    public VaultStatus Identify(StoreHandle directory, ReadOnlySpan<byte> name, out StoreIdentity identity) => inner.Identify(directory, name, out identity);

    public VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read)
    {
        read = 0;
        return ReadsFail ? answer : inner.ReadAt(file, target, offset, out read);
    }

    public VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written)
    {
        written = 0;
        return Fails() is { } failure ? failure : inner.WriteAt(file, source, offset, out written);
    }

    public VaultStatus SetSize(StoreHandle file, long size) => (RemovalFails ? Fails() : null) ?? inner.SetSize(file, size);

    public VaultStatus Sync(StoreHandle handle, bool dataOnly) => Fails() ?? inner.Sync(handle, dataOnly);

    public VaultStatus SyncAll(StoreHandle directory) => Fails() ?? inner.SyncAll(directory);

    public VaultStatus Allocate(StoreHandle file, long offset, long length, bool keepSize) => Fails() ?? inner.Allocate(file, offset, length, keepSize);

    public VaultStatus PunchHole(StoreHandle file, long offset, long length) => Fails() ?? inner.PunchHole(file, offset, length);

    public VaultStatus Seek(StoreHandle file, SeekKind kind, long offset, out long found) => inner.Seek(file, kind, offset, out found);

    public VaultStatus MakeDirectory(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) => Fails() ?? inner.MakeDirectory(parent, name, mode);

    public VaultStatus MakeNode(StoreHandle parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device) => Fails() ?? inner.MakeNode(parent, name, kind, mode, device);

    public VaultStatus MakeSymlink(StoreHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target) => Fails() ?? inner.MakeSymlink(parent, name, target);

    public VaultStatus ReadSymlink(StoreHandle parent, ReadOnlySpan<byte> name, Span<byte> target, out int length) => inner.ReadSymlink(parent, name, target, out length);

    public VaultStatus Unlink(StoreHandle parent, ReadOnlySpan<byte> name) => (RemovalFails ? Fails() : null) ?? inner.Unlink(parent, name);

    public VaultStatus RemoveDirectory(StoreHandle parent, ReadOnlySpan<byte> name) => (RemovalFails ? Fails() : null) ?? inner.RemoveDirectory(parent, name);

    public VaultStatus Rename(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName, RenameKind kind) => Fails() ?? inner.Rename(parent, name, newParent, newName, kind);

    public VaultStatus Link(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName) => Fails() ?? inner.Link(parent, name, newParent, newName);

    public VaultStatus SetMode(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) => Fails() ?? inner.SetMode(parent, name, mode);

    public VaultStatus SetMode(StoreHandle handle, uint mode) => Fails() ?? inner.SetMode(handle, mode);

    public VaultStatus SetOwner(StoreHandle parent, ReadOnlySpan<byte> name, uint? uid, uint? gid) => Fails() ?? inner.SetOwner(parent, name, uid, gid);

    public VaultStatus SetOwner(StoreHandle handle, uint? uid, uint? gid) => Fails() ?? inner.SetOwner(handle, uid, gid);

    public VaultStatus SetTimes(StoreHandle parent, ReadOnlySpan<byte> name, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) => Fails() ?? inner.SetTimes(parent, name, accessed, accessedNow, modified, modifiedNow);

    public VaultStatus SetTimes(StoreHandle handle, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) => Fails() ?? inner.SetTimes(handle, accessed, accessedNow, modified, modifiedNow);

    public VaultStatus List(StoreHandle directory, ulong cookie, IStoreEntrySink sink) => inner.List(directory, cookie, sink);

    public bool KeepsXattrs => inner.KeepsXattrs;

    public VaultStatus GetXattr(StoreHandle handle, ReadOnlySpan<byte> name, Span<byte> value, out int length) => inner.GetXattr(handle, name, value, out length);

    public VaultStatus SetXattr(StoreHandle handle, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace) => Fails() ?? inner.SetXattr(handle, name, value, create, replace);

    public VaultStatus ListXattr(StoreHandle handle, Span<byte> names, out int length) => inner.ListXattr(handle, names, out length);

    public VaultStatus RemoveXattr(StoreHandle handle, ReadOnlySpan<byte> name) => Fails() ?? inner.RemoveXattr(handle, name);

    public VaultStatus GetStatistics(StoreHandle handle, out StoreStatistics statistics) => inner.GetStatistics(handle, out statistics);

    public VaultStatus Lock(StoreHandle file, bool wait) => inner.Lock(file, wait);

    public VaultStatus Unlock(StoreHandle file) => inner.Unlock(file);

    private VaultStatus? Fails() => ++Changes > Allowed ? answer : null;
}
