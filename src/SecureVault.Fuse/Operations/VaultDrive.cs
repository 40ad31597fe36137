using System;
using SecureVault.FileSystem;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>The engine seen through IDriveOperations. One small object per open; nothing per request.</summary>
internal sealed class VaultDrive(VaultFileSystem engine) : IDriveOperations
{
    public void OnCacheMustGo(Action<NodeId> told) => engine.CacheMustGo = told;

    public VaultStatus Lookup(NodeId parent, ReadOnlySpan<byte> name, out NodeEntry entry) => engine.Lookup(parent, name, out entry);

    public void Forget(NodeId node, ulong count) => engine.Forget(node, count);

    public VaultStatus GetAttributes(NodeId node, out NodeAttributes attributes) => engine.GetAttributes(node, out attributes);

    public VaultStatus SetAttributes(in Caller caller, NodeId node, IDriveFile? file, in AttributeChange change, out NodeAttributes attributes)
        => engine.SetAttributes(caller, node, (file as VaultDriveFile)?.File, change, out attributes);

    public VaultStatus MakeNode(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device, out NodeEntry entry)
        => engine.MakeNode(caller, parent, name, kind, mode, device, out entry);

    public VaultStatus MakeDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, out NodeEntry entry)
        => engine.MakeDirectory(caller, parent, name, mode, out entry);

    public VaultStatus Unlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name) => engine.Unlink(caller, parent, name);

    public VaultStatus RemoveDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name) => engine.RemoveDirectory(caller, parent, name);

    public VaultStatus MakeSymlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, out NodeEntry entry)
        => engine.MakeSymlink(caller, parent, name, target, out entry);

    public VaultStatus ReadSymlink(NodeId node, Span<byte> target, out int length) => engine.ReadSymlink(node, target, out length);

    public VaultStatus Rename(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeId newParent, ReadOnlySpan<byte> newName, RenameKind kind)
        => engine.Rename(caller, parent, name, newParent, newName, kind);

    public VaultStatus Link(in Caller caller, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, out NodeEntry entry)
        => engine.Link(caller, node, newParent, newName, out entry);

    public VaultStatus Open(in Caller caller, NodeId node, OpenIntent intent, out IDriveFile? file, out bool keepCache)
    {
        VaultStatus status = engine.Open(caller, node, intent, out OpenFile? opened, out keepCache);
        file = opened is null ? null : new VaultDriveFile(opened);
        return status;
    }

    public VaultStatus Create(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, OpenIntent intent, out NodeEntry entry, out IDriveFile? file)
    {
        VaultStatus status = engine.Create(caller, parent, name, mode, intent, out entry, out OpenFile? opened);
        file = opened is null ? null : new VaultDriveFile(opened);
        return status;
    }

    public VaultStatus OpenDirectory(in Caller caller, NodeId node, out IDriveDirectory? directory)
    {
        VaultStatus status = engine.OpenDirectory(caller, node, out OpenFolder? opened);
        directory = opened is null ? null : new VaultDriveDirectory(opened);
        return status;
    }

    public VaultStatus GetStatistics(out StoreStatistics statistics) => engine.GetStatistics(out statistics);

    public VaultStatus GetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, out int length)
        => engine.GetXattr(caller, node, name, value, out length);

    public VaultStatus SetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace)
        => engine.SetXattr(caller, node, name, value, create, replace);

    public VaultStatus ListXattr(in Caller caller, NodeId node, bool accessLists, Span<byte> names, out int length)
        => engine.ListXattr(caller, node, accessLists, names, out length);

    public VaultStatus RemoveXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name) => engine.RemoveXattr(caller, node, name);

    public bool KeepsAccessLists => engine.KeepsAccessLists;

    public VaultStatus GetAccessList(NodeId node, AclKind kind, Span<byte> value, out int length) => engine.GetAccessList(node, kind, value, out length);

    public VaultStatus SetAccessList(in Caller caller, NodeId node, AclKind kind, ReadOnlySpan<byte> value, bool clearSetGid)
        => engine.SetAccessList(caller, node, kind, value, clearSetGid);

    public VaultStatus RemoveAccessList(in Caller caller, NodeId node, AclKind kind) => engine.RemoveAccessList(caller, node, kind);

    private sealed class VaultDriveFile(OpenFile file) : IDriveFile
    {
        public OpenFile File => file;

        public bool KeepsOutOfCache => file.KeepsOutOfCache;

        public VaultStatus CheckWritingByCache() => file.CheckWritingByCache();

        public VaultStatus ReadForCache(long plainOffset, Span<byte> plain, out int read) => file.ReadForCache(plainOffset, plain, out read);

        public VaultStatus Read(long plainOffset, Span<byte> plain, out int read) => file.Read(plainOffset, plain, out read);

        public VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, out int written) => file.Write(plainOffset, plain, out written);
        public VaultStatus WriteAppended(long plainOffset, ReadOnlySpan<byte> plain, out int written) => file.WriteAppended(plainOffset, plain, out written);

        public VaultStatus Flush() => file.Flush();

        public VaultStatus Sync(bool dataOnly) => file.Sync(dataOnly);

        public VaultStatus Allocate(AllocateKind kind, long plainOffset, long length) => file.Allocate(kind, plainOffset, length);

        public VaultStatus Seek(SeekKind kind, long plainOffset, out long found) => file.Seek(kind, plainOffset, out found);

        public VaultStatus CopyTo(IDriveFile target, long plainOffset, long targetOffset, long length, out long copied)
            => file.CopyTo(((VaultDriveFile)target).File, plainOffset, targetOffset, length, out copied);

        public void Release() => file.Release();
    }

    private sealed class VaultDriveDirectory(OpenFolder directory) : IDriveDirectory
    {
        public VaultStatus Read(ulong cookie, bool withAttributes, IDirectorySink sink) => directory.Read(cookie, withAttributes, sink);

        public VaultStatus Sync() => directory.Sync();

        public void Release() => directory.Release();
    }
}
