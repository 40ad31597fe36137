using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Reads all of a file to see whether it is whole.</summary>
internal static class Verification
{
    internal static VaultStatus Run(FileBody body, Action<long>? progress, out long firstBadBlock)
    {
        byte[] plain = body.Context.Buffers.Rent(body.Context.Buffers.LargeSize);
        long blocks = FileLayout.BlockCount(body.Size, body.Shift);
        int step = body.Context.Buffers.RunBlocks - 1;
        firstBadBlock = -1;
        VaultStatus status = VaultStatus.Ok;
        long block = 0;
        while (status == VaultStatus.Ok && block < blocks)
        {
            status = body.Maps.Run(block, blocks, out bool hole, out long count);
            if (status == VaultStatus.Ok)
            {
                count = hole ? count : long.Min(count, step);
                status = hole ? VaultStatus.Ok : Read(body, block, count, plain);
            }

            if (status != VaultStatus.Ok)
            {
                firstBadBlock = FirstBad(body, block, count, plain);
                break;
            }

            block += count;
            progress?.Invoke(long.Min(body.Size, block << body.Shift));
        }

        body.Context.Buffers.ReturnPlain(plain, plain.Length);
        return status;
    }

    private static VaultStatus Read(FileBody body, long block, long count, byte[] plain)
    {
        long start = block << body.Shift;
        int length = (int)(long.Min(body.Size, (block + count) << body.Shift) - start);
        return BlockReader.Read(body, start, plain.AsSpan(0, length));
    }

    private static long FirstBad(FileBody body, long block, long count, byte[] plain)
    {
        for (long index = block; index < block + count; index++)
        {
            if (Read(body, index, 1, plain) != VaultStatus.Ok)
            {
                return index;
            }
        }

        return block;
    }
}
