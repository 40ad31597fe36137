using System;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>The backing store of a Linux machine: a folder, reached by system calls relative to open folders, no link ever followed.</summary>
/// <remarks>
/// Any thread. ReadAt, WriteAt, Stat and Identify allocate nothing. Modes given at creation are exact, whatever the process's umask.
/// A file or folder that its own mode forbids to this process, its owner, is opened all the same: the owner's bits are granted for the moment of the open.
/// </remarks>
public sealed class LinuxStore : IBackingStore
{
    private readonly LinuxOpen _open = new();
    private readonly RemovedObjects _removed = new();
    private readonly LinuxNames _names;
    private readonly Writeback _writeback = new();

    public LinuxStore() => _names = new LinuxNames(_removed);

    public int OpenLimit => LinuxOpen.Limit();

    public VaultStatus OpenRoot(string path, out StoreHandle? directory) => LinuxOpen.Root(path, out directory);

    public VaultStatus OpenDirectory(StoreHandle parent, ReadOnlySpan<byte> name, out StoreHandle? directory) => _open.Directory(parent, name, out directory);

    public VaultStatus OpenAgain(StoreHandle directory, out StoreHandle? again) => LinuxOpen.Again(directory, out again);

    public VaultStatus OpenFile(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file)
    {
        VaultStatus status = _open.File(directory, name, open, mode, out file);
        return MayFitNow(status) ? _open.File(directory, name, open, mode, out file) : status;
    }

    public VaultStatus Hold(StoreHandle directory, ReadOnlySpan<byte> name, out StoreHandle? held) => HeldFiles.Hold(directory, name, out held);

    public VaultStatus OpenHeld(StoreHandle held, StoreOpen open, out StoreHandle? file) => HeldFiles.Open(held, open, out file);

    public VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat) => LinuxAttributes.Stat(directory, name, out stat);

    public VaultStatus Stat(StoreHandle handle, out StoreStat stat) => LinuxAttributes.Stat(handle, out stat);

    public VaultStatus Identify(StoreHandle directory, ReadOnlySpan<byte> name, out StoreIdentity identity) => LinuxAttributes.Identify(directory, name, out identity);

    public VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read) => LinuxFiles.ReadAt(file, target, offset, out read);

    public VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written)
    {
        VaultStatus status = LinuxFiles.WriteAt(file, source, offset, out written);
        return MayFitNow(status) ? LinuxFiles.WriteAt(file, source, offset, out written) : status;
    }

    public VaultStatus SetSize(StoreHandle file, long size) => LinuxFiles.SetSize(file, size);

    public void BeginWriteback(StoreHandle file, long offset, long length) => _writeback.Begin(file, offset, length);

    public VaultStatus Sync(StoreHandle handle, bool dataOnly) => LinuxFiles.Sync(handle, dataOnly);

    public VaultStatus SyncAll(StoreHandle directory)
    {
        _removed.Settle();
        return LinuxFiles.SyncAll(directory);
    }

    public VaultStatus Allocate(StoreHandle file, long offset, long length, bool keepSize)
    {
        VaultStatus status = LinuxFiles.Allocate(file, offset, length, keepSize);
        return MayFitNow(status) ? LinuxFiles.Allocate(file, offset, length, keepSize) : status;
    }

    public VaultStatus PunchHole(StoreHandle file, long offset, long length) => LinuxFiles.PunchHole(file, offset, length);

    public VaultStatus Seek(StoreHandle file, SeekKind kind, long offset, out long found) => LinuxFiles.Seek(file, kind, offset, out found);

    public VaultStatus MakeDirectory(StoreHandle parent, ReadOnlySpan<byte> name, uint mode)
    {
        VaultStatus status = _names.MakeDirectory(parent, name, mode);
        return MayFitNow(status) ? _names.MakeDirectory(parent, name, mode) : status;
    }

    public VaultStatus MakeNode(StoreHandle parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device) => _names.MakeNode(parent, name, kind, mode, device);

    public VaultStatus MakeSymlink(StoreHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target) => LinuxNames.MakeSymlink(parent, name, target);

    public VaultStatus ReadSymlink(StoreHandle parent, ReadOnlySpan<byte> name, Span<byte> target, out int length) => LinuxNames.ReadSymlink(parent, name, target, out length);

    public VaultStatus Unlink(StoreHandle parent, ReadOnlySpan<byte> name) => _names.Remove(parent, name, folder: false);

    public VaultStatus RemoveDirectory(StoreHandle parent, ReadOnlySpan<byte> name) => _names.Remove(parent, name, folder: true);

    public VaultStatus Rename(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName, RenameKind kind) => _names.Rename(parent, name, newParent, newName, kind);

    public VaultStatus Link(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName) => LinuxNames.Link(parent, name, newParent, newName);

    public VaultStatus SetMode(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) => _open.SetMode(parent, name, mode);

    public VaultStatus SetMode(StoreHandle handle, uint mode) => _open.SetMode(handle, mode);

    public VaultStatus SetOwner(StoreHandle parent, ReadOnlySpan<byte> name, uint? uid, uint? gid) => LinuxAttributes.SetOwner(parent, name, uid, gid);

    public VaultStatus SetOwner(StoreHandle handle, uint? uid, uint? gid) => LinuxAttributes.SetOwner(handle, uid, gid);

    public VaultStatus SetTimes(StoreHandle parent, ReadOnlySpan<byte> name, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) => LinuxAttributes.SetTimes(parent, name, accessed, accessedNow, modified, modifiedNow);

    public VaultStatus SetTimes(StoreHandle handle, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) => LinuxAttributes.SetTimes(handle, accessed, accessedNow, modified, modifiedNow);

    public VaultStatus List(StoreHandle directory, ulong cookie, IStoreEntrySink sink) => LinuxListing.List(directory, cookie, sink);

    public VaultStatus GetXattr(StoreHandle handle, ReadOnlySpan<byte> name, Span<byte> value, out int length) => LinuxXattrs.Get(handle, name, value, out length);

    public VaultStatus SetXattr(StoreHandle handle, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace) => LinuxXattrs.Set(handle, name, value, create, replace);

    public VaultStatus ListXattr(StoreHandle handle, Span<byte> names, out int length) => LinuxXattrs.List(handle, names, out length);

    public VaultStatus RemoveXattr(StoreHandle handle, ReadOnlySpan<byte> name) => LinuxXattrs.Remove(handle, name);

    public VaultStatus GetStatistics(StoreHandle handle, out StoreStatistics statistics)
    {
        _removed.Settle();
        return LinuxAttributes.Statistics(handle, out statistics);
    }

    public VaultStatus Lock(StoreHandle file, bool wait) => LinuxFiles.Lock(file, wait);

    public VaultStatus Unlock(StoreHandle file) => LinuxFiles.Unlock(file);

    /// <summary>Waits for what was removed when there was no space. True: try once more, whether something was still held or not; it may have gone between.</summary>
    private bool MayFitNow(VaultStatus status)
    {
        if (status != VaultStatus.NoSpace)
        {
            return false;
        }

        _removed.Settle();
        return true;
    }
}
