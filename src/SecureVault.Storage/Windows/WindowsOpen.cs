using System;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>Opens stored folders and files. A link is refused.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsOpen(DirtyFiles dirty)
{
    private const uint ReadFolder = Nt.FILE_GENERIC_READ | Nt.FILE_TRAVERSE;
    private const uint OwnerWrites = 0x80;

    /// <summary>Held while a READONLY attribute is lifted for an open, so that nobody takes the lifted one for the file's own. Innermost.</summary>
    private readonly Lock _lending = new();

    internal VaultStatus Root(string path, out StoreHandle? directory)
    {
        directory = null;
        if (path.Length == 0 || path.Contains('\0'))
        {
            return VaultStatus.Invalid;
        }

        VaultStatus status = FullPath(path, out string full);
        status = status == VaultStatus.Ok ? NtPath.Of(full, out full) : status;
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        int result = NtOpen.Folder(full, ReadFolder | Nt.FILE_WRITE_DATA, out nint opened);
        if (NtStatus.ToStatus(result) is VaultStatus.Denied or VaultStatus.ReadOnly)
        {
            result = NtOpen.Folder(full, ReadFolder, out opened);
        }

        if (!NtStatus.IsOk(result))
        {
            return NtStatus.ToStatus(result);
        }

        var root = new WindowsHandle(opened, 0, appends: false, dirty);
        status = WindowsAttributes.VolumeSerial(root, out ulong serial);
        root.Device = serial;
        return Keep(status, root, out directory);
    }

    internal VaultStatus Directory(StoreHandle parent, ReadOnlySpan<byte> name, out StoreHandle? directory)
    {
        directory = null;
        Span<char> text = stackalloc char[WindowsName.BufferSize];
        VaultStatus status = WindowsName.Read(name, text, out int length);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        // The right to add files is that to flush the folder; where it is missing the folder can be read all the same.
        int result = NtOpen.Relative(parent, text[..length], ReadFolder | Nt.FILE_WRITE_DATA, Nt.FILE_OPEN, Nt.FILE_DIRECTORY_FILE, 0, out nint opened);
        if (NtStatus.ToStatus(result) is VaultStatus.Denied or VaultStatus.ReadOnly)
        {
            result = NtOpen.Relative(parent, text[..length], ReadFolder, Nt.FILE_OPEN, Nt.FILE_DIRECTORY_FILE, 0, out opened);
        }

        if (!NtStatus.IsOk(result))
        {
            return NtStatus.ToStatus(result);
        }

        var handle = new WindowsHandle(opened, ((WindowsHandle)parent).Device, appends: false, dirty);
        return Keep(RefuseLink(handle, VaultStatus.NotDirectory), handle, out directory);
    }

    internal VaultStatus File(StoreHandle directory, ReadOnlySpan<byte> name, StoreOpen open, uint mode, out StoreHandle? file)
    {
        file = null;
        Span<char> text = stackalloc char[WindowsName.BufferSize];
        VaultStatus status = WindowsName.Read(name, text, out int length);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = Open(directory, text[..length], open, mode, out WindowsHandle? handle);
        if (status == VaultStatus.Denied && (open & (StoreOpen.ReadWrite | StoreOpen.Exclusive)) == StoreOpen.ReadWrite)
        {
            status = OpenLent(directory, name, text[..length], open, out handle);
        }

        if (status == VaultStatus.Ok && (open & StoreOpen.Truncate) != 0)
        {
            status = WindowsFiles.SetSize(handle!, 0, dirty);
        }

        return Keep(status, handle, out file);
    }

    internal static VaultStatus MakeDirectory(StoreHandle parent, ReadOnlySpan<byte> name, uint mode)
    {
        Span<char> text = stackalloc char[WindowsName.BufferSize];
        VaultStatus status = WindowsName.Read(name, text, out int length);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        int result = NtOpen.Relative(parent, text[..length], Nt.FILE_READ_ATTRIBUTES | Nt.SYNCHRONIZE, Nt.FILE_CREATE, Nt.FILE_DIRECTORY_FILE, AttributesOf(mode), out nint opened);
        _ = NtStatus.IsOk(result) ? NtDll.NtClose(opened) : 0;
        return NtStatus.ToStatus(result);
    }

    internal VaultStatus SetMode(StoreHandle parent, ReadOnlySpan<byte> name, uint mode)
    {
        lock (_lending)
        {
            return WindowsAttributes.SetReadOnly(parent, name, (mode & OwnerWrites) == 0);
        }
    }

    internal VaultStatus SetMode(StoreHandle handle, uint mode)
    {
        lock (_lending)
        {
            return WindowsAttributes.SetReadOnly(handle, (mode & OwnerWrites) == 0);
        }
    }

    /// <summary>The READONLY attribute is in the way: lifts it, opens, sets it again. The handle stays writable.</summary>
    private VaultStatus OpenLent(StoreHandle directory, ReadOnlySpan<byte> name, ReadOnlySpan<char> text, StoreOpen open, out WindowsHandle? handle)
    {
        handle = null;
        lock (_lending)
        {
            VaultStatus status = WindowsAttributes.Stat(directory, name, out StoreStat stat);
            if (status != VaultStatus.Ok || stat.Kind != NodeKind.File || (stat.Mode & OwnerWrites) != 0)
            {
                return status == VaultStatus.Ok ? VaultStatus.Denied : status;
            }

            if (WindowsAttributes.SetReadOnly(directory, name, readOnly: false) != VaultStatus.Ok)
            {
                return VaultStatus.Denied;
            }

            status = Open(directory, text, open & ~StoreOpen.Create, 0, out handle);
            VaultStatus restored = WindowsAttributes.SetReadOnly(directory, name, readOnly: true);
            return status == VaultStatus.Ok ? restored : status;
        }
    }

    private VaultStatus Open(StoreHandle directory, ReadOnlySpan<char> name, StoreOpen open, uint mode, out WindowsHandle? handle)
    {
        bool writes = (open & StoreOpen.ReadWrite) != 0;
        uint access = writes ? Nt.FILE_GENERIC_READ | Nt.FILE_GENERIC_WRITE : Nt.FILE_GENERIC_READ;
        uint disposition = (open & StoreOpen.Create) == 0 ? Nt.FILE_OPEN : (open & StoreOpen.Exclusive) == 0 ? Nt.FILE_OPEN_IF : Nt.FILE_CREATE;
        int result = NtOpen.Relative(directory, name, access, disposition, Nt.FILE_NON_DIRECTORY_FILE, AttributesOf(mode), out nint opened);
        if (!NtStatus.IsOk(result))
        {
            handle = null;
            return NtStatus.ToStatus(result);
        }

        handle = new WindowsHandle(opened, ((WindowsHandle)directory).Device, (open & StoreOpen.Append) != 0, dirty);
        VaultStatus status = disposition == Nt.FILE_CREATE ? VaultStatus.Ok : RefuseLink(handle, VaultStatus.Invalid);
        if (status != VaultStatus.Ok)
        {
            handle.Dispose();
            handle = null;
        }

        return status;
    }

    private static VaultStatus RefuseLink(WindowsHandle handle, VaultStatus refusal)
    {
        FILE_ATTRIBUTE_TAG_INFORMATION tag;
        IO_STATUS_BLOCK io;
        int result = NtDll.NtQueryInformationFile(handle, &io, &tag, (uint)sizeof(FILE_ATTRIBUTE_TAG_INFORMATION), Nt.FileAttributeTagInformation);
        bool link = NtStatus.IsOk(result) && (tag.FileAttributes & Nt.FILE_ATTRIBUTE_REPARSE_POINT) != 0;
        return link ? refusal : NtStatus.ToStatus(result);
    }

    private static VaultStatus Keep(VaultStatus status, WindowsHandle? handle, out StoreHandle? kept)
    {
        kept = status == VaultStatus.Ok ? handle : null;
        if (kept is null)
        {
            handle?.Dispose();
        }

        return status;
    }

    private static VaultStatus FullPath(string path, out string full)
    {
        try
        {
            full = Path.GetFullPath(path);
            return VaultStatus.Ok;
        }
        catch (PathTooLongException)
        {
            full = "";
            return VaultStatus.NameTooLong;
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            full = "";
            return VaultStatus.Invalid;
        }
    }

    private static uint AttributesOf(uint mode) => (mode & OwnerWrites) == 0 ? Nt.FILE_ATTRIBUTE_READONLY : Nt.FILE_ATTRIBUTE_NORMAL;
}
