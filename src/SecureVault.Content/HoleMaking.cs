using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>fallocate and lseek: makes holes, reserves space, finds data.</summary>
/// <remarks>Under the file's exclusive lock, but Seek, which needs the shared one.</remarks>
internal static class HoleMaking
{
    internal static VaultStatus Allocate(FileBody body, AllocateKind kind, long plainOffset, long length)
    {
        if (!body.CanWrite)
        {
            return VaultStatus.ReadOnly;
        }

        bool keepsSize = kind is AllocateKind.AllocateKeepSize or AllocateKind.PunchHole or AllocateKind.ZeroRangeKeepSize;
        if (plainOffset > FileLayout.MaxPlainSize - length)
        {
            return keepsSize && kind != AllocateKind.AllocateKeepSize ? Punch(body, plainOffset, body.Size) : VaultStatus.TooLarge;
        }

        long end = plainOffset + length;
        VaultStatus status = kind is AllocateKind.Allocate or AllocateKind.AllocateKeepSize ? Reserve(body, plainOffset, end) : Punch(body, plainOffset, long.Min(end, body.Size));
        return status == VaultStatus.Ok && !keepsSize && end > body.Size ? Resizing.SetSize(body, end) : status;
    }

    internal static VaultStatus Seek(FileBody body, SeekKind kind, long plainOffset, out long found)
    {
        found = 0;
        if (plainOffset < 0 || plainOffset >= body.Size)
        {
            return VaultStatus.NoSuchOffset;
        }

        long block = plainOffset >> body.Shift;
        long limit = FileLayout.BlockCount(body.Size, body.Shift);
        while (block < limit)
        {
            VaultStatus status = body.Maps.Run(block, limit, out bool hole, out long count);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            if (hole == (kind == SeekKind.Hole))
            {
                found = long.Max(plainOffset, block << body.Shift);
                return VaultStatus.Ok;
            }

            block += count;
        }

        found = body.Size;
        return kind == SeekKind.Hole ? VaultStatus.Ok : VaultStatus.NoSuchOffset;
    }

    /// <summary>Space in the store for the blocks of the range; a store that cannot reserve is no error, one that is full is.</summary>
    private static VaultStatus Reserve(FileBody body, long plainOffset, long end)
    {
        long start = body.BlockOffset(plainOffset >> body.Shift);
        long length = FileLayout.CipherSize(end, body.Shift) - start;
        VaultStatus status = body.Store.Allocate(body.File, start, length, keepSize: true);
        return status == VaultStatus.NotSupported ? VaultStatus.Ok : status;
    }

    /// <summary>Zeros from plainOffset to end (at most Size): whole blocks become holes, parts of blocks are written.</summary>
    private static VaultStatus Punch(FileBody body, long plainOffset, long end)
    {
        if (plainOffset >= end)
        {
            return VaultStatus.Ok;
        }

        long first = (plainOffset + body.BlockSize - 1) >> body.Shift;
        long last = end == body.Size ? FileLayout.BlockCount(end, body.Shift) : end >> body.Shift;
        VaultStatus status = body.BeginChange(resizes: false);
        if (status == VaultStatus.Ok)
        {
            status = WriteZeros(body, plainOffset, long.Min(end, first << body.Shift));
        }

        if (status == VaultStatus.Ok && first <= last)
        {
            status = WriteZeros(body, long.Min(end, last << body.Shift), end);
        }

        return status == VaultStatus.Ok ? MakeHoles(body, first, long.Min(last, body.DataBlocks)) : status;
    }

    /// <summary>Less than a block, within one block; nothing to do in a hole.</summary>
    private static VaultStatus WriteZeros(FileBody body, long start, long end)
    {
        if (start >= end)
        {
            return VaultStatus.Ok;
        }

        VaultStatus status = body.Maps.IsData(start >> body.Shift, out bool data);
        if (status != VaultStatus.Ok || !data)
        {
            return status;
        }

        int length = (int)(end - start);
        byte[] zeros = body.Context.Buffers.Rent(length);
        zeros.AsSpan(0, length).Clear();
        status = BlockWriter.Write(body, start, zeros.AsSpan(0, length), out _);
        body.Context.Buffers.Return(zeros);
        return status;
    }

    /// <summary>The bits now; the stored bytes are freed once a durable record says so.</summary>
    private static VaultStatus MakeHoles(FileBody body, long first, long end)
    {
        while (first < end)
        {
            long stop = long.Min(end, FileLayout.FirstBlock(FileLayout.GroupOf(first, body.Shift) + 1, body.Shift));
            VaultStatus status = body.Maps.Mark(first, stop, hole: true, out bool changed);
            if (status == VaultStatus.Ok && changed)
            {
                body.Journal.Forget(first, stop);
                body.Tail.Forget();
                body.Punches.Add(first, stop);
                body.NeedsRecord = true;
                body.CutSinceDrop = true;
                status = body.Maps.Pages.IsCrowded ? Checkpoint.Full(body, dataDurable: false, makeDurable: true) : VaultStatus.Ok;
            }

            if (status != VaultStatus.Ok)
            {
                return status;
            }

            first = stop;
        }

        return VaultStatus.Ok;
    }
}
