using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using DokanNet;
using LTRData.Extensions.Native.Memory;
using Microsoft.Win32.SafeHandles;
using SecureVault.Dokan.Drives;
using SecureVault.Dokan.Native;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Requestors;
using SecureVault.Dokan.Values;
using FileAccess = DokanNet.FileAccess;
using NtStatus = SecureVault.Dokan.Values.NtStatus;

namespace SecureVault.Dokan.Driver;

/// <summary>DokanNet's callbacks, word for word onto NtDrive: nothing is decided here. This file and DokanMount.cs alone know DokanNet.</summary>
/// <remarks>
/// The requestor's token is read in CreateFile alone: no other callback has one to read. Names and content are the library's own memory and are
/// not kept after a call; Slice of NativeMemory counts bytes where it should count elements, so parts are taken of spans.
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed class DokanAdapter(NtDrive drive) : IDokanOperations2
{
    private const int LongWork = 60_000; // ms a callback may take that flushes, lists or removes

    private readonly RequestorCache _requestors = new();

    /// <summary>A listing is whole before it is handed over: no time-out is to be reset while the library walks it.</summary>
    public int DirectoryListingTimeoutResetIntervalMs => 0;

    /// <summary>Where the driver says that it put the drive; empty until it has.</summary>
    public string MountedAt { get; private set; } = "";

    public DokanNet.NtStatus CreateFile(ReadOnlyNativeMemory<char> fileNamePtr, FileAccess access, FileShare share, FileMode mode, FileOptions options, FileAttributes attributes, ref DokanFileInfo info)
    {
        NtStatus status = RequestorOf(info, out Requestor? requestor);
        if (requestor is null)
        {
            return Of(status);
        }

        var create = new NtCreate((NtAccess)(uint)access, (NtShare)share, FrameworkValues.Disposition(mode), FrameworkValues.Options(options, info.IsDirectory), (NtAttributes)attributes);
        status = drive.Create(Text(fileNamePtr), create, requestor, out NtHandle? handle);
        if (handle is not null)
        {
            info.Context = handle;
            info.IsDirectory = handle.IsDirectory;
        }

        return Of(status);
    }

    public void Cleanup(ReadOnlyNativeMemory<char> fileNamePtr, ref DokanFileInfo info)
    {
        if (info.Context is NtHandle handle)
        {
            _ = info.TryResetTimeout(LongWork);
            _ = drive.Cleanup(handle, info.DeletePending);
        }
    }

    public void CloseFile(ReadOnlyNativeMemory<char> fileNamePtr, ref DokanFileInfo info)
    {
        if (info.Context is NtHandle handle)
        {
            _ = drive.Close(handle);
            info.Context = null;
        }
    }

    public DokanNet.NtStatus ReadFile(ReadOnlyNativeMemory<char> fileNamePtr, NativeMemory<byte> buffer, out int bytesRead, long offset, ref DokanFileInfo info)
    {
        bytesRead = 0;
        return info.Context is NtHandle handle ? Of(drive.Read(handle, offset, buffer.Span, out bytesRead)) : NoHandle;
    }

    public DokanNet.NtStatus WriteFile(ReadOnlyNativeMemory<char> fileNamePtr, ReadOnlyNativeMemory<byte> buffer, out int bytesWritten, long offset, ref DokanFileInfo info)
    {
        bytesWritten = 0;
        return info.Context is NtHandle handle ? Of(drive.Write(handle, offset, buffer.Span, info.PagingIo, info.WriteToEndOfFile, out bytesWritten)) : NoHandle;
    }

    public DokanNet.NtStatus FlushFileBuffers(ReadOnlyNativeMemory<char> fileNamePtr, ref DokanFileInfo info) => OnHandle(info, drive.Flush, isLong: true);

    public DokanNet.NtStatus GetFileInformation(ReadOnlyNativeMemory<char> fileNamePtr, out ByHandleFileInformation fileInfo, ref DokanFileInfo info)
    {
        NtFileInformation found = default;
        DokanNet.NtStatus status = OnHandle(info, handle => drive.GetInformation(handle, out found));
        fileInfo = new ByHandleFileInformation
        {
            Attributes = (FileAttributes)found.Attributes,
            Length = found.Size,
            CreationTime = FrameworkValues.Time(found.Created),
            LastAccessTime = FrameworkValues.Time(found.Accessed),
            LastWriteTime = FrameworkValues.Time(found.Modified),
            NumberOfLinks = (int)Math.Min(found.Links, int.MaxValue),
            FileIndex = unchecked((long)found.Index),
        };
        return status;
    }

    public DokanNet.NtStatus FindFiles(ReadOnlyNativeMemory<char> fileNamePtr, out IEnumerable<FindFileInformation> files, ref DokanFileInfo info) => List("*", out files, info);

    public DokanNet.NtStatus FindFilesWithPattern(ReadOnlyNativeMemory<char> fileNamePtr, ReadOnlyNativeMemory<char> searchPatternPtr, out IEnumerable<FindFileInformation> files, ref DokanFileInfo info) =>
        List(Text(searchPatternPtr), out files, info);

    public DokanNet.NtStatus SetFileAttributes(ReadOnlyNativeMemory<char> fileNamePtr, FileAttributes attributes, ref DokanFileInfo info) =>
        OnHandle(info, handle => drive.SetAttributes(handle, (NtAttributes)attributes));

    public DokanNet.NtStatus SetFileTime(ReadOnlyNativeMemory<char> fileNamePtr, DateTime? creationTime, DateTime? lastAccessTime, DateTime? lastWriteTime, ref DokanFileInfo info) =>
        OnHandle(info, handle => drive.SetTimes(handle, new NtTimes(FrameworkValues.Time(creationTime), FrameworkValues.Time(lastAccessTime), FrameworkValues.Time(lastWriteTime))));

    public DokanNet.NtStatus DeleteFile(ReadOnlyNativeMemory<char> fileNamePtr, ref DokanFileInfo info) => CheckDelete(info);

    public DokanNet.NtStatus DeleteDirectory(ReadOnlyNativeMemory<char> fileNamePtr, ref DokanFileInfo info) => CheckDelete(info);

    public DokanNet.NtStatus MoveFile(ReadOnlyNativeMemory<char> oldNamePtr, ReadOnlyNativeMemory<char> newNamePtr, bool replace, ref DokanFileInfo info)
    {
        string target = Text(newNamePtr);
        return OnHandle(info, handle => drive.Move(handle, target, replace), isLong: true);
    }

    public DokanNet.NtStatus SetEndOfFile(ReadOnlyNativeMemory<char> fileNamePtr, long length, ref DokanFileInfo info) => OnHandle(info, handle => drive.SetEndOfFile(handle, length), isLong: true);

    public DokanNet.NtStatus SetAllocationSize(ReadOnlyNativeMemory<char> fileNamePtr, long length, ref DokanFileInfo info) => OnHandle(info, handle => drive.SetAllocationSize(handle, length), isLong: true);

    /// <summary>Never called, like UnlockFile: the driver keeps the locks.</summary>
    public DokanNet.NtStatus LockFile(ReadOnlyNativeMemory<char> fileNamePtr, long offset, long length, ref DokanFileInfo info) => Of(NtStatus.NotSupported);

    public DokanNet.NtStatus UnlockFile(ReadOnlyNativeMemory<char> fileNamePtr, long offset, long length, ref DokanFileInfo info) => Of(NtStatus.NotSupported);

    public DokanNet.NtStatus GetDiskFreeSpace(out long freeBytesAvailable, out long totalNumberOfBytes, out long totalNumberOfFreeBytes, ref DokanFileInfo info)
    {
        NtStatus status = drive.GetSpace(out NtSpace space);
        (freeBytesAvailable, totalNumberOfBytes, totalNumberOfFreeBytes) = (space.Available, space.Total, space.Free);
        return Of(status);
    }

    public DokanNet.NtStatus GetVolumeInformation(
        NativeMemory<char> volumeLabel, out FileSystemFeatures features, NativeMemory<char> fileSystemName, out uint maximumComponentLength, ref uint volumeSerialNumber, ref DokanFileInfo info)
    {
        NtStatus status = drive.GetVolume(out NtVolume volume);
        (features, maximumComponentLength, volumeSerialNumber) = ((FileSystemFeatures)volume.Features, volume.LongestName, volume.Serial);
        FrameworkValues.Put(volume.Label, volumeLabel.Span);
        FrameworkValues.Put(volume.FileSystemName, fileSystemName.Span);
        return Of(status);
    }

    public DokanNet.NtStatus GetFileSecurity(ReadOnlyNativeMemory<char> fileNamePtr, out FileSystemSecurity? security, AccessControlSections sections, ref DokanFileInfo info)
    {
        byte[] bytes = [];
        DokanNet.NtStatus status = OnHandle(info, handle =>
        {
            NtStatus sized = drive.GetSecurity(handle, FrameworkValues.Parts(sections), [], out int needed);
            bytes = new byte[needed];
            return sized == NtStatus.BufferOverflow ? drive.GetSecurity(handle, FrameworkValues.Parts(sections), bytes, out _) : sized;
        });
        security = status == DokanNet.NtStatus.Success ? FrameworkValues.Security(bytes, info.IsDirectory) : null;
        return status;
    }

    public DokanNet.NtStatus SetFileSecurity(ReadOnlyNativeMemory<char> fileNamePtr, FileSystemSecurity security, AccessControlSections sections, ref DokanFileInfo info) =>
        OnHandle(info, handle => drive.SetSecurity(handle, FrameworkValues.Parts(sections)));

    public DokanNet.NtStatus Mounted(ReadOnlyNativeMemory<char> mountPoint, ref DokanFileInfo info)
    {
        MountedAt = Text(mountPoint);
        return DokanNet.NtStatus.Success;
    }

    public DokanNet.NtStatus Unmounted(ref DokanFileInfo info) => DokanNet.NtStatus.Success;

    public DokanNet.NtStatus FindStreams(ReadOnlyNativeMemory<char> fileNamePtr, out IEnumerable<FindFileInformation> streams, ref DokanFileInfo info)
    {
        NtStream[] all = [];
        DokanNet.NtStatus status = OnHandle(info, handle => drive.GetStreams(handle, out all));
        streams = Array.ConvertAll(all, stream => new FindFileInformation { FileName = stream.Name.AsMemory(), Length = stream.Size });
        return status;
    }

    /// <summary>What DokanNet tells as the volume's serial number with a file, until the volume itself is first asked.</summary>
    public override int GetHashCode() => drive.GetVolume(out NtVolume volume) == NtStatus.Success ? unchecked((int)volume.Serial) : 0;

    private static DokanNet.NtStatus NoHandle => Of(NtStatus.InvalidHandle);

    private NtStatus RequestorOf(in DokanFileInfo info, out Requestor? requestor)
    {
        requestor = null;
        using SafeAccessTokenHandle token = info.GetRequestorToken();
        if (token.IsInvalid)
        {
            return NtStatus.AccessDenied;
        }

        using var identity = new WindowsIdentity(token.DangerousGetHandle()); // a duplicate of its own
        return _requestors.Find(new WindowsToken(identity), info.ProcessId, ProcessImage.PathOf(info.ProcessId), out requestor);
    }

    private DokanNet.NtStatus List(string pattern, out IEnumerable<FindFileInformation> files, in DokanFileInfo info)
    {
        var found = new Found();
        files = found.Files;
        return OnHandle(info, handle => drive.List(handle, pattern, found), isLong: true);
    }

    private DokanNet.NtStatus CheckDelete(in DokanFileInfo info)
    {
        bool delete = info.DeletePending;
        return OnHandle(info, handle => drive.CheckDelete(handle, delete));
    }

    private static DokanNet.NtStatus OnHandle(in DokanFileInfo info, Func<NtHandle, NtStatus> call, bool isLong = false)
    {
        if (info.Context is not NtHandle handle)
        {
            return NoHandle;
        }

        if (isLong)
        {
            _ = info.TryResetTimeout(LongWork);
        }

        return Of(call(handle));
    }

    private static DokanNet.NtStatus Of(NtStatus status) => (DokanNet.NtStatus)(uint)status;

    private static string Text(ReadOnlyNativeMemory<char> memory) => new(memory.Span);

    private sealed class Found : INtListSink
    {
        public List<FindFileInformation> Files { get; } = [];

        public bool Add(in NtFileInformation entry)
        {
            Files.Add(new FindFileInformation
            {
                FileName = entry.Name.AsMemory(),
                Attributes = (FileAttributes)entry.Attributes,
                Length = entry.Size,
                CreationTime = FrameworkValues.Time(entry.Created),
                LastAccessTime = FrameworkValues.Time(entry.Accessed),
                LastWriteTime = FrameworkValues.Time(entry.Modified),
            });
            return true;
        }
    }
}
