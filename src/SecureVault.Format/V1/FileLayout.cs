using System;

namespace SecureVault.Format.V1;

/// <summary>Offset and size arithmetic of a stored file: header, then groups of sealed blocks.</summary>
/// <remarks>
/// Layout: header (512) | block 0 .. block 1023 | map 1 | M blocks | map 2 | M blocks | ...   with M = 8 * BlockSize.
/// A sealed block is nonce (12) | ciphertext (BlockSize, the last one 1..BlockSize) | tag (16). A map block has a full
/// block's size and holds one bit per block of its group (1 = hole). Holes among the first 1024 blocks are in the header.
/// blockShift is log2 of the plain block size, 12 to 16, one value for a whole vault.
/// Every full-sized place after the header, block or map, is called a slot. Any thread; pure arithmetic.
/// </remarks>
public static class FileLayout
{
    /// <summary>Key record and state record, in bytes.</summary>
    public const int HeaderSize = 512;

    /// <summary>Bytes that sealing adds to a block: nonce and tag.</summary>
    public const int BlockOverhead = 12 + 16;

    /// <summary>Blocks whose holes are in the header.</summary>
    public const int InlineBlocks = 1024;

    /// <summary>Least log2 of a block size.</summary>
    public const int MinBlockShift = 12;

    /// <summary>Greatest log2 of a block size.</summary>
    public const int MaxBlockShift = 16;

    /// <summary>log2 of the block size that a new vault takes.</summary>
    public const int DefaultBlockShift = 12;

    /// <summary>Largest plain size in bytes: 16 TiB.</summary>
    public const long MaxPlainSize = 1L << 44;

    /// <summary>True for a block shift that format 1 knows.</summary>
    public static bool IsBlockShift(int blockShift) => blockShift is >= MinBlockShift and <= MaxBlockShift;

    /// <summary>Plain bytes in a full block.</summary>
    public static int BlockSize(int blockShift) => 1 << blockShift;

    /// <summary>Stored bytes of a full block or a map block.</summary>
    public static int CipherBlockSize(int blockShift) => (1 << blockShift) + BlockOverhead;

    /// <summary>Blocks that one map block describes.</summary>
    public static int BlocksPerGroup(int blockShift) => 8 << blockShift;

    /// <summary>Blocks of a file of plainSize bytes, the last perhaps partial.</summary>
    public static long BlockCount(long plainSize, int blockShift) => (plainSize + BlockSize(blockShift) - 1) >> blockShift;

    /// <summary>Stored size of a file of plainSize bytes (0..MaxPlainSize).</summary>
    public static long CipherSize(long plainSize, int blockShift)
    {
        Require.That(plainSize is >= 0 and <= MaxPlainSize, "A plain size lies between 0 and 16 TiB.");
        if (plainSize == 0)
        {
            return HeaderSize;
        }

        long last = BlockCount(plainSize, blockShift) - 1;
        return BlockOffset(last, blockShift) + BlockOverhead + (plainSize - (last << blockShift));
    }

    /// <summary>Plain size for a stored size, or -1 when no plain size has it.</summary>
    public static long PlainSize(long cipherSize, int blockShift)
    {
        if (cipherSize <= HeaderSize)
        {
            return cipherSize == HeaderSize ? 0 : -1;
        }

        int slotSize = CipherBlockSize(blockShift);
        (long slot, long tail) = Math.DivRem(cipherSize - HeaderSize, slotSize);
        if (tail == 0)
        {
            slot--;
            tail = slotSize;
        }

        long blockIndex = BlockOfSlot(slot, blockShift);
        if (tail <= BlockOverhead || blockIndex < 0 || blockIndex >= MaxPlainSize >> blockShift)
        {
            return -1;
        }

        return (blockIndex << blockShift) + tail - BlockOverhead;
    }

    /// <summary>Offset of the sealed block in the stored file.</summary>
    public static long BlockOffset(long blockIndex, int blockShift) =>
        HeaderSize + ((blockIndex + GroupOf(blockIndex, blockShift)) * CipherBlockSize(blockShift));

    /// <summary>Offset of the map block of group 1, 2, ...</summary>
    public static long MapOffset(long group, int blockShift) =>
        HeaderSize + ((FirstBlock(group, blockShift) + group - 1) * CipherBlockSize(blockShift));

    /// <summary>Group of a block: 0 for the first 1024, then 1, 2, ...</summary>
    public static long GroupOf(long blockIndex, int blockShift) =>
        blockIndex < InlineBlocks ? 0 : ((blockIndex - InlineBlocks) >> (blockShift + 3)) + 1;

    /// <summary>First block of a group.</summary>
    public static long FirstBlock(long group, int blockShift) =>
        group == 0 ? 0 : InlineBlocks + ((group - 1) << (blockShift + 3));

    /// <summary>How many blocks starting at blockIndex lie contiguous in the stored file (up to the next map block).</summary>
    public static long ContiguousBlocks(long blockIndex, int blockShift) =>
        FirstBlock(GroupOf(blockIndex, blockShift) + 1, blockShift) - blockIndex;

    /// <summary>The block in a slot, or -1 when a map block is there.</summary>
    private static long BlockOfSlot(long slot, int blockShift)
    {
        if (slot < InlineBlocks)
        {
            return slot;
        }

        (long group, long place) = Math.DivRem(slot - InlineBlocks, BlocksPerGroup(blockShift) + 1L);
        return place == 0 ? -1 : slot - group - 1;
    }
}
