using System;
using SecureVault.Terms;

namespace SecureVault.Fuse.Operations;

/// <summary>The waist as the operations call it, so that tests can stand in for the engine. Contracts are those of VaultFileSystem.</summary>
/// <remarks>Any thread, concurrently.</remarks>
internal interface IDriveOperations
{
    /// <summary>Asks to be told of files whose cached pages must go; on any thread, one that serves a request too, and under locks.</summary>
    void OnCacheMustGo(Action<NodeId> told)
    {
    }

    VaultStatus Lookup(NodeId parent, ReadOnlySpan<byte> name, out NodeEntry entry);
    void Forget(NodeId node, ulong count);
    VaultStatus GetAttributes(NodeId node, out NodeAttributes attributes);
    VaultStatus SetAttributes(in Caller caller, NodeId node, IDriveFile? file, in AttributeChange change, out NodeAttributes attributes);
    VaultStatus MakeNode(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device, out NodeEntry entry);
    VaultStatus MakeDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, out NodeEntry entry);
    VaultStatus Unlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name);
    VaultStatus RemoveDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name);
    VaultStatus MakeSymlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, out NodeEntry entry);
    VaultStatus ReadSymlink(NodeId node, Span<byte> target, out int length);
    VaultStatus Rename(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeId newParent, ReadOnlySpan<byte> newName, RenameKind kind);
    VaultStatus Link(in Caller caller, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, out NodeEntry entry);
    VaultStatus Open(in Caller caller, NodeId node, OpenIntent intent, out IDriveFile? file, out bool keepCache);
    VaultStatus Create(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, OpenIntent intent, out NodeEntry entry, out IDriveFile? file);
    VaultStatus OpenDirectory(in Caller caller, NodeId node, out IDriveDirectory? directory);
    VaultStatus GetStatistics(out StoreStatistics statistics);
    VaultStatus GetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, out int length);
    VaultStatus SetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace);
    VaultStatus ListXattr(in Caller caller, NodeId node, bool accessLists, Span<byte> names, out int length);
    VaultStatus RemoveXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name);
    bool KeepsAccessLists { get; }
    VaultStatus GetAccessList(NodeId node, AclKind kind, Span<byte> value, out int length);
    VaultStatus SetAccessList(in Caller caller, NodeId node, AclKind kind, ReadOnlySpan<byte> value, bool clearSetGid);
    VaultStatus RemoveAccessList(in Caller caller, NodeId node, AclKind kind);
}

/// <summary>An open file: OpenFile's calls.</summary>
internal interface IDriveFile
{
    /// <summary>As OpenFile has it.</summary>
    bool KeepsOutOfCache => false;

    VaultStatus Read(long plainOffset, Span<byte> plain, out int read);

    /// <summary>As OpenFile has it.</summary>
    VaultStatus ReadForCache(long plainOffset, Span<byte> plain, out int read) => Read(plainOffset, plain, out read);

    /// <summary>As OpenFile has it.</summary>
    VaultStatus CheckWritingByCache() => VaultStatus.Ok;
    VaultStatus Write(long plainOffset, ReadOnlySpan<byte> plain, out int written);
    VaultStatus WriteAppended(long plainOffset, ReadOnlySpan<byte> plain, out int written);
    VaultStatus Flush();
    VaultStatus Sync(bool dataOnly);
    VaultStatus Allocate(AllocateKind kind, long plainOffset, long length);
    VaultStatus Seek(SeekKind kind, long plainOffset, out long found);
    VaultStatus CopyTo(IDriveFile target, long plainOffset, long targetOffset, long length, out long copied);
    void Release();
}

/// <summary>An open folder: OpenFolder's calls.</summary>
internal interface IDriveDirectory
{
    VaultStatus Read(ulong cookie, bool withAttributes, IDirectorySink sink);
    VaultStatus Sync();
    void Release();
}
