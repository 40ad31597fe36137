using System;

namespace SecureVault.FileSystem;

/// <summary>The narrow waist: what a kernel adapter may ask of a mounted vault. Names are raw bytes (1..255, no slash, no NUL).</summary>
/// <remarks>Any thread, concurrently. POSIX permission bits are the kernel's business (default_permissions); labels are decided here.</remarks>
public sealed class VaultFileSystem
{
    public VaultStatus Lookup(NodeId parent, ReadOnlySpan<byte> name, out NodeEntry entry) => throw new NotSupportedException();
    public void Forget(NodeId node, ulong count) => throw new NotSupportedException();
    public VaultStatus GetAttributes(NodeId node, out NodeAttributes attributes) => throw new NotSupportedException();
    public VaultStatus SetAttributes(in Caller caller, NodeId node, OpenFile? file, in AttributeChange change, out NodeAttributes attributes) => throw new NotSupportedException();
    public VaultStatus MakeNode(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device, out NodeEntry entry) => throw new NotSupportedException();
    public VaultStatus MakeDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, out NodeEntry entry) => throw new NotSupportedException();
    public VaultStatus Unlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name) => throw new NotSupportedException();
    public VaultStatus RemoveDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name) => throw new NotSupportedException();
    public VaultStatus MakeSymlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, out NodeEntry entry) => throw new NotSupportedException();

    /// <summary>target has room for 4096 bytes.</summary>
    public VaultStatus ReadSymlink(NodeId node, Span<byte> target, out int length) => throw new NotSupportedException();
    public VaultStatus Rename(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeId newParent, ReadOnlySpan<byte> newName, RenameKind kind) => throw new NotSupportedException();
    public VaultStatus Link(in Caller caller, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, out NodeEntry entry) => throw new NotSupportedException();

    /// <summary>The gate: decides, records, then opens. The caller releases the file.</summary>
    /// <param name="keepCache">True when cached content may be kept.</param>
    public VaultStatus Open(in Caller caller, NodeId node, OpenIntent intent, out OpenFile? file, out bool keepCache) => throw new NotSupportedException();
    public VaultStatus Create(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, OpenIntent intent, out NodeEntry entry, out OpenFile? file) => throw new NotSupportedException();
    public VaultStatus OpenDirectory(in Caller caller, NodeId node, out OpenDirectory? directory) => throw new NotSupportedException();
    public VaultStatus GetStatistics(out StoreStatistics statistics) => throw new NotSupportedException();

    /// <summary>Copies the value when it fits; an empty value asks for the length only. Range when too small.</summary>
    public VaultStatus GetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, out int length) => throw new NotSupportedException();

    /// <summary>create and replace as XATTR_CREATE and XATTR_REPLACE.</summary>
    public VaultStatus SetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace) => throw new NotSupportedException();

    /// <summary>NUL-terminated names.</summary>
    public VaultStatus ListXattr(in Caller caller, NodeId node, Span<byte> names, out int length) => throw new NotSupportedException();
    public VaultStatus RemoveXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name) => throw new NotSupportedException();
}
