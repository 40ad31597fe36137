using System;
using SecureVault.Dokan.Values;
using SecureVault.FileSystem.Gate;
using SecureVault.Terms;

namespace SecureVault.Dokan.Operations;

/// <summary>The bytes of an open file. All of it goes on between Cleanup and Close, under the decision made at the Create.</summary>
internal sealed class ContentCalls(DriveContext drive)
{
    public static NtStatus Read(NtHandle handle, long plainOffset, Span<byte> plain, out int read)
    {
        read = 0;
        NtStatus status = Check(handle, plainOffset, NtAccess.None);
        return status == NtStatus.Success ? StatusMap.ToNt(handle.File!.Read(plainOffset, plain, out read)) : status;
    }

    public NtStatus Write(NtHandle handle, long plainOffset, ReadOnlySpan<byte> plain, bool paging, bool toEnd, out int written)
    {
        written = 0;
        NtStatus status = Check(handle, toEnd ? 0 : plainOffset, NtAccess.None);
        if (status != NtStatus.Success)
        {
            return status;
        }

        if (paging)
        {
            return WritePages(handle, plainOffset, plain, out written);
        }

        OpenFile file = handle.File!;
        return StatusMap.ToNt(toEnd ? file.WriteAtEnd(plain, out written) : file.Write(plainOffset, plain, out written));
    }

    /// <summary>Makes the file or folder durable.</summary>
    public static NtStatus Flush(NtHandle handle)
    {
        VaultStatus status = handle.File is { } file ? file.Sync(dataOnly: false) : handle.Directory?.Sync() ?? VaultStatus.Ok;
        return StatusMap.ToNt(status);
    }

    public NtStatus SetEndOfFile(NtHandle handle, long plainSize)
    {
        NtStatus status = Check(handle, plainSize, AccessMask.Writing);
        if (status != NtStatus.Success)
        {
            return status;
        }

        var change = new AttributeChange { Size = plainSize };
        return StatusMap.ToNt(drive.Engine.SetAttributes(handle.Caller, handle.Node, handle.File, change, out _));
    }

    /// <summary>Below the size it cuts the file; above, nothing is reserved (MS-FSCC 2.4.4).</summary>
    public NtStatus SetAllocationSize(NtHandle handle, long allocation)
    {
        NtStatus status = Check(handle, allocation, AccessMask.Writing);
        if (status != NtStatus.Success)
        {
            return status;
        }

        VaultStatus asked = drive.Engine.GetAttributes(handle.Node, out NodeAttributes attributes);
        return asked != VaultStatus.Ok ? StatusMap.ToNt(asked)
            : allocation < attributes.Size ? SetEndOfFile(handle, allocation)
            : NtStatus.Success;
    }

    // From the memory manager, in whole pages: what lies past the end of the file is no part of it. They come by whatever handle the mapping was
    // first made through; who could change them was decided when a handle was opened for writing.
    private NtStatus WritePages(NtHandle handle, long plainOffset, ReadOnlySpan<byte> plain, out int written)
    {
        written = 0;
        if (drive.Nodes.PagerOf(handle) is not { } file)
        {
            return NtStatus.AccessDenied;
        }

        NtStatus status = StatusMap.ToNt(file.WriteWithin(plainOffset, plain, out written));
        written = status == NtStatus.Success ? plain.Length : written;
        return status;
    }

    private static NtStatus Check(NtHandle handle, long number, NtAccess oneOf)
    {
        if (handle.Closed)
        {
            return NtStatus.InvalidHandle;
        }

        if (handle.IsDirectory || number < 0)
        {
            return NtStatus.InvalidParameter;
        }

        return handle.File is null || (oneOf != NtAccess.None && (handle.Access & oneOf) == 0) ? NtStatus.AccessDenied : NtStatus.Success;
    }
}
