using System;

namespace SecureVault.Format.V1;

/// <summary>Offset and size arithmetic of a stored file: header, then groups of sealed blocks.</summary>
/// <remarks>
/// Layout: header (512) | block 0 .. block 1023 | map 1 | M blocks | map 2 | M blocks | ...   with M = 8 * BlockSize.
/// A sealed block is nonce (12) | ciphertext (BlockSize, the last one 1..BlockSize) | tag (16). A map block has a full
/// block's size and holds one bit per block of its group (1 = hole). Holes among the first 1024 blocks are in the header.
/// blockShift is log2 of the plain block size, 12 to 16, one value for a whole vault.
/// </remarks>
public static class FileLayout
{
    public const int HeaderSize = 512;
    public const int BlockOverhead = 12 + 16;
    public const int InlineBlocks = 1024;
    public const int MinBlockShift = 12;
    public const int MaxBlockShift = 16;
    public const int DefaultBlockShift = 12;

    /// <summary>Largest plain size in bytes: 16 TiB.</summary>
    public const long MaxPlainSize = 1L << 44;

    /// <summary>Stored size of a file of plainSize bytes (0..MaxPlainSize).</summary>
    public static long CipherSize(long plainSize, int blockShift) => throw new NotSupportedException();

    /// <summary>Plain size for a stored size, or -1 when no plain size has it.</summary>
    public static long PlainSize(long cipherSize, int blockShift) => throw new NotSupportedException();

    /// <summary>Offset of the sealed block in the stored file.</summary>
    public static long BlockOffset(long blockIndex, int blockShift) => throw new NotSupportedException();

    /// <summary>Offset of the map block of group 1, 2, ...</summary>
    public static long MapOffset(long group, int blockShift) => throw new NotSupportedException();

    /// <summary>Group of a block: 0 for the first 1024, then 1, 2, ...</summary>
    public static long GroupOf(long blockIndex, int blockShift) => throw new NotSupportedException();

    /// <summary>First block of a group.</summary>
    public static long FirstBlock(long group, int blockShift) => throw new NotSupportedException();

    /// <summary>How many blocks starting at blockIndex lie contiguous in the stored file (up to the next map block).</summary>
    public static long ContiguousBlocks(long blockIndex, int blockShift) => throw new NotSupportedException();
}
