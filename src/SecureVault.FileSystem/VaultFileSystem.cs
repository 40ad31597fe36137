using System;
using System.Collections.Generic;
using SecureVault.Content;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Operations;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Decisions;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;
using SecureVault.Vaults.Offline;

namespace SecureVault.FileSystem;

/// <summary>The narrow waist: what a kernel adapter may ask of a mounted vault. Names are raw bytes (1..255, no slash, no NUL).</summary>
/// <remarks>Any thread, concurrently. POSIX permission bits are the kernel's business (default_permissions); labels are decided here.</remarks>
public sealed class VaultFileSystem
{
    private readonly Drive _drive;
    private readonly Lookups _lookups;
    private readonly AttributeChanges _attributes;
    private readonly Creation _creation;
    private readonly FileCreation _fileCreation;
    private readonly Removal _removal;
    private readonly Renaming _renaming;
    private readonly Linking _linking;
    private readonly Rights _rights;
    private readonly ExtendedAttributes _xattrs;
    private readonly AccessLists _lists;

    /// <summary>A drive over a mounted vault's session.</summary>
    /// <exception cref="System.IO.IOException">The root folder cannot be read.</exception>
    public VaultFileSystem(IVaultSession session, ILabelKeys labels, VaultKeys keys, IPolicySource policy, IAuditSink audit, ICallerDirectory callers, TimeProvider clock)
        : this((session ?? throw new ArgumentNullException(nameof(session))).Content, session.RootDirectory, labels, keys, policy, audit, callers, clock)
    {
    }

    /// <summary>A drive over a mounted vault, for a host that knows no format; after a crash what was being made is finished first. Borrows both; end with Shutdown before disposing them.</summary>
    /// <exception cref="System.IO.IOException">The root folder cannot be read.</exception>
    public static VaultFileSystem Over(Vault vault, IVaultSession session, ICallerDirectory callers, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(vault);
        if (session is VaultSession writing)
        {
            CrashRecovery.Run(vault, writing);
        }

        return new VaultFileSystem(session, vault.Labels, vault.Keys, vault.Policy, vault.Audit, callers, clock);
    }

    /// <summary>A drive over a root folder. Borrows everything; end with Shutdown before disposing any of it.</summary>
    /// <exception cref="System.IO.IOException">The root folder cannot be read.</exception>
    public VaultFileSystem(ContentContext content, StoreHandle root, ILabelKeys labels, VaultKeys keys, IPolicySource policy, IAuditSink audit, ICallerDirectory callers, TimeProvider clock)
    {
        _drive = new Drive(content, root, labels, keys, policy, audit, callers, clock);
        _lookups = new Lookups(_drive);
        _attributes = new AttributeChanges(_drive);
        var attributes = new SealedAttributes(_drive);
        _creation = new Creation(_drive, new Inheritance(_drive, attributes));
        _fileCreation = new FileCreation(_drive, _creation);
        var empty = new EmptyFolders(_drive);
        _removal = new Removal(_drive, empty);
        _renaming = new Renaming(_drive, _removal, empty);
        _linking = new Linking(_drive);
        _rights = new Rights(_drive);
        _xattrs = new ExtendedAttributes(_drive, attributes);
        _lists = new AccessLists(_drive, attributes, _attributes);
    }

    /// <summary>Nothing is changed: every change is answered ReadOnly, whoever asks.</summary>
    public bool IsReadOnly => _drive.Content.Session == 0;

    /// <summary>Told of each file that somebody lost a right to while it was open: what a kernel has cached of it must go. On any thread, one that serves a request too (strict levels), and under a lock: must not wait.</summary>
    public Action<NodeId>? CacheMustGo
    {
        get => _drive.Revocation.CacheMustGo;
        set => _drive.Revocation.CacheMustGo = value;
    }

    /// <summary>Takes from open handles what the policy no longer gives, now and not at the next turn.</summary>
    internal void LookForRevocations() => _drive.Revocation.Sweep();

    /// <summary>Files open now.</summary>
    public int OpenFileCount => _drive.OpenFiles.Count;

    /// <summary>Paths of files that were written and that the disk did not take, a hundred at most; also after Shutdown.</summary>
    public IReadOnlyList<string> Unsaved => _drive.Commits.Unsaved.Paths;

    /// <summary>Commits everything and closes it. Once, after the last operation and before the session is disposed.</summary>
    /// <returns>Not Ok when some file could not be made clean: then the session must count as crashed, so that the file is recovered.</returns>
    public VaultStatus Shutdown()
    {
        _drive.Revocation.Dispose();
        VaultStatus status = _drive.Commits.Drain();
        _drive.Commits.Dispose();
        _drive.Handles.CloseAll();
        _drive.Nodes.LetGo();
        return status;
    }

    public VaultStatus Lookup(NodeId parent, ReadOnlySpan<byte> name, out NodeEntry entry) => _lookups.Lookup(parent, name, out entry);

    /// <summary>As Lookup, ignoring case: an exact name wins, then the first in the order of bytes. Costs one listing of the folder when its map is not known.</summary>
    /// <param name="spelled">Room for 255 bytes: takes the name as the folder spells it.</param>
    /// <param name="length">Bytes of it.</param>
    public VaultStatus LookupAnyCase(NodeId parent, ReadOnlySpan<byte> name, Span<byte> spelled, out int length, out NodeEntry entry) =>
        _lookups.LookupAnyCase(parent, name, spelled, out length, out entry);

    /// <summary>Decides as the gate would, with the vault's newest policy, for a person who asks; opens nothing and records nothing.</summary>
    public static Decision Explain(Vault vault, in AccessRequest request)
    {
        ArgumentNullException.ThrowIfNull(vault);
        return OpenGate.Explain(vault.Policy.Current, request);
    }

    /// <summary>What the caller may do with an object by its label. Records nothing.</summary>
    public VaultStatus GetRight(in Caller caller, NodeId node, out AccessRight right) => _rights.Of(caller, node, out right);

    /// <summary>Everyone of the policy who has a SID and a right to the object; null when it has no label. Records nothing.</summary>
    public VaultStatus GetRights(NodeId node, out IReadOnlyList<SidRight>? rights) => _rights.OfAll(node, out rights);

    /// <summary>Decides whether the caller may remove a name, and removes nothing. A denial is recorded.</summary>
    /// <param name="mustBeEmpty">Whether a folder with entries is NotEmpty.</param>
    public VaultStatus CheckRemoval(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, bool mustBeEmpty) =>
        IsReadOnly ? VaultStatus.ReadOnly : _removal.Check(caller, parent, name, mustBeEmpty);

    public void Forget(NodeId node, ulong count) => _lookups.Forget(node, count);

    public VaultStatus GetAttributes(NodeId node, out NodeAttributes attributes) => _lookups.GetAttributes(node, out attributes);

    public VaultStatus SetAttributes(in Caller caller, NodeId node, OpenFile? file, in AttributeChange change, out NodeAttributes attributes) =>
        IsReadOnly ? Refuse(out attributes) : _attributes.Set(caller, node, file, change, out attributes);

    public VaultStatus MakeNode(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device, out NodeEntry entry) =>
        IsReadOnly ? Refuse(out entry) : kind == NodeKind.File ? _fileCreation.MakeEmpty(caller, parent, name, mode, out entry) : _creation.MakeNode(caller, parent, name, kind, mode, device, out entry);

    public VaultStatus MakeDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, out NodeEntry entry) =>
        IsReadOnly ? Refuse(out entry) : _creation.MakeDirectory(caller, parent, name, mode, out entry);

    public VaultStatus Unlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name) =>
        IsReadOnly ? VaultStatus.ReadOnly : _removal.Unlink(caller, parent, name);

    public VaultStatus RemoveDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name) =>
        IsReadOnly ? VaultStatus.ReadOnly : _removal.RemoveDirectory(caller, parent, name);

    public VaultStatus MakeSymlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, out NodeEntry entry) =>
        IsReadOnly ? Refuse(out entry) : _creation.MakeSymlink(caller, parent, name, target, out entry);

    /// <summary>target has room for 4096 bytes.</summary>
    public VaultStatus ReadSymlink(NodeId node, Span<byte> target, out int length) => _lookups.ReadSymlink(node, target, out length);

    public VaultStatus Rename(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeId newParent, ReadOnlySpan<byte> newName, RenameKind kind) =>
        IsReadOnly ? VaultStatus.ReadOnly : _renaming.Rename(caller, parent, name, newParent, newName, kind);

    public VaultStatus Link(in Caller caller, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, out NodeEntry entry) =>
        IsReadOnly ? Refuse(out entry) : _linking.Link(caller, node, newParent, newName, out entry);

    /// <summary>The gate: decides, records, then opens. The caller releases the file.</summary>
    /// <param name="keepCache">True when cached content may be kept.</param>
    public VaultStatus Open(in Caller caller, NodeId node, OpenIntent intent, out OpenFile? file, out bool keepCache)
    {
        bool writes = (intent & (OpenIntent.Write | OpenIntent.Append | OpenIntent.Truncate)) != 0;
        file = null;
        keepCache = false;
        return IsReadOnly && writes ? VaultStatus.ReadOnly : _lookups.Open(caller, node, intent, out file, out keepCache);
    }

    public VaultStatus Create(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, OpenIntent intent, out NodeEntry entry, out OpenFile? file)
    {
        if (IsReadOnly)
        {
            file = null;
            return Refuse(out entry);
        }

        VaultStatus status = _fileCreation.Create(caller, parent, name, mode, intent, out entry, out file);
        if (status != VaultStatus.Exists || (intent & OpenIntent.Exclusive) != 0)
        {
            return status;
        }

        // Someone else was first: then it is an open of what is there.
        status = _lookups.Lookup(parent, name, out entry);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _lookups.Open(caller, entry.Node, intent, out file, out _);
        if (status != VaultStatus.Ok)
        {
            _lookups.Forget(entry.Node, 1);
        }

        return status;
    }

    public VaultStatus OpenDirectory(in Caller caller, NodeId node, out OpenFolder? folder)
    {
        folder = null;
        if (_drive.Gate.TryTake(caller) is not { } share)
        {
            return VaultStatus.TooManyOpen;
        }

        VaultStatus status = _lookups.PinFolder(caller, node, out Node found);
        if (status == VaultStatus.Ok)
        {
            folder = new OpenFolder(found, _drive, share);
        }
        else
        {
            _drive.Gate.Return(share);
        }

        return status;
    }

    public VaultStatus GetStatistics(out StoreStatistics statistics) => _lookups.GetStatistics(out statistics);

    /// <summary>Copies the value when it fits; an empty value asks for the length only. Range when too small.</summary>
    public VaultStatus GetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, out int length) => _xattrs.Get(caller, node, name, value, out length);

    /// <summary>create and replace as XATTR_CREATE and XATTR_REPLACE.</summary>
    public VaultStatus SetXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool create, bool replace) =>
        IsReadOnly ? VaultStatus.ReadOnly : _xattrs.Set(caller, node, name, value, create, replace);

    /// <summary>Name of the extended attribute that holds what Windows knows of an object and Linux does not.</summary>
    public static ReadOnlySpan<byte> WindowsXattr => ExtendedAttributes.WindowsName;

    /// <summary>As GetXattr of WindowsXattr, for whoever is shown the object: like a mode or a time it is told without a decision and without a record.</summary>
    public VaultStatus GetWindowsXattr(NodeId node, Span<byte> value, out int length) => _xattrs.GetWindows(node, value, out length);

    /// <summary>NUL-terminated names.</summary>
    /// <param name="accessLists">With those of access control lists, where these are shown.</param>
    public VaultStatus ListXattr(in Caller caller, NodeId node, bool accessLists, Span<byte> names, out int length) => _xattrs.List(caller, node, accessLists, names, out length);

    public VaultStatus RemoveXattr(in Caller caller, NodeId node, ReadOnlySpan<byte> name) =>
        IsReadOnly ? VaultStatus.ReadOnly : _xattrs.Remove(caller, node, name);

    /// <summary>False where the store keeps no extended attributes, and so no access control lists either.</summary>
    public bool KeepsAccessLists => _drive.KeepsAttributes;

    /// <summary>As GetXattr, of an access control list in the form of linux/posix_acl_xattr.h; like a mode it is told without a decision and without a record.</summary>
    public VaultStatus GetAccessList(NodeId node, AclKind kind, Span<byte> value, out int length) => _lists.Get(node, kind, value, out length);

    /// <summary>Sets a list and the mode that follows from it. Who owns the object is the kernel's business.</summary>
    /// <param name="clearSetGid">The caller may not keep the set-group-id bit.</param>
    public VaultStatus SetAccessList(in Caller caller, NodeId node, AclKind kind, ReadOnlySpan<byte> value, bool clearSetGid) =>
        IsReadOnly ? VaultStatus.ReadOnly : _lists.Set(caller, node, kind, value, clearSetGid);

    /// <summary>Takes a list away; the mode stays.</summary>
    public VaultStatus RemoveAccessList(in Caller caller, NodeId node, AclKind kind) => IsReadOnly ? VaultStatus.ReadOnly : _lists.Remove(caller, node, kind);

    private static VaultStatus Refuse<T>(out T nothing)
        where T : struct
    {
        nothing = default;
        return VaultStatus.ReadOnly;
    }
}
