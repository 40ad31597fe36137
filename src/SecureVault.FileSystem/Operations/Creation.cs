using System;
using System.Security.Cryptography;
using System.Text;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Makes folders, symbolic links, pipes, sockets and devices; and the steps that every creation shares.</summary>
internal sealed class Creation
{
    private const uint Permissions = 0x1FF; // 0777
    private const uint ModeBits = 0xFFF;    // 07777
    private const uint SetGid = 0x400;      // 02000
    private const uint OwnerOnly = 0x1C0;   // 0700

    private readonly Drive _drive;

    public Creation(Drive drive, Inheritance inheritance)
    {
        _drive = drive;
        Inheritance = inheritance;
    }

    public Inheritance Inheritance { get; }

    public VaultStatus MakeNode(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device, out NodeEntry entry)
    {
        entry = default;
        if (kind is not (NodeKind.Fifo or NodeKind.Socket or NodeKind.CharacterDevice or NodeKind.BlockDevice))
        {
            return VaultStatus.NotPermitted;
        }

        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = _drive.Enter(parent, policy, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        lock (folder.Folder.Changes)
        {
            EntryName stored = default;
            string what = kind switch { NodeKind.Fifo => "pipe", NodeKind.Socket => "socket", _ => "device" };
            if (_drive.Gate.MayHold(kind, folder.Record.LabelKey))
            {
                status = Prepare(caller, policy, folder, name, what, ref stored, out _);
            }
            else
            {
                var visit = new Visit(caller, policy, AuditEvent.Create, folder.Node, name, what);
                status = _drive.Gate.Check(visit, AccessAction.Create, [folder.Record.LabelKey], out Decision decision);
                status = status == VaultStatus.Ok ? _drive.Gate.Refuse(visit, decision, folder.Record.LabelKey, OpenGate.Unseen) : status;
            }

            NewPermissions permissions = default;
            status = status == VaultStatus.Ok ? Inheritance.For(caller, folder, kind, mode, out permissions) : status;
            if (status == VaultStatus.Ok)
            {
                status = _drive.Store.MakeNode(folder.Handle, stored.Stored, kind, permissions.Mode & Permissions, device);
                status = FinishByName(status, caller, folder, name, stored, permissions.Mode, out entry);
            }
        }

        folder.Dispose();
        return status;
    }

    public VaultStatus MakeSymlink(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, out NodeEntry entry)
    {
        entry = default;
        if (target.Length > SymlinkCodec.MaxTarget || target.IsEmpty)
        {
            return target.IsEmpty ? VaultStatus.NotFound : VaultStatus.NameTooLong;
        }

        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = _drive.Enter(parent, policy, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        Span<byte> spelled = stackalloc byte[4096];
        spelled = spelled[.._drive.Symlinks.Seal(target, spelled)];
        lock (folder.Folder.Changes)
        {
            EntryName stored = default;
            status = Prepare(caller, policy, folder, name, "link", ref stored, out _);
            if (status == VaultStatus.Ok)
            {
                status = _drive.Store.MakeSymlink(folder.Handle, stored.Stored, spelled);
                status = FinishByName(status, caller, folder, name, stored, null, out entry);
            }
        }

        folder.Dispose();
        return status;
    }

    /// <summary>A folder is made whole under a temporary name and then moved into place.</summary>
    public VaultStatus MakeDirectory(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, out NodeEntry entry)
    {
        entry = default;
        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = _drive.Enter(parent, policy, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        lock (folder.Folder.Changes)
        {
            EntryName stored = default;
            status = Prepare(caller, policy, folder, name, "folder", ref stored, out _);
            if (status == VaultStatus.Ok)
            {
                status = Inheritance.For(caller, folder, NodeKind.Directory, mode, out NewPermissions permissions);
                status = status == VaultStatus.Ok ? PlaceFolder(caller, folder, name, stored, permissions, out entry) : status;
                if (status != VaultStatus.Ok)
                {
                    _drive.Companions.Remove(folder.Handle, stored.Stored);
                }
            }
        }

        folder.Dispose();
        return status;
    }

    /// <summary>Checks that the name is free, decides by the folder's label, records, and writes a long name's companion. Under the folder's Changes.</summary>
    public VaultStatus Prepare(in Caller caller, PolicyDocument policy, in FolderLease folder, ReadOnlySpan<byte> name, string what, ref EntryName stored, out Decision decision)
    {
        decision = default;
        if (folder.Node.Unlinked)
        {
            return VaultStatus.NotFound;
        }

        VaultStatus status = _drive.Resolver.CheckFree(folder, name, ref stored);
        if (status != VaultStatus.NotFound)
        {
            return status;
        }

        var visit = new Visit(caller, policy, AuditEvent.Create, folder.Node, name, what);
        status = _drive.Gate.Authorize(visit, AccessAction.Create, [folder.Record.LabelKey], out decision);
        return status == VaultStatus.Ok ? _drive.Companions.Write(folder.Handle, stored) : status;
    }

    /// <summary>Gives a new object its owner and mode. A caller with a token has no number to own it by: the store's owner stays. The group is the folder's where its set-group-id bit says so.</summary>
    /// <param name="mode">Null for what has no mode of its own.</param>
    public VaultStatus Own(in Caller caller, in FolderLease folder, in StoreTarget target, uint? mode, out StoreStat stat)
    {
        VaultStatus status = target.Stat(out stat);
        StoreStat above = default;
        status = status == VaultStatus.Ok ? _drive.Store.Stat(folder.Handle, out above) : status;
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        bool inherits = (above.Mode & SetGid) != 0;
        uint uid = caller.Token is null ? caller.Uid : stat.Uid;
        uint gid = inherits ? above.Gid : caller.Token is null ? caller.Gid : stat.Gid;
        bool changed = stat.Uid != uid || stat.Gid != gid;
        if (changed)
        {
            status = target.SetOwner(stat.Uid == uid ? null : uid, stat.Gid == gid ? null : gid);
        }

        uint wanted = ((mode ?? stat.Mode) & ModeBits) | (inherits && stat.Kind == NodeKind.Directory ? SetGid : 0);
        if (status == VaultStatus.Ok && mode is not null && (changed || stat.Mode != wanted))
        {
            status = target.SetMode(wanted);
            changed = true;
        }

        return status == VaultStatus.Ok && changed ? target.Stat(out stat) : status;
    }

    /// <summary>Makes the node of a new object. Under the folder's Changes.</summary>
    public Node Intern(in FolderLease folder, ReadOnlySpan<byte> name, in EntryName stored, in StoreStat stat)
    {
        Node node = _drive.Nodes.Intern(new StoredIdentity(stat.Device, stat.Inode), stat.Kind, true);
        _drive.Nodes.AddPlace(node, folder.Node, name, stored, true);
        folder.Folder.NameAdded(name);
        return node;
    }

    /// <summary>A temporary name for what is half made or half removed.</summary>
    public static byte[] TemporaryName() => [.. NameCodec.TemporaryPrefix, .. Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(16, true))];

    private VaultStatus FinishByName(VaultStatus made, in Caller caller, in FolderLease folder, ReadOnlySpan<byte> name, in EntryName stored, uint? mode, out NodeEntry entry)
    {
        entry = default;
        VaultStatus status = made;
        if (status == VaultStatus.Ok)
        {
            status = Own(caller, folder, new StoreTarget(_drive.Store, folder.Handle, stored.Stored), mode, out StoreStat stat);
            if (status == VaultStatus.Ok)
            {
                _drive.Resolver.Fill(stat, Intern(folder, name, stored, stat), out entry);
                return VaultStatus.Ok;
            }

            _ = _drive.Store.Unlink(folder.Handle, stored.Stored);
        }

        _drive.Companions.Remove(folder.Handle, stored.Stored);
        return status;
    }

    private VaultStatus PlaceFolder(in Caller caller, in FolderLease folder, ReadOnlySpan<byte> name, in EntryName stored, in NewPermissions permissions, out NodeEntry entry)
    {
        entry = default;
        byte[] temporary = TemporaryName();
        VaultStatus status = _drive.Store.MakeDirectory(folder.Handle, temporary, OwnerOnly);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _drive.Store.OpenDirectory(folder.Handle, temporary, out StoreHandle? handle);
        StoreStat stat = default;
        FolderRecord record = NewRecord(folder, stored.Tag);
        if (status == VaultStatus.Ok)
        {
            status = FillFolder(caller, folder, handle!, record, permissions);
            status = status == VaultStatus.Ok ? _drive.Store.Rename(folder.Handle, temporary, folder.Handle, stored.Stored, RenameKind.NoReplace) : status;
            status = status == VaultStatus.Ok ? Reopen(folder.Handle, stored.Stored, ref handle) : status;
            status = status == VaultStatus.Ok ? _drive.Store.Stat(handle!, out stat) : status;
        }

        if (status != VaultStatus.Ok)
        {
            Discard(folder.Handle, handle, temporary);
            return status;
        }

        Node node = Intern(folder, name, stored, stat);
        node.Folder!.Record = record;
        node.Folder.Durable = false;
        node.Folder.DefaultAcl = permissions.Default?.ToBytes() ?? [];
        _drive.Handles.Adopt(node, handle!);
        _drive.Commits.Enqueue(node);
        _drive.Resolver.Fill(stat, node, out entry);
        return VaultStatus.Ok;
    }

    // What was opened under the temporary name: a store may take names of this handle for names below that one.
    private VaultStatus Reopen(StoreHandle parent, ReadOnlySpan<byte> name, ref StoreHandle? handle)
    {
        handle!.Dispose();
        return _drive.Store.OpenDirectory(parent, name, out handle);
    }

    // A new folder passes its label and protection on, and has an identity of its own.
    private static FolderRecord NewRecord(in FolderLease folder, NameTag name)
    {
        FolderRecord above = folder.Record;
        return above with { Id = new DirectoryId(Id128.Random()), Name = name, PreviousName = name };
    }

    private VaultStatus FillFolder(in Caller caller, in FolderLease folder, StoreHandle handle, FolderRecord record, in NewPermissions permissions)
    {
        var stored = new DirectoryRecord { Id = record.Id, Name = record.Name, PreviousName = record.PreviousName, LabelKey = record.LabelKey, NewFiles = record.NewFiles };
        VaultStatus status = _drive.Records.Create(handle, stored);
        status = status == VaultStatus.Ok ? Inheritance.Store(new AttributeOwner(null, handle, null, _drive.Keys.Directory, record.Id.Value), permissions) : status;
        return status == VaultStatus.Ok ? Own(caller, folder, new StoreTarget(_drive.Store, handle, default), permissions.Mode, out _) : status;
    }

    private void Discard(StoreHandle parent, StoreHandle? handle, ReadOnlySpan<byte> temporary)
    {
        if (handle is not null)
        {
            _ = _drive.Store.Unlink(handle, NameCodec.DirectoryRecordName);
            handle.Dispose();
        }

        _ = _drive.Store.RemoveDirectory(parent, temporary);
    }
}
