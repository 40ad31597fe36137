using System;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;

namespace SecureVault.Tests.Storage;

/// <summary>A store that does what another does, to be overridden in parts.</summary>
internal class DelegatingStore : IBackingStore
{
    protected IBackingStore Inner { get; } = new LinuxStore();

    public virtual int OpenLimit => Inner.OpenLimit;

    public virtual bool KeepsXattrs => Inner.KeepsXattrs;

    public virtual VaultStatus OpenRoot(string path, out StoreHandle? directory) => Inner.OpenRoot(path, out directory);
    public virtual VaultStatus OpenDirectory(StoreHandle parent, ReadOnlySpan<byte> name, out StoreHandle? directory) => Inner.OpenDirectory(parent, name, out directory);
    public virtual VaultStatus OpenAgain(StoreHandle directory, out StoreHandle? again) => Inner.OpenAgain(directory, out again);
    public virtual VaultStatus OpenFile(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file) => Inner.OpenFile(directory, name, open, mode, out file);
    public virtual VaultStatus Hold(StoreHandle directory, ReadOnlySpan<byte> name, out StoreHandle? held) => Inner.Hold(directory, name, out held);
    public virtual VaultStatus OpenHeld(StoreHandle held, StoreOpen open, out StoreHandle? file) => Inner.OpenHeld(held, open, out file);
    public virtual VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat) => Inner.Stat(directory, name, out stat);
    public virtual VaultStatus Stat(StoreHandle handle, out StoreStat stat) => Inner.Stat(handle, out stat);
    public virtual VaultStatus Identify(StoreHandle directory, ReadOnlySpan<byte> name, out StoreIdentity identity) => Inner.Identify(directory, name, out identity);
    public virtual VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read) => Inner.ReadAt(file, target, offset, out read);
    public virtual VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written) => Inner.WriteAt(file, source, offset, out written);
    public virtual VaultStatus SetSize(StoreHandle file, long size) => Inner.SetSize(file, size);
    public virtual void BeginWriteback(StoreHandle file, long offset, long length) => Inner.BeginWriteback(file, offset, length);
    public virtual VaultStatus Sync(StoreHandle handle, bool dataOnly) => Inner.Sync(handle, dataOnly);
    public virtual VaultStatus SyncAll(StoreHandle directory) => Inner.SyncAll(directory);
    public virtual VaultStatus Allocate(StoreHandle file, long offset, long length, bool keepSize) => Inner.Allocate(file, offset, length, keepSize);
    public virtual VaultStatus PunchHole(StoreHandle file, long offset, long length) => Inner.PunchHole(file, offset, length);
    public virtual VaultStatus Seek(StoreHandle file, SeekKind kind, long offset, out long found) => Inner.Seek(file, kind, offset, out found);
    public virtual VaultStatus MakeDirectory(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) => Inner.MakeDirectory(parent, name, mode);
    public virtual VaultStatus MakeNode(StoreHandle parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device) => Inner.MakeNode(parent, name, kind, mode, device);
    public virtual VaultStatus MakeSymlink(StoreHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target) => Inner.MakeSymlink(parent, name, target);
    public virtual VaultStatus ReadSymlink(StoreHandle parent, ReadOnlySpan<byte> name, Span<byte> target, out int length) => Inner.ReadSymlink(parent, name, target, out length);
    public virtual VaultStatus Unlink(StoreHandle parent, ReadOnlySpan<byte> name) => Inner.Unlink(parent, name);
    public virtual VaultStatus RemoveDirectory(StoreHandle parent, ReadOnlySpan<byte> name) => Inner.RemoveDirectory(parent, name);
    public virtual VaultStatus Rename(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName, RenameKind kind) => Inner.Rename(parent, name, newParent, newName, kind);
    public virtual VaultStatus Link(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName) => Inner.Link(parent, name, newParent, newName);
    public virtual VaultStatus SetMode(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) => Inner.SetMode(parent, name, mode);
    public virtual VaultStatus SetMode(StoreHandle handle, uint mode) => Inner.SetMode(handle, mode);
    public virtual VaultStatus SetOwner(StoreHandle parent, ReadOnlySpan<byte> name, uint? uid, uint? gid) => Inner.SetOwner(parent, name, uid, gid);
    public virtual VaultStatus SetOwner(StoreHandle handle, uint? uid, uint? gid) => Inner.SetOwner(handle, uid, gid);
    public virtual VaultStatus SetTimes(StoreHandle parent, ReadOnlySpan<byte> name, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) => Inner.SetTimes(parent, name, accessed, accessedNow, modified, modifiedNow);
    public virtual VaultStatus SetTimes(StoreHandle handle, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) => Inner.SetTimes(handle, accessed, accessedNow, modified, modifiedNow);
    public virtual VaultStatus List(StoreHandle directory, ulong cookie, IStoreEntrySink sink) => Inner.List(directory, cookie, sink);
    public virtual VaultStatus GetXattr(StoreHandle handle, ReadOnlySpan<byte> name, Span<byte> value, out int length) => Inner.GetXattr(handle, name, value, out length);
    public virtual VaultStatus SetXattr(StoreHandle handle, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace) => Inner.SetXattr(handle, name, value, create, replace);
    public virtual VaultStatus ListXattr(StoreHandle handle, Span<byte> names, out int length) => Inner.ListXattr(handle, names, out length);
    public virtual VaultStatus RemoveXattr(StoreHandle handle, ReadOnlySpan<byte> name) => Inner.RemoveXattr(handle, name);
    public virtual VaultStatus GetStatistics(StoreHandle handle, out StoreStatistics statistics) => Inner.GetStatistics(handle, out statistics);
    public virtual VaultStatus Lock(StoreHandle file, bool wait) => Inner.Lock(file, wait);
    public virtual VaultStatus Unlock(StoreHandle file) => Inner.Unlock(file);
}
