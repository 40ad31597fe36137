using System;
using SecureVault.FileSystem.Namespace;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Operations;

/// <summary>What a new object begins with.</summary>
/// <param name="Mode">Permission bits (07777).</param>
/// <param name="Access">Its access control list; null where the mode says all.</param>
/// <param name="Default">Of a folder, what it hands on itself; null for none.</param>
internal readonly record struct NewPermissions(uint Mode, PosixAcl? Access, PosixAcl? Default);

/// <summary>What a folder hands on to what is made in it: its default access control list, or where it has none the caller's umask.</summary>
/// <remarks>Under the folder's Changes.</remarks>
internal sealed class Inheritance
{
    private const uint Permissions = 0x1FF; // 0777

    private readonly Drive _drive;
    private readonly SealedAttributes _sealed;

    public Inheritance(Drive drive, SealedAttributes attributes)
    {
        _drive = drive;
        _sealed = attributes;
    }

    /// <summary>Corrupt when the folder's list is not authentic: then nothing is made in it, for nobody knows who may use it.</summary>
    /// <param name="mode">As the program asks, without its umask taken off.</param>
    public VaultStatus For(in Caller caller, in FolderLease folder, NodeKind kind, uint mode, out NewPermissions permissions)
    {
        permissions = default;
        VaultStatus status = Find(folder, out byte[] value);
        if (status != VaultStatus.Ok)
        {
            return _drive.Report(status, folder.Node, "the default access control list is not authentic");
        }

        if (value.Length == 0)
        {
            permissions = new NewPermissions(mode & ~(caller.Umask & Permissions), null, null);
            return VaultStatus.Ok;
        }

        if (!PosixAcl.TryRead(value, out PosixAcl? handed))
        {
            return _drive.Report(VaultStatus.Corrupt, folder.Node, "the default access control list is none");
        }

        PosixAcl own = handed!.ForNew(mode);
        bool keepsList = kind is NodeKind.File or NodeKind.Directory;
        uint bits = keepsList ? own.Mode : own.ModeWithoutList;
        permissions = new NewPermissions((mode & ~Permissions) | bits, keepsList && !own.IsMinimal ? own : null, kind == NodeKind.Directory ? handed : null);
        return VaultStatus.Ok;
    }

    /// <summary>Stores the lists of what is being made.</summary>
    public VaultStatus Store(in AttributeOwner owner, in NewPermissions permissions)
    {
        VaultStatus status = permissions.Access is { } access ? _sealed.Set(owner, AccessLists.NameOf(AclKind.Access), access.ToBytes(), create: false, replace: false) : VaultStatus.Ok;
        return status == VaultStatus.Ok && permissions.Default is { } handed
            ? _sealed.Set(owner, AccessLists.NameOf(AclKind.Default), handed.ToBytes(), create: false, replace: false)
            : status;
    }

    // The store is asked once for each folder that is known.
    private VaultStatus Find(in FolderLease folder, out byte[] value)
    {
        value = folder.Folder.DefaultAcl ?? [];
        if (folder.Folder.DefaultAcl is not null || !_drive.KeepsAttributes)
        {
            return VaultStatus.Ok;
        }

        Span<byte> stored = stackalloc byte[PosixAcl.LongestValue];
        var owner = new AttributeOwner(folder.Node, folder.Handle, null, _drive.Keys.Directory, folder.Id.Value);
        VaultStatus status = _sealed.Get(owner, AccessLists.NameOf(AclKind.Default), stored, out int length);
        bool none = status is VaultStatus.NoAttribute or VaultStatus.NotSupported;
        if (status == VaultStatus.Ok || none)
        {
            value = none ? [] : stored[..length].ToArray();
            folder.Folder.DefaultAcl = value;
        }

        return none ? VaultStatus.Ok : status == VaultStatus.Range ? VaultStatus.Corrupt : status;
    }
}
