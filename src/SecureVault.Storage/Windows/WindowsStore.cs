using System;
using System.Runtime.Versioning;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>The backing store of a Windows machine: a folder of NTFS, reached by calls relative to open folders, no link ever followed.</summary>
/// <remarks>
/// <para>Any thread. ReadAt, WriteAt and Stat by handle allocate nothing. Everything is opened shared for read, write and delete. The kernel takes calls through one handle in turn.</para>
/// <para>
/// Modes: of the permission bits NTFS keeps the owner's write bit, as the READONLY attribute; a file that has it is opened for writing and
/// removed all the same, as Linux does for an owner. Owners: uid and gid are 0 and setting them does nothing, for rights come from the ACL that
/// an object inherits from its folder.
/// </para>
/// <para>
/// Limits: no extended attributes, links, fifos or devices, and no exchange of two names. Reparse points (symbolic links, junctions, but
/// deduplicated and cloud-only files too) are refused. Without POSIX semantics (FAT, old servers) replacing an open file is not one step, see WindowsNames.
/// </para>
/// </remarks>
[SupportedOSPlatform("windows")]
public sealed class WindowsStore : IBackingStore
{
    private readonly DirtyFiles _dirty = new();
    private readonly WindowsOpen _open;

    public WindowsStore() => _open = new WindowsOpen(_dirty);

    public bool KeepsXattrs => false;

    public VaultStatus OpenRoot(string path, out StoreHandle? directory) => _open.Root(path, out directory);

    public VaultStatus OpenDirectory(StoreHandle parent, ReadOnlySpan<byte> name, out StoreHandle? directory) => _open.Directory(parent, name, out directory);

    public VaultStatus OpenAgain(StoreHandle directory, out StoreHandle? again)
    {
        VaultStatus status = NtOpen.Again(directory, Nt.FILE_READ_DATA, out WindowsHandle? own);
        again = own;
        return status;
    }

    public VaultStatus OpenFile(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file) => _open.File(directory, name, open, mode, out file);

    public VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat) => WindowsAttributes.Stat(directory, name, out stat);

    public VaultStatus Stat(StoreHandle handle, out StoreStat stat) => WindowsAttributes.Stat(handle, out stat);

    public VaultStatus Identify(StoreHandle directory, ReadOnlySpan<byte> name, out StoreIdentity identity) => WindowsAttributes.Identify(directory, name, out identity);

    public VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read) => WindowsFiles.ReadAt(file, target, offset, out read);

    public VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written) => WindowsFiles.WriteAt((WindowsHandle)file, source, offset, _dirty, out written);

    public VaultStatus SetSize(StoreHandle file, long size) => WindowsFiles.SetSize((WindowsHandle)file, size, _dirty);

    /// <summary>A folder that the system does not flush for this user is Ok: NTFS journals names, and the flush of any file carries the journal along.</summary>
    public VaultStatus Sync(StoreHandle handle, bool dataOnly)
    {
        VaultStatus status = _dirty.Flush((WindowsHandle)handle);
        bool refused = status is VaultStatus.Denied or VaultStatus.Invalid or VaultStatus.NotSupported or VaultStatus.BadHandle;
        return refused && WindowsAttributes.Stat(handle, out StoreStat stat) == VaultStatus.Ok && stat.Kind == NodeKind.Directory ? VaultStatus.Ok : status;
    }

    public VaultStatus SyncAll(StoreHandle directory)
    {
        VaultStatus status = _dirty.FlushAll();
        return status == VaultStatus.Ok ? Sync(directory, dataOnly: false) : status;
    }

    public VaultStatus Allocate(StoreHandle file, long offset, long length, bool keepSize) => WindowsSpace.Allocate((WindowsHandle)file, offset, length, keepSize, _dirty);

    public VaultStatus PunchHole(StoreHandle file, long offset, long length) => WindowsSpace.PunchHole((WindowsHandle)file, offset, length, _dirty);

    public VaultStatus Seek(StoreHandle file, SeekKind kind, long offset, out long found) => WindowsSpace.Seek(file, kind, offset, out found);

    public VaultStatus MakeDirectory(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) => WindowsOpen.MakeDirectory(parent, name, mode);

    public VaultStatus MakeNode(StoreHandle parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device) => VaultStatus.NotSupported;

    public VaultStatus MakeSymlink(StoreHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target) => VaultStatus.NotSupported;

    public VaultStatus ReadSymlink(StoreHandle parent, ReadOnlySpan<byte> name, Span<byte> target, out int length)
    {
        length = 0;
        return VaultStatus.NotSupported;
    }

    public VaultStatus Unlink(StoreHandle parent, ReadOnlySpan<byte> name) => WindowsNames.Remove(parent, name, folder: false);

    public VaultStatus RemoveDirectory(StoreHandle parent, ReadOnlySpan<byte> name) => WindowsNames.Remove(parent, name, folder: true);

    public VaultStatus Rename(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName, RenameKind kind) => WindowsNames.Rename(parent, name, newParent, newName, kind);

    public VaultStatus Link(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName) => WindowsNames.Link(parent, name, newParent, newName);

    public VaultStatus SetMode(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) => _open.SetMode(parent, name, mode);

    public VaultStatus SetMode(StoreHandle handle, uint mode) => _open.SetMode(handle, mode);

    public VaultStatus SetOwner(StoreHandle parent, ReadOnlySpan<byte> name, uint? uid, uint? gid) => VaultStatus.Ok;

    public VaultStatus SetOwner(StoreHandle handle, uint? uid, uint? gid) => VaultStatus.Ok;

    public VaultStatus SetTimes(StoreHandle parent, ReadOnlySpan<byte> name, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) => WindowsAttributes.SetTimes(parent, name, accessed, accessedNow, modified, modifiedNow);

    public VaultStatus SetTimes(StoreHandle handle, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow) => WindowsAttributes.SetTimes(handle, accessed, accessedNow, modified, modifiedNow);

    public VaultStatus List(StoreHandle directory, ulong cookie, IStoreEntrySink sink) => WindowsListing.List(directory, cookie, sink);

    public VaultStatus GetXattr(StoreHandle handle, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        return VaultStatus.NoAttribute;
    }

    public VaultStatus SetXattr(StoreHandle handle, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace) => VaultStatus.NotSupported;

    public VaultStatus ListXattr(StoreHandle handle, Span<byte> names, out int length)
    {
        length = 0;
        return VaultStatus.Ok;
    }

    public VaultStatus RemoveXattr(StoreHandle handle, ReadOnlySpan<byte> name) => VaultStatus.NoAttribute;

    public VaultStatus GetStatistics(StoreHandle handle, out StoreStatistics statistics) => WindowsAttributes.Statistics(handle, out statistics);

    public VaultStatus Lock(StoreHandle file, bool wait) => WindowsFiles.Lock(file, wait);

    public VaultStatus Unlock(StoreHandle file) => WindowsFiles.Unlock(file);
}
