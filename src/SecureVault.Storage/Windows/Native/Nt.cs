using System.Runtime.InteropServices;

namespace SecureVault.Storage.Windows.Native;

/// <summary>The system's constants, under their own names (MS-SMB2 2.2.13, MS-FSCC 2.3, 2.4, 2.5, 2.6).</summary>
internal static class Nt
{
    internal const uint FILE_READ_DATA = 0x1; // of a folder: list
    internal const uint FILE_WRITE_DATA = 0x2; // of a folder: add a file
    internal const uint FILE_TRAVERSE = 0x20;
    internal const uint FILE_READ_ATTRIBUTES = 0x80;
    internal const uint FILE_WRITE_ATTRIBUTES = 0x100;
    internal const uint DELETE = 0x10000;
    internal const uint SYNCHRONIZE = 0x100000;
    internal const uint FILE_GENERIC_READ = 0x120089;
    internal const uint FILE_GENERIC_WRITE = 0x120116;

    internal const uint FILE_SHARE_ALL = 7; // read, write, delete

    internal const uint FILE_OPEN = 1;
    internal const uint FILE_CREATE = 2;
    internal const uint FILE_OPEN_IF = 3;

    internal const uint FILE_DIRECTORY_FILE = 0x1;
    internal const uint FILE_SYNCHRONOUS_IO_NONALERT = 0x20;
    internal const uint FILE_NON_DIRECTORY_FILE = 0x40;
    internal const uint FILE_OPEN_FOR_BACKUP_INTENT = 0x4000;
    internal const uint FILE_OPEN_REPARSE_POINT = 0x200000;

    internal const uint FILE_ATTRIBUTE_READONLY = 0x1;
    internal const uint FILE_ATTRIBUTE_DIRECTORY = 0x10;
    internal const uint FILE_ATTRIBUTE_NORMAL = 0x80;
    internal const uint FILE_ATTRIBUTE_REPARSE_POINT = 0x400;

    internal const uint OBJ_CASE_INSENSITIVE = 0x40;

    internal const int FileBasicInformation = 4;
    internal const int FileStandardInformation = 5;
    internal const int FileInternalInformation = 6;
    internal const int FileRenameInformation = 10;
    internal const int FileLinkInformation = 11;
    internal const int FileDispositionInformation = 13;
    internal const int FileAllocationInformation = 19;
    internal const int FileEndOfFileInformation = 20;
    internal const int FileAttributeTagInformation = 35;
    internal const int FileIdFullDirectoryInformation = 38;
    internal const int FileDispositionInformationEx = 64;
    internal const int FileRenameInformationEx = 65;

    internal const uint FILE_DISPOSITION_DELETE = 0x1;
    internal const uint FILE_DISPOSITION_POSIX_SEMANTICS = 0x2;
    internal const uint FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE = 0x10;

    internal const uint FILE_RENAME_REPLACE_IF_EXISTS = 0x1;
    internal const uint FILE_RENAME_POSIX_SEMANTICS = 0x2;
    internal const uint FILE_RENAME_IGNORE_READONLY_ATTRIBUTE = 0x40;

    internal const int FileFsVolumeInformation = 1;
    internal const int FileFsFullSizeInformation = 7;

    internal const int SystemTimeOfDayInformation = 3;

    internal const uint FSCTL_SET_SPARSE = 0x900C4;
    internal const uint FSCTL_QUERY_ALLOCATED_RANGES = 0x940CF;
    internal const uint FSCTL_SET_ZERO_DATA = 0x980C8;
}

/// <summary>UNICODE_STRING: lengths in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UNICODE_STRING
{
    internal ushort Length;
    internal ushort MaximumLength;
    internal char* Buffer;
}

/// <summary>OBJECT_ATTRIBUTES.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OBJECT_ATTRIBUTES
{
    internal uint Length;
    internal nint RootDirectory;
    internal UNICODE_STRING* ObjectName;
    internal uint Attributes;
    internal void* SecurityDescriptor;
    internal void* SecurityQualityOfService;
}

/// <summary>IO_STATUS_BLOCK.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IO_STATUS_BLOCK
{
    internal nint Status;
    internal nuint Information;
}

/// <summary>FILE_BASIC_INFORMATION (MS-FSCC 2.4.7): 100 ns since 1601; a time of 0 and attributes of 0 are left alone when set.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal struct FILE_BASIC_INFORMATION
{
    internal long CreationTime;
    internal long LastAccessTime;
    internal long LastWriteTime;
    internal long ChangeTime;
    internal uint FileAttributes;
}

/// <summary>FILE_STANDARD_INFORMATION (MS-FSCC 2.4.47).</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal struct FILE_STANDARD_INFORMATION
{
    internal long AllocationSize;
    internal long EndOfFile;
    internal uint NumberOfLinks;
    internal byte DeletePending;
    internal byte Directory;
}

/// <summary>FILE_ATTRIBUTE_TAG_INFORMATION (MS-FSCC 2.4.6).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FILE_ATTRIBUTE_TAG_INFORMATION
{
    internal uint FileAttributes;
    internal uint ReparseTag;
}

/// <summary>FILE_FS_FULL_SIZE_INFORMATION (MS-FSCC 2.5.4).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FILE_FS_FULL_SIZE_INFORMATION
{
    internal long TotalAllocationUnits;
    internal long CallerAvailableAllocationUnits;
    internal long ActualAvailableAllocationUnits;
    internal uint SectorsPerAllocationUnit;
    internal uint BytesPerSector;
}

/// <summary>A range of bytes: FILE_ALLOCATED_RANGE_BUFFER (offset, length) and FILE_ZERO_DATA_INFORMATION (offset, end).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FILE_RANGE
{
    internal long FileOffset;
    internal long LengthOrEnd;
}

/// <summary>SYSTEM_TIMEOFDAY_INFORMATION: 100 ns since 1601, biases in 100 ns.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SYSTEM_TIMEOFDAY_INFORMATION
{
    internal long BootTime;
    internal long CurrentTime;
    internal long TimeZoneBias;
    internal uint TimeZoneId;
    internal uint Reserved;
    internal ulong BootTimeBias;
    internal ulong SleepTimeBias;
}
