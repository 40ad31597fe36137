using System;
using System.Runtime.Versioning;
using SecureVault.Storage.Windows.Native;
using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>Attributes of stored objects: stat, mode, times, the volume's statistics.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsAttributes
{
    private const uint FileMode = 0x1B6; // 0666
    private const uint FolderMode = 0x1FF; // 0777
    private const uint WriteBits = 0x92; // 0222
    private const uint LongestName = 255;

    internal static VaultStatus Stat(StoreHandle directory, ReadOnlySpan<byte> name, out StoreStat stat)
    {
        stat = default;
        VaultStatus status = NtOpen.Existing(directory, name, Nt.FILE_READ_ATTRIBUTES, 0, out WindowsHandle? handle);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (handle)
        {
            return Stat(handle!, out stat);
        }
    }

    /// <summary>Three questions instead of FileAllInformation, which has the system spell the object's whole path.</summary>
    internal static VaultStatus Stat(StoreHandle handle, out StoreStat stat)
    {
        stat = default;
        FILE_BASIC_INFORMATION basic = default;
        FILE_STANDARD_INFORMATION standard = default;
        ulong index = 0;
        VaultStatus status = Query(handle, &basic, sizeof(FILE_BASIC_INFORMATION), Nt.FileBasicInformation);
        status = status == VaultStatus.Ok ? Query(handle, &standard, sizeof(FILE_STANDARD_INFORMATION), Nt.FileStandardInformation) : status;
        status = status == VaultStatus.Ok ? Query(handle, &index, sizeof(ulong), Nt.FileInternalInformation) : status;
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        stat.Device = ((WindowsHandle)handle).Device;
        stat.Inode = index;
        stat.Kind = KindOf(basic.FileAttributes);
        stat.Mode = (basic.FileAttributes & Nt.FILE_ATTRIBUTE_DIRECTORY) != 0 ? FolderMode : FileMode;
        stat.Mode &= (basic.FileAttributes & Nt.FILE_ATTRIBUTE_READONLY) != 0 ? ~WriteBits : uint.MaxValue;
        stat.Links = standard.NumberOfLinks;
        stat.Size = stat.Kind == NodeKind.File ? standard.EndOfFile : 0;
        stat.Blocks = standard.AllocationSize / 512;
        stat.Accessed = WindowsTime.Read(basic.LastAccessTime);
        stat.Modified = WindowsTime.Read(basic.LastWriteTime);
        stat.Changed = WindowsTime.Read(basic.ChangeTime);
        return VaultStatus.Ok;
    }

    internal static VaultStatus Identify(StoreHandle directory, ReadOnlySpan<byte> name, out StoreIdentity identity)
    {
        VaultStatus status = Stat(directory, name, out StoreStat stat);
        identity = status == VaultStatus.Ok ? new StoreIdentity(stat.Inode, stat.Size) : default;
        return status;
    }

    internal static NodeKind KindOf(uint attributes) =>
        (attributes & Nt.FILE_ATTRIBUTE_REPARSE_POINT) != 0 ? NodeKind.Symlink
        : (attributes & Nt.FILE_ATTRIBUTE_DIRECTORY) != 0 ? NodeKind.Directory
        : NodeKind.File;

    internal static VaultStatus SetReadOnly(StoreHandle parent, ReadOnlySpan<byte> name, bool readOnly)
    {
        VaultStatus status = NtOpen.Existing(parent, name, Nt.FILE_READ_ATTRIBUTES | Nt.FILE_WRITE_ATTRIBUTES, 0, out WindowsHandle? handle);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (handle)
        {
            return ChangeReadOnly(handle!, readOnly);
        }
    }

    internal static VaultStatus SetReadOnly(StoreHandle handle, bool readOnly)
    {
        using WindowsHandle? again = ForChange(handle);
        return ChangeReadOnly(again ?? handle, readOnly);
    }

    internal static VaultStatus SetTimes(StoreHandle parent, ReadOnlySpan<byte> name, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow)
    {
        VaultStatus status = NtOpen.Existing(parent, name, Nt.FILE_WRITE_ATTRIBUTES, 0, out WindowsHandle? handle);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (handle)
        {
            return ChangeTimes(handle!, accessed, accessedNow, modified, modifiedNow);
        }
    }

    internal static VaultStatus SetTimes(StoreHandle handle, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow)
    {
        using WindowsHandle? again = ForChange(handle);
        return ChangeTimes(again ?? handle, accessed, accessedNow, modified, modifiedNow);
    }

    internal static VaultStatus Statistics(StoreHandle handle, out StoreStatistics statistics)
    {
        statistics = default;
        FILE_FS_FULL_SIZE_INFORMATION size;
        IO_STATUS_BLOCK io;
        int result = NtDll.NtQueryVolumeInformationFile(handle, &io, &size, (uint)sizeof(FILE_FS_FULL_SIZE_INFORMATION), Nt.FileFsFullSizeInformation);
        if (!NtStatus.IsOk(result))
        {
            return NtStatus.ToStatus(result);
        }

        statistics.Blocks = unchecked((ulong)size.TotalAllocationUnits);
        statistics.BlocksFree = unchecked((ulong)size.ActualAvailableAllocationUnits);
        statistics.BlocksAvailable = unchecked((ulong)size.CallerAvailableAllocationUnits);
        statistics.BlockSize = unchecked(size.SectorsPerAllocationUnit * size.BytesPerSector);
        statistics.NameLength = LongestName;
        return VaultStatus.Ok;
    }

    /// <summary>FILE_FS_VOLUME_INFORMATION (MS-FSCC 2.5.9): the serial number at offset 8. The label at its end is not wanted.</summary>
    internal static VaultStatus VolumeSerial(StoreHandle handle, out ulong serial)
    {
        const int serialOffset = 8;
        byte* volume = stackalloc byte[24];
        IO_STATUS_BLOCK io;
        int result = NtDll.NtQueryVolumeInformationFile(handle, &io, volume, 24, Nt.FileFsVolumeInformation);
        bool read = NtStatus.IsOk(result) || unchecked((uint)result) == NtStatus.STATUS_BUFFER_OVERFLOW;
        serial = read ? *(uint*)(volume + serialOffset) : 0;
        return read ? VaultStatus.Ok : NtStatus.ToStatus(result);
    }

    /// <summary>A second handle, for a time set through the first would keep the system from moving it at later writes. Null where the system gives none.</summary>
    private static WindowsHandle? ForChange(StoreHandle handle)
    {
        _ = NtOpen.Again(handle, Nt.FILE_READ_ATTRIBUTES | Nt.FILE_WRITE_ATTRIBUTES, out WindowsHandle? again);
        return again;
    }

    private static VaultStatus ChangeReadOnly(StoreHandle handle, bool readOnly)
    {
        FILE_BASIC_INFORMATION basic;
        VaultStatus status = Query(handle, &basic, sizeof(FILE_BASIC_INFORMATION), Nt.FileBasicInformation);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if ((basic.FileAttributes & Nt.FILE_ATTRIBUTE_REPARSE_POINT) != 0)
        {
            return VaultStatus.Invalid;
        }

        uint attributes = basic.FileAttributes & ~(Nt.FILE_ATTRIBUTE_READONLY | Nt.FILE_ATTRIBUTE_NORMAL);
        attributes |= readOnly ? Nt.FILE_ATTRIBUTE_READONLY : 0;
        var change = new FILE_BASIC_INFORMATION { FileAttributes = attributes == 0 ? Nt.FILE_ATTRIBUTE_NORMAL : attributes };
        return Set(handle, change);
    }

    private static VaultStatus ChangeTimes(StoreHandle handle, FileTime? accessed, bool accessedNow, FileTime? modified, bool modifiedNow)
    {
        long now = TimeProvider.System.GetUtcNow().ToFileTime();
        var change = new FILE_BASIC_INFORMATION
        {
            LastAccessTime = accessedNow ? now : accessed is { } a ? WindowsTime.Write(a) : 0,
            LastWriteTime = modifiedNow ? now : modified is { } m ? WindowsTime.Write(m) : 0,
        };
        return change.LastAccessTime == 0 && change.LastWriteTime == 0 ? VaultStatus.Ok : Set(handle, change);
    }

    private static VaultStatus Query(StoreHandle handle, void* information, int length, int kind)
    {
        IO_STATUS_BLOCK io;
        return NtStatus.ToStatus(NtDll.NtQueryInformationFile(handle, &io, information, (uint)length, kind));
    }

    private static VaultStatus Set(StoreHandle handle, FILE_BASIC_INFORMATION change)
    {
        IO_STATUS_BLOCK io;
        return NtStatus.ToStatus(NtDll.NtSetInformationFile(handle, &io, &change, (uint)sizeof(FILE_BASIC_INFORMATION), Nt.FileBasicInformation));
    }
}
