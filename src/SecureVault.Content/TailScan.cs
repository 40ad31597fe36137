using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Looks for authentic blocks past those the record vouches for; what is not authentic there is a hole. Skips what the store says is sparse.</summary>
internal static class TailScan
{
    internal static VaultStatus Run(FileBody body, long storedSize)
    {
        byte[] buffer = body.Context.Buffers.Rent(body.Context.Buffers.LargeSize);
        byte[] plain = body.Context.Buffers.Rent(body.BlockSize);
        long block = body.Recorded.DataBlocks;
        VaultStatus status = VaultStatus.Ok;
        while (status == VaultStatus.Ok && block << body.Shift < FileLayout.MaxPlainSize && body.BlockOffset(block) + FileLayout.BlockOverhead < storedSize)
        {
            status = SkipSparse(body, storedSize, ref block);
            int count = (int)long.Min(body.Context.Buffers.RunBlocks, FileLayout.ContiguousBlocks(block, body.Shift));
            if (status == VaultStatus.Ok)
            {
                status = Take(body, block, storedSize, buffer.AsSpan(0, count * body.SealedSize), plain);
            }

            block += count;
        }

        body.Context.Buffers.ReturnPlain(plain, body.BlockSize);
        body.Context.Buffers.Return(buffer);
        return status;
    }

    private static VaultStatus SkipSparse(FileBody body, long storedSize, ref long block)
    {
        VaultStatus status = body.Store.Seek(body.File, SeekKind.Data, body.BlockOffset(block), out long found);
        if (status == VaultStatus.Ok)
        {
            block = long.Max(block, BlockAt(body, found));
            return status;
        }

        if (status == VaultStatus.NoSuchOffset)
        {
            block = long.Max(block, BlockAt(body, storedSize - 1));
            return VaultStatus.Ok;
        }

        return status == VaultStatus.NotSupported ? VaultStatus.Ok : status;
    }

    /// <summary>The block whose stored bytes hold the offset; of a map, the first block after it.</summary>
    private static long BlockAt(FileBody body, long cipherOffset)
    {
        long slot = (cipherOffset - FileLayout.HeaderSize) / body.SealedSize;
        if (slot < FileLayout.InlineBlocks)
        {
            return slot;
        }

        (long group, long place) = Math.DivRem(slot - FileLayout.InlineBlocks, FileLayout.BlocksPerGroup(body.Shift) + 1L);
        return FileLayout.FirstBlock(group + 1, body.Shift) + long.Max(0, place - 1);
    }

    private static VaultStatus Take(FileBody body, long block, long storedSize, Span<byte> buffer, byte[] plain)
    {
        int wanted = (int)long.Min(buffer.Length, storedSize - body.BlockOffset(block));
        VaultStatus status = body.Store.ReadAt(body.File, buffer[..int.Max(wanted, 0)], body.BlockOffset(block), out int read);
        int start = 0;
        while (status == VaultStatus.Ok && read - start > FileLayout.BlockOverhead)
        {
            int length = int.Min(body.SealedSize, read - start);
            Span<byte> content = plain.AsSpan(0, length - FileLayout.BlockOverhead);
            bool fits = length == body.SealedSize || (block << body.Shift) + content.Length >= body.Size;
            if (fits && body.Codec.TryOpenBlock(block, buffer.Slice(start, length), content))
            {
                status = Accept(body, block, content.Length);
            }

            block++;
            start += length;
        }

        return status;
    }

    private static VaultStatus Accept(FileBody body, long block, int length)
    {
        VaultStatus status = body.Maps.Extend(block, block + 1);
        if (status == VaultStatus.Ok)
        {
            body.DataBlocks = block + 1;
            body.Size = long.Max(body.Size, (block << body.Shift) + length);
        }

        return status;
    }
}
