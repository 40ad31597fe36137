using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using DokanNet;
using DokanNet.Logging;
using SecureVault.Dokan.Native;
using SecureVault.FileSystem;
using FileAccess = DokanNet.FileAccess;

namespace SecureVault.Dokan.Driver;

/// <summary>DokanNet's callbacks, word for word onto NtDrive: nothing is decided here. The only file that knows DokanNet.</summary>
/// <remarks>The requestor's token is read in CreateFile alone: no other callback has one to read.</remarks>
[SupportedOSPlatform("windows")]
internal sealed class DokanAdapter(NtDrive drive) : IDokanOperations
{
    private const int LongWork = 60_000; // ms a callback may take that flushes, lists or removes

    private readonly RequestorCache _requestors = new();

    public DokanNet.NtStatus CreateFile(string fileName, FileAccess access, FileShare share, FileMode mode, FileOptions options, FileAttributes attributes, IDokanFileInfo info)
    {
        using WindowsIdentity? identity = info.GetRequestor();
        Requestor? requestor = identity is null ? null : _requestors.Find(new WindowsToken(identity), info.ProcessId, ProcessImage.PathOf(info.ProcessId));
        if (requestor is null)
        {
            return Of(NtStatus.AccessDenied);
        }

        var create = new NtCreate((NtAccess)(uint)access, (NtShare)share, Disposition(mode), Options(options, info.IsDirectory), (NtAttributes)attributes);
        NtStatus status = drive.Create(fileName, create, requestor, out NtHandle? handle);
        if (handle is not null)
        {
            info.Context = handle;
            info.IsDirectory = handle.IsDirectory;
        }

        return Of(status);
    }

    public void Cleanup(string fileName, IDokanFileInfo info)
    {
        if (info.Context is NtHandle handle)
        {
            Extend(info);
            _ = drive.Cleanup(handle, info.DeletePending);
        }
    }

    public void CloseFile(string fileName, IDokanFileInfo info)
    {
        if (info.Context is NtHandle handle)
        {
            _ = drive.Close(handle);
            info.Context = null;
        }
    }

    public DokanNet.NtStatus ReadFile(string fileName, byte[] buffer, out int bytesRead, long offset, IDokanFileInfo info)
    {
        bytesRead = 0;
        return info.Context is NtHandle handle ? Of(drive.Read(handle, offset, buffer, out bytesRead)) : NoHandle;
    }

    public DokanNet.NtStatus WriteFile(string fileName, byte[] buffer, out int bytesWritten, long offset, IDokanFileInfo info)
    {
        bytesWritten = 0;
        return info.Context is NtHandle handle ? Of(drive.Write(handle, offset, buffer, info.PagingIo, info.WriteToEndOfFile, out bytesWritten)) : NoHandle;
    }

    public DokanNet.NtStatus FlushFileBuffers(string fileName, IDokanFileInfo info) => OnHandle(info, drive.Flush, isLong: true);

    public DokanNet.NtStatus GetFileInformation(string fileName, out FileInformation fileInfo, IDokanFileInfo info)
    {
        NtFileInformation found = default;
        DokanNet.NtStatus status = OnHandle(info, handle => drive.GetInformation(handle, out found));
        fileInfo = Told(found);
        return status;
    }

    public DokanNet.NtStatus FindFiles(string fileName, out IList<FileInformation> files, IDokanFileInfo info) => FindFilesWithPattern(fileName, "*", out files, info);

    public DokanNet.NtStatus FindFilesWithPattern(string fileName, string searchPattern, out IList<FileInformation> files, IDokanFileInfo info)
    {
        var found = new Found();
        files = found.Files;
        return OnHandle(info, handle => drive.List(handle, searchPattern, found), isLong: true);
    }

    public DokanNet.NtStatus SetFileAttributes(string fileName, FileAttributes attributes, IDokanFileInfo info) =>
        OnHandle(info, handle => drive.SetAttributes(handle, (NtAttributes)attributes));

    public DokanNet.NtStatus SetFileTime(string fileName, DateTime? creationTime, DateTime? lastAccessTime, DateTime? lastWriteTime, IDokanFileInfo info) =>
        OnHandle(info, handle => drive.SetTimes(handle, new NtTimes(Time(creationTime), Time(lastAccessTime), Time(lastWriteTime))));

    public DokanNet.NtStatus DeleteFile(string fileName, IDokanFileInfo info) => OnHandle(info, handle => drive.CheckDelete(handle, info.DeletePending));

    public DokanNet.NtStatus DeleteDirectory(string fileName, IDokanFileInfo info) => OnHandle(info, handle => drive.CheckDelete(handle, info.DeletePending));

    public DokanNet.NtStatus MoveFile(string oldName, string newName, bool replace, IDokanFileInfo info) =>
        OnHandle(info, handle => drive.Move(handle, newName, replace), isLong: true);

    public DokanNet.NtStatus SetEndOfFile(string fileName, long length, IDokanFileInfo info) => OnHandle(info, handle => drive.SetEndOfFile(handle, length), isLong: true);

    public DokanNet.NtStatus SetAllocationSize(string fileName, long length, IDokanFileInfo info) =>
        OnHandle(info, handle => drive.SetAllocationSize(handle, length), isLong: true);

    /// <summary>Never called: the driver keeps the locks.</summary>
    public DokanNet.NtStatus LockFile(string fileName, long offset, long length, IDokanFileInfo info) => Of(NtStatus.NotSupported);

    /// <summary>Never called: the driver keeps the locks.</summary>
    public DokanNet.NtStatus UnlockFile(string fileName, long offset, long length, IDokanFileInfo info) => Of(NtStatus.NotSupported);

    public DokanNet.NtStatus GetDiskFreeSpace(out long freeBytesAvailable, out long totalNumberOfBytes, out long totalNumberOfFreeBytes, IDokanFileInfo info)
    {
        NtStatus status = drive.GetSpace(out NtSpace space);
        (freeBytesAvailable, totalNumberOfBytes, totalNumberOfFreeBytes) = (space.Available, space.Total, space.Free);
        return Of(status);
    }

    public DokanNet.NtStatus GetVolumeInformation(out string volumeLabel, out FileSystemFeatures features, out string fileSystemName, out uint maximumComponentLength, IDokanFileInfo info)
    {
        NtStatus status = drive.GetVolume(out NtVolume volume);
        (volumeLabel, features, fileSystemName, maximumComponentLength) = (volume.Label ?? "", (FileSystemFeatures)volume.Features, volume.FileSystemName ?? "", volume.LongestName);
        return Of(status);
    }

    public DokanNet.NtStatus GetFileSecurity(string fileName, out FileSystemSecurity? security, AccessControlSections sections, IDokanFileInfo info)
    {
        security = null;
        byte[] bytes = [];
        DokanNet.NtStatus status = OnHandle(info, handle =>
        {
            NtStatus sized = drive.GetSecurity(handle, Parts(sections), [], out int needed);
            bytes = new byte[needed];
            return sized == NtStatus.BufferOverflow ? drive.GetSecurity(handle, Parts(sections), bytes, out _) : sized;
        });
        if (status == DokanNet.NtStatus.Success)
        {
            security = info.IsDirectory ? new DirectorySecurity() : new FileSecurity();
            security.SetSecurityDescriptorBinaryForm(bytes, sections);
        }

        return status;
    }

    public DokanNet.NtStatus SetFileSecurity(string fileName, FileSystemSecurity security, AccessControlSections sections, IDokanFileInfo info) =>
        OnHandle(info, handle => drive.SetSecurity(handle, Parts(sections)));

    public DokanNet.NtStatus Mounted(string mountPoint, IDokanFileInfo info) => DokanNet.NtStatus.Success;

    public DokanNet.NtStatus Unmounted(IDokanFileInfo info) => DokanNet.NtStatus.Success;

    public DokanNet.NtStatus FindStreams(string fileName, out IList<FileInformation> streams, IDokanFileInfo info)
    {
        var found = new List<FileInformation>();
        streams = found;
        return OnHandle(info, handle =>
        {
            NtStatus status = drive.GetStreams(handle, out NtStream[] all);
            found.AddRange(Array.ConvertAll(all, stream => new FileInformation { FileName = stream.Name, Length = stream.Size }));
            return status;
        });
    }

    /// <summary>DokanNet makes the volume's serial number of this.</summary>
    public override int GetHashCode() => drive.GetVolume(out NtVolume volume) == NtStatus.Success ? unchecked((int)volume.Serial) : 0;

    private static DokanNet.NtStatus NoHandle => Of(NtStatus.InvalidHandle);

    private static DokanNet.NtStatus OnHandle(IDokanFileInfo info, Func<NtHandle, NtStatus> call, bool isLong = false)
    {
        if (info.Context is not NtHandle handle)
        {
            return NoHandle;
        }

        if (isLong)
        {
            Extend(info);
        }

        return Of(call(handle));
    }

    private static void Extend(IDokanFileInfo info) => _ = info.TryResetTimeout(LongWork);

    private static DokanNet.NtStatus Of(NtStatus status) => (DokanNet.NtStatus)(uint)status;

    // The library has told SUPERSEDE and OVERWRITE_IF as one already.
    private static NtDisposition Disposition(FileMode mode) => mode switch
    {
        FileMode.CreateNew => NtDisposition.Create,
        FileMode.Create => NtDisposition.OverwriteIf,
        FileMode.OpenOrCreate => NtDisposition.OpenIf,
        FileMode.Truncate => NtDisposition.Overwrite,
        _ => NtDisposition.Open,
    };

    private static NtOptions Options(FileOptions options, bool folder) =>
        (folder ? NtOptions.DirectoryFile : NtOptions.None) | ((options & FileOptions.DeleteOnClose) != 0 ? NtOptions.DeleteOnClose : NtOptions.None);

    private static NtSecurityParts Parts(AccessControlSections sections) =>
        ((sections & AccessControlSections.Owner) != 0 ? NtSecurityParts.Owner : 0)
        | ((sections & AccessControlSections.Group) != 0 ? NtSecurityParts.Group : 0)
        | ((sections & AccessControlSections.Access) != 0 ? NtSecurityParts.Dacl : 0);

    private static NtTime? Time(DateTime? time) => time is { } given ? new NtTime(given.ToFileTimeUtc()) : null;

    private static DateTime Time(NtTime time) => DateTime.FromFileTimeUtc(Math.Clamp(time.Ticks, 0, DateTime.MaxValue.ToFileTimeUtc()));

    private static FileInformation Told(in NtFileInformation found) => new()
    {
        FileName = found.Name,
        Attributes = (FileAttributes)found.Attributes,
        Length = found.Size,
        CreationTime = Time(found.Created),
        LastAccessTime = Time(found.Accessed),
        LastWriteTime = Time(found.Modified),
    };

    private sealed class Found : INtListSink
    {
        public List<FileInformation> Files { get; } = [];

        public bool Add(in NtFileInformation entry)
        {
            Files.Add(Told(entry));
            return true;
        }
    }
}

/// <summary>The mount itself.</summary>
public static partial class DokanDrives
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    static partial void MountWithDriver(VaultFileSystem engine, string letter, bool everyone, NtDriveOptions options, INtLog log, ref IDokanDrive? drive, ref string error)
    {
        var served = new NtDrive(engine, options, log);
        var library = new DokanNet.Dokan(new NullLogger());
        try
        {
            DokanInstance instance = new DokanInstanceBuilder(library).ConfigureOptions(set =>
            {
                set.MountPoint = letter + "\\";
                set.Options = everyone ? DokanOptions.FixedDrive : DokanOptions.CurrentSession;
                set.AllocationUnitSize = 4096;
                set.SectorSize = 512;
                set.TimeOut = Timeout;
            }).Build(new DokanAdapter(served));
            drive = new Mounted(served, library, instance, letter);
        }
        catch (DokanException refused)
        {
            library.Dispose();
            served.Dispose();
            error = $"{letter} cannot be mounted: {refused.Message.TrimEnd('.')}";
        }
    }

    private sealed class Mounted(NtDrive served, DokanNet.Dokan library, DokanInstance instance, string letter) : IDokanDrive
    {
        public int OpenHandles => served.OpenCount;

        public bool WaitUntilUnmounted(TimeSpan timeout) => instance.WaitForFileSystemClosed(timeout < TimeSpan.Zero ? uint.MaxValue : (uint)timeout.TotalMilliseconds) == 0;

        public bool Unmount() => library.RemoveMountPoint(letter + "\\");

        public void Dispose()
        {
            instance.Dispose(); // unmounts, and waits for the callbacks under way
            served.Dispose();
            library.Dispose();
        }
    }
}
