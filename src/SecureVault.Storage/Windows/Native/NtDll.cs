using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SecureVault.Storage.Windows.Native;

/// <summary>The system's file calls, under their own names. All blittable; each answers an NTSTATUS.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class NtDll
{
    private const string Library = "ntdll";

    [LibraryImport(Library)]
    internal static partial int NtCreateFile(nint* fileHandle, uint desiredAccess, OBJECT_ATTRIBUTES* objectAttributes, IO_STATUS_BLOCK* ioStatus, long* allocationSize, uint fileAttributes, uint shareAccess, uint createDisposition, uint createOptions, void* eaBuffer, uint eaLength);

    [LibraryImport(Library)]
    internal static partial int NtClose(nint handle);

    [LibraryImport(Library)]
    internal static partial int NtReadFile(StoreHandle file, nint waitEvent, nint apcRoutine, nint apcContext, IO_STATUS_BLOCK* ioStatus, byte* buffer, uint length, long* byteOffset, uint* key);

    [LibraryImport(Library)]
    internal static partial int NtWriteFile(StoreHandle file, nint waitEvent, nint apcRoutine, nint apcContext, IO_STATUS_BLOCK* ioStatus, byte* buffer, uint length, long* byteOffset, uint* key);

    [LibraryImport(Library)]
    internal static partial int NtFlushBuffersFile(StoreHandle file, IO_STATUS_BLOCK* ioStatus);

    [LibraryImport(Library)]
    internal static partial int NtFlushBuffersFile(nint file, IO_STATUS_BLOCK* ioStatus);

    [LibraryImport(Library)]
    internal static partial int NtQueryInformationFile(StoreHandle file, IO_STATUS_BLOCK* ioStatus, void* information, uint length, int informationClass);

    [LibraryImport(Library)]
    internal static partial int NtSetInformationFile(StoreHandle file, IO_STATUS_BLOCK* ioStatus, void* information, uint length, int informationClass);

    [LibraryImport(Library)]
    internal static partial int NtQueryVolumeInformationFile(StoreHandle file, IO_STATUS_BLOCK* ioStatus, void* information, uint length, int informationClass);

    [LibraryImport(Library)]
    internal static partial int NtQueryDirectoryFile(StoreHandle file, nint waitEvent, nint apcRoutine, nint apcContext, IO_STATUS_BLOCK* ioStatus, void* information, uint length, int informationClass, byte returnSingleEntry, UNICODE_STRING* fileName, byte restartScan);

    [LibraryImport(Library)]
    internal static partial int NtFsControlFile(StoreHandle file, nint waitEvent, nint apcRoutine, nint apcContext, IO_STATUS_BLOCK* ioStatus, uint controlCode, void* input, uint inputLength, void* output, uint outputLength);

    [LibraryImport(Library)]
    internal static partial int NtQuerySystemInformation(int informationClass, void* information, uint length, uint* returnLength);
}
