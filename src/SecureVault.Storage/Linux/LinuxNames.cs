using System;
using SecureVault.Storage.Linux.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Linux;

/// <summary>Makes, links, renames and removes names.</summary>
internal sealed unsafe class LinuxNames(RemovedObjects removed)
{
    /// <summary>Longest stored link target and its NUL.</summary>
    private const int TargetBuffer = 4096;

    private readonly uint _umask = ProcessMask.Read();

    /// <summary>The store has shown that it knows no flags of renameat2.</summary>
    private volatile bool _flagless;

    internal VaultStatus MakeDirectory(StoreHandle parent, ReadOnlySpan<byte> name, uint mode)
    {
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        if (status == VaultStatus.Ok)
        {
            status = SystemCall.Status(LibC.mkdirat(parent, path, mode));
        }

        return status == VaultStatus.Ok ? Exact(parent, name, mode) : status;
    }

    internal VaultStatus MakeNode(StoreHandle parent, ReadOnlySpan<byte> name, NodeKind kind, uint mode, ulong device)
    {
        uint type = TypeOf(kind);
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = type == 0 ? VaultStatus.Invalid : StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        if (status == VaultStatus.Ok)
        {
            status = SystemCall.Status(LibC.mknodat(parent, path, type | mode, device));
        }

        return status == VaultStatus.Ok ? Exact(parent, name, mode) : status;
    }

    internal static VaultStatus MakeSymlink(StoreHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (target.Length >= TargetBuffer)
        {
            return VaultStatus.NameTooLong;
        }

        byte* text = stackalloc byte[TargetBuffer];
        target.CopyTo(new Span<byte>(text, TargetBuffer));
        text[target.Length] = 0;
        return SystemCall.Status(LibC.symlinkat(text, parent, path));
    }

    internal static VaultStatus ReadSymlink(StoreHandle parent, ReadOnlySpan<byte> name, Span<byte> target, out int length)
    {
        length = 0;
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        fixed (byte* start = target)
        {
            nint count = LibC.readlinkat(parent, path, start, (nuint)target.Length);
            length = count > 0 ? (int)count : 0;
            return SystemCall.Status(count);
        }
    }

    internal VaultStatus Remove(StoreHandle parent, ReadOnlySpan<byte> name, bool folder)
    {
        byte* path = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        if (status == VaultStatus.Ok)
        {
            int held = RemovedObjects.Open(parent, path);
            status = SystemCall.Status(LibC.unlinkat(parent, path, folder ? Kernel.AT_REMOVEDIR : 0));
            removed.Add(held);
        }

        return status == VaultStatus.Exists ? VaultStatus.NotEmpty : status;
    }

    internal VaultStatus Rename(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName, RenameKind kind)
    {
        byte* oldPath = stackalloc byte[StoreName.BufferSize];
        byte* newPath = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = CopyBoth(name, oldPath, newName, newPath);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        uint flags = kind switch
        {
            RenameKind.NoReplace => Kernel.RENAME_NOREPLACE,
            RenameKind.Exchange => Kernel.RENAME_EXCHANGE,
            _ => 0,
        };
        if (kind == RenameKind.NoReplace && _flagless)
        {
            return RenameWhenFree(parent, oldPath, newParent, newName, newPath);
        }

        nint result = LibC.renameat2(parent, oldPath, newParent, newPath, flags);
        status = SystemCall.Status(result);
        if (result < 0 && kind == RenameKind.NoReplace && SystemCall.LastError is Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP)
        {
            status = RenameWhenFree(parent, oldPath, newParent, newName, newPath);
            _flagless |= status == VaultStatus.Ok;
        }

        return status == VaultStatus.Exists && kind == RenameKind.Replace ? VaultStatus.NotEmpty : status;
    }

    /// <summary>For stores that know no flags (NFS, 9p, most FUSE servers answer EINVAL): looks first. Whoever makes names in a vault holds the locks of their folders, and a vault has one opener: so nothing comes between.</summary>
    private static VaultStatus RenameWhenFree(StoreHandle parent, byte* oldPath, StoreHandle newParent, ReadOnlySpan<byte> newName, byte* newPath)
    {
        VaultStatus found = LinuxAttributes.Stat(newParent, newName, out _);
        return found == VaultStatus.Ok ? VaultStatus.Exists
            : found != VaultStatus.NotFound ? found
            : SystemCall.Status(LibC.renameat2(parent, oldPath, newParent, newPath, 0));
    }

    internal static VaultStatus Link(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName)
    {
        byte* oldPath = stackalloc byte[StoreName.BufferSize];
        byte* newPath = stackalloc byte[StoreName.BufferSize];
        VaultStatus status = CopyBoth(name, oldPath, newName, newPath);
        return status == VaultStatus.Ok ? SystemCall.Status(LibC.linkat(parent, oldPath, newParent, newPath, 0)) : status;
    }

    private static VaultStatus CopyBoth(ReadOnlySpan<byte> name, byte* path, ReadOnlySpan<byte> newName, byte* newPath)
    {
        VaultStatus status = StoreName.Copy(name, new Span<byte>(path, StoreName.BufferSize));
        return status == VaultStatus.Ok ? StoreName.Copy(newName, new Span<byte>(newPath, StoreName.BufferSize)) : status;
    }

    /// <summary>The umask took bits away: puts them back.</summary>
    private VaultStatus Exact(StoreHandle parent, ReadOnlySpan<byte> name, uint mode) =>
        (mode & _umask) != 0 ? ModeByName.Set(parent, name, mode) : VaultStatus.Ok;

    private static uint TypeOf(NodeKind kind) => kind switch
    {
        NodeKind.File => Kernel.S_IFREG,
        NodeKind.Fifo => Kernel.S_IFIFO,
        NodeKind.Socket => Kernel.S_IFSOCK,
        NodeKind.CharacterDevice => Kernel.S_IFCHR,
        NodeKind.BlockDevice => Kernel.S_IFBLK,
        _ => 0,
    };
}
