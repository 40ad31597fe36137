using System;
using SecureVault.Content;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Stored;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>Makes files: with the folder's label, and clear on disk only where folder or user says so and there is no label.</summary>
internal sealed class FileCreation
{
    private const uint Permissions = 0x1FF; // 0777

    private readonly Drive _drive;
    private readonly Creation _creation;

    public FileCreation(Drive drive, Creation creation)
    {
        _drive = drive;
        _creation = creation;
    }

    /// <summary>Makes and opens a file; Exists when the name is taken, whatever the intent.</summary>
    public VaultStatus Create(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, OpenIntent intent, out NodeEntry entry, out OpenFile? file)
    {
        file = null;
        entry = default;
        if (_drive.Gate.TryTake(caller) is not { } share)
        {
            return VaultStatus.TooManyOpen;
        }

        VaultStatus status = Make(caller, parent, name, mode, out entry, out Node? node, out FileContent? content);
        if (status == VaultStatus.Ok)
        {
            file = _drive.Gate.Open(caller, _drive.Gate.Policy, node!, content!, intent, share);
            node!.File!.CacheIsGood = true;
        }
        else
        {
            _drive.Gate.Return(share);
        }

        return status;
    }

    /// <summary>Makes a file without opening it.</summary>
    public VaultStatus MakeEmpty(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, out NodeEntry entry)
    {
        VaultStatus status = Make(caller, parent, name, mode, out entry, out Node? node, out _);
        if (status == VaultStatus.Ok)
        {
            _drive.Contents.Return(node!);
        }

        return status;
    }

    private VaultStatus Make(in Caller caller, NodeId parent, ReadOnlySpan<byte> name, uint mode, out NodeEntry entry, out Node? node, out FileContent? content)
    {
        entry = default;
        node = null;
        content = null;
        PolicyDocument policy = _drive.Gate.Policy;
        VaultStatus status = _drive.Enter(parent, policy, out FolderLease folder);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        lock (folder.Folder.Changes)
        {
            EntryName stored = default;
            status = _creation.Prepare(caller, policy, folder, name, "file", ref stored, out Decision decision);
            if (status == VaultStatus.Ok)
            {
                status = Place(caller, policy, folder, name, stored, mode, decision, out entry, out node, out content);
                if (status is not (VaultStatus.Ok or VaultStatus.Exists))
                {
                    _drive.Companions.Remove(folder.Handle, stored.Stored);
                }
            }
        }

        folder.Dispose();
        return status;
    }

    private VaultStatus Place(in Caller caller, PolicyDocument policy, in FolderLease folder, ReadOnlySpan<byte> name, in EntryName stored, uint mode, in Decision decision, out NodeEntry entry, out Node? node, out FileContent? content)
    {
        entry = default;
        node = null;
        content = null;
        KeyId own = _drive.Gate.KeyForNew(folder.Record.LabelKey);
        KeyId inherited = _drive.Succession.Inherited(caller, policy, folder, name, own);
        KeyId key = inherited == default ? own : inherited;
        VaultStatus status = inherited == default ? VaultStatus.Ok : _drive.Succession.Record(caller, policy, folder.Node, name, own, inherited);
        NewPermissions permissions = default;
        status = status == VaultStatus.Ok ? _creation.Inheritance.For(caller, folder, NodeKind.File, mode, out permissions) : status;
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = _drive.Store.OpenFile(folder.Handle, stored.Stored, StoreOpen.ReadWrite | StoreOpen.Create | StoreOpen.Exclusive, permissions.Mode & Permissions, out StoreHandle? handle);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = FileContent.Create(_drive.Content, handle!, key, ProtectionFor(folder, key, decision), stored.Tag, out content);
        if (status != VaultStatus.Ok)
        {
            handle!.Dispose();
        }

        StoreStat stat = default;
        status = status == VaultStatus.Ok ? _creation.Inheritance.Store(new AttributeOwner(null, content!.Handle, content, null, default), permissions) : status;
        status = status == VaultStatus.Ok ? _creation.Own(caller, folder, new StoreTarget(_drive.Store, content!.Handle, default), permissions.Mode, out stat) : status;
        if (status != VaultStatus.Ok)
        {
            content?.Dispose();
            content = null;
            _ = _drive.Store.Unlink(folder.Handle, stored.Stored);
            return status;
        }

        node = _creation.Intern(folder, name, stored, stat);
        node.SetLabel(key, policy.LabelEpoch);
        Contents.Adopt(node, content!);
        _drive.Resolver.Fill(stat, node, out entry);
        return VaultStatus.Ok;
    }

    private Protection ProtectionFor(in FolderLease folder, KeyId key, in Decision decision)
    {
        bool clear = folder.Record.NewFiles == Protection.Clear || decision.Encryption is EncryptionMode.Optional or EncryptionMode.ReadOnly;
        return clear && _drive.Gate.LabelOf(key).IsNone ? Protection.Clear : Protection.Encrypted;
    }
}
