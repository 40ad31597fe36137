using System;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>Renames, links and removes names.</summary>
/// <remarks>
/// POSIX semantics first: the name is gone at once though the object is open somewhere. File systems that do not know them (FAT, old servers)
/// are asked the older way, which takes a second name for the moment: a crash in it can leave the replaced or removed file under a temporary name.
/// </remarks>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsNames
{
    private const uint Removing = Nt.DELETE | Nt.FILE_READ_ATTRIBUTES;

    internal static VaultStatus Remove(StoreHandle parent, ReadOnlySpan<byte> name, bool folder)
    {
        uint options = folder ? Nt.FILE_DIRECTORY_FILE : Nt.FILE_NON_DIRECTORY_FILE;
        VaultStatus status = NtOpen.Existing(parent, name, Removing, options, out WindowsHandle? handle);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (handle)
        {
            uint flags = Nt.FILE_DISPOSITION_DELETE | Nt.FILE_DISPOSITION_POSIX_SEMANTICS | Nt.FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE;
            int result = Set(handle!, &flags, sizeof(uint), Nt.FileDispositionInformationEx);
            return NtStatus.IsUnknownRequest(result) ? RemoveOlder(parent, name, handle!, folder) : NtStatus.ToStatus(result);
        }
    }

    internal static VaultStatus Rename(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName, RenameKind kind)
    {
        if (kind == RenameKind.Exchange)
        {
            return VaultStatus.NotSupported;
        }

        Span<char> text = stackalloc char[WindowsName.BufferSize];
        VaultStatus status = WindowsName.Read(newName, text, out int length);
        status = status == VaultStatus.Ok ? NtOpen.Existing(parent, name, Removing, 0, out WindowsHandle? handle) : Fail(status, out handle);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (handle)
        {
            bool replace = kind == RenameKind.Replace;
            uint flags = Nt.FILE_RENAME_POSIX_SEMANTICS | (replace ? Nt.FILE_RENAME_REPLACE_IF_EXISTS | Nt.FILE_RENAME_IGNORE_READONLY_ATTRIBUTE : 0);
            int result = SetName(handle!, newParent, text[..length], flags, Nt.FileRenameInformationEx);
            return NtStatus.IsUnknownRequest(result) ? RenameOlder(handle!, newParent, newName, text[..length], replace) : NtStatus.ToStatus(result);
        }
    }

    internal static VaultStatus Link(StoreHandle parent, ReadOnlySpan<byte> name, StoreHandle newParent, ReadOnlySpan<byte> newName)
    {
        Span<char> text = stackalloc char[WindowsName.BufferSize];
        VaultStatus status = WindowsName.Read(newName, text, out int length);
        status = status == VaultStatus.Ok ? NtOpen.Existing(parent, name, Nt.FILE_WRITE_ATTRIBUTES, Nt.FILE_NON_DIRECTORY_FILE, out WindowsHandle? handle) : Fail(status, out handle);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.IsDirectory ? VaultStatus.NotPermitted : status;
        }

        using (handle)
        {
            return NtStatus.ToStatus(SetName(handle!, newParent, text[..length], 0, Nt.FileLinkInformation));
        }
    }

    /// <summary>Without POSIX semantics. A file leaves its name first, for one that is open elsewhere keeps the name it has until it is closed there.</summary>
    private static VaultStatus RemoveOlder(StoreHandle parent, ReadOnlySpan<byte> name, WindowsHandle handle, bool folder)
    {
        if (folder)
        {
            return Delete(handle);
        }

        VaultStatus status = MoveAside(handle, parent);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = Delete(handle);
        if (status != VaultStatus.Ok)
        {
            MoveBack(handle, parent, name);
        }

        return status;
    }

    /// <summary>Without POSIX semantics. An open target is refused by the system: it leaves its name before and is removed after.</summary>
    private static VaultStatus RenameOlder(WindowsHandle handle, StoreHandle newParent, ReadOnlySpan<byte> newName, ReadOnlySpan<char> text, bool replace)
    {
        VaultStatus status = NtStatus.ToStatus(SetName(handle, newParent, text, replace ? 1u : 0, Nt.FileRenameInformation));
        if (status != VaultStatus.Denied || !replace || NtOpen.Existing(newParent, newName, Removing, Nt.FILE_NON_DIRECTORY_FILE, out WindowsHandle? target) != VaultStatus.Ok)
        {
            return status;
        }

        using (target)
        {
            if (MoveAside(target!, newParent) != VaultStatus.Ok)
            {
                return status;
            }

            status = NtStatus.ToStatus(SetName(handle, newParent, text, 0, Nt.FileRenameInformation));
            if (status == VaultStatus.Ok)
            {
                _ = Delete(target!); // what stays is a leftover that is not shown
            }
            else
            {
                MoveBack(target!, newParent, newName);
            }

            return status;
        }
    }

    private static VaultStatus Delete(WindowsHandle handle)
    {
        byte delete = 1;
        int result = Set(handle, &delete, sizeof(byte), Nt.FileDispositionInformation);
        if (unchecked((uint)result) == NtStatus.STATUS_CANNOT_DELETE && WindowsAttributes.SetReadOnly(handle, readOnly: false) == VaultStatus.Ok)
        {
            result = Set(handle, &delete, sizeof(byte), Nt.FileDispositionInformation);
        }

        return NtStatus.ToStatus(result);
    }

    /// <summary>To a name that the engine takes for a leftover of its own, wherever this stops.</summary>
    private static VaultStatus MoveAside(WindowsHandle handle, StoreHandle parent)
    {
        string aside = Encoding.ASCII.GetString(StoreName.AsidePrefix) + RandomNumberGenerator.GetHexString(16, lowercase: true);
        return NtStatus.ToStatus(SetName(handle, parent, aside, 0, Nt.FileRenameInformation));
    }

    private static void MoveBack(WindowsHandle handle, StoreHandle parent, ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[WindowsName.BufferSize];
        _ = WindowsName.Read(name, text, out int length);
        _ = SetName(handle, parent, text[..length], 0, Nt.FileRenameInformation);
    }

    /// <summary>
    /// FILE_RENAME_INFORMATION and FILE_LINK_INFORMATION (MS-FSCC 2.4.42, 2.4.27) as a process gives them: flags or one byte at 0, RootDirectory at the
    /// next multiple of a pointer, then the name's length in bytes (4) and the name.
    /// </summary>
    private static int SetName(WindowsHandle handle, StoreHandle folder, ReadOnlySpan<char> name, uint flags, int kind)
    {
        int lengthOffset = 2 * sizeof(nint);
        int nameOffset = lengthOffset + sizeof(uint);
        int sizeOfStructure = 3 * sizeof(nint); // less is refused, be the name ever so short
        byte* buffer = stackalloc byte[nameOffset + (WindowsName.BufferSize * sizeof(char))];
        bool holds = false;
        try
        {
            folder.DangerousAddRef(ref holds);
            *(ulong*)buffer = flags;
            *(nint*)(buffer + sizeof(nint)) = folder.DangerousGetHandle();
            *(uint*)(buffer + lengthOffset) = (uint)(name.Length * sizeof(char));
            name.CopyTo(new Span<char>(buffer + nameOffset, WindowsName.BufferSize));
            int length = nameOffset + (name.Length * sizeof(char));
            return Set(handle, buffer, (uint)int.Max(length, sizeOfStructure), kind);
        }
        finally
        {
            if (holds)
            {
                folder.DangerousRelease();
            }
        }
    }

    private static int Set(WindowsHandle handle, void* information, uint length, int kind)
    {
        IO_STATUS_BLOCK io;
        return NtDll.NtSetInformationFile(handle, &io, information, length, kind);
    }

    private static VaultStatus Fail(VaultStatus status, out WindowsHandle? handle)
    {
        handle = null;
        return status;
    }
}
