using System;
using System.Runtime.Versioning;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>NtCreateFile relative to an open folder, and what the store's names share.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class NtOpen
{
    private const uint Always = Nt.FILE_SYNCHRONOUS_IO_NONALERT | Nt.FILE_OPEN_REPARSE_POINT;

    /// <summary>Opens or makes a name of a folder; a link is opened itself. An empty name opens what parent is once more, with other rights.</summary>
    /// <param name="options">FILE_DIRECTORY_FILE, FILE_NON_DIRECTORY_FILE or neither.</param>
    /// <returns>An NTSTATUS. The handle is the caller's.</returns>
    internal static int Relative(StoreHandle parent, ReadOnlySpan<char> name, uint access, uint disposition, uint options, uint attributes, out nint handle)
    {
        bool holds = false;
        try
        {
            parent.DangerousAddRef(ref holds);
            return Create(parent.DangerousGetHandle(), name, access, disposition, options | Always, attributes, 0, out handle);
        }
        finally
        {
            if (holds)
            {
                parent.DangerousRelease();
            }
        }
    }

    /// <summary>Opens the folder at a path of the system ("\??\..."). Links on the way and at its end are followed: the user named them.</summary>
    internal static int Folder(string path, uint access, out nint handle) =>
        Create(0, path, access, Nt.FILE_OPEN, Nt.FILE_SYNCHRONOUS_IO_NONALERT | Nt.FILE_DIRECTORY_FILE | Nt.FILE_OPEN_FOR_BACKUP_INTENT, 0, Nt.OBJ_CASE_INSENSITIVE, out handle);

    /// <summary>Opens an existing name, whatever it is, for a moment.</summary>
    internal static VaultStatus Existing(StoreHandle parent, ReadOnlySpan<byte> name, uint access, uint options, out WindowsHandle? handle)
    {
        handle = null;
        Span<char> text = stackalloc char[WindowsName.BufferSize];
        VaultStatus status = WindowsName.Read(name, text, out int length);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        int result = Relative(parent, text[..length], access | Nt.SYNCHRONIZE, Nt.FILE_OPEN, options, 0, out nint opened);
        handle = NtStatus.IsOk(result) ? Brief(parent, opened) : null;
        return NtStatus.ToStatus(result);
    }

    /// <summary>The same object once more, with other rights.</summary>
    internal static VaultStatus Again(StoreHandle handle, uint access, out WindowsHandle? again)
    {
        int result = Relative(handle, default, access | Nt.SYNCHRONIZE, Nt.FILE_OPEN, 0, 0, out nint opened);
        again = NtStatus.IsOk(result) ? Brief(handle, opened) : null;
        return NtStatus.ToStatus(result);
    }

    /// <summary>A handle that nothing is written through.</summary>
    private static WindowsHandle Brief(StoreHandle origin, nint opened) => new(opened, ((WindowsHandle)origin).Device, appends: false, new DirtyFiles());

    private static int Create(nint root, ReadOnlySpan<char> name, uint access, uint disposition, uint options, uint attributes, uint lookup, out nint handle)
    {
        handle = 0;
        fixed (char* start = name)
        fixed (nint* result = &handle)
        {
            ushort bytes = (ushort)(name.Length * sizeof(char));
            var text = new UNICODE_STRING { Length = bytes, MaximumLength = bytes, Buffer = start };
            var target = new OBJECT_ATTRIBUTES { Length = (uint)sizeof(OBJECT_ATTRIBUTES), RootDirectory = root, ObjectName = &text, Attributes = lookup };
            IO_STATUS_BLOCK io;
            return NtDll.NtCreateFile(result, access, &target, &io, null, attributes, Nt.FILE_SHARE_ALL, disposition, options, null, 0);
        }
    }
}
