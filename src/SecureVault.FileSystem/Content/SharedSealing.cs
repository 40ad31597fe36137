using System;
using System.Threading;
using SecureVault.Format.V1;

namespace SecureVault.FileSystem.Content;

/// <summary>Seals a run of whole blocks piece by piece: the caller and helpers of the thread pool each take the next piece.</summary>
/// <remarks>
/// One run at a time, under the file's exclusive lock. The caller never waits for a helper to begin: what nobody took it seals itself. A helper
/// that comes late finds no piece, also when the next run has begun meanwhile, because count and next piece are one word. Allocates nothing.
/// </remarks>
internal sealed unsafe class SharedSealing : IThreadPoolWorkItem
{
    /// <summary>Blocks of a piece: enough that taking one costs nothing beside it.</summary>
    internal const int PieceBlocks = 8;

    private static readonly int Helpers = Math.Min(Environment.ProcessorCount - 1, 3);

    private BlockCodec? _codec;
    private long _block;
    private int _count;
    private int _blockSize;
    private byte* _plain;
    private byte* _cipher;
    private long _pieces; // how many << 32 | the next one to take
    private int _sealed;
    private volatile Exception? _failure;

    /// <summary>Whether a run is long enough to be shared on this machine.</summary>
    internal static bool Pays(int count) => Helpers > 0 && count >= 2 * PieceBlocks;

    /// <summary>Seals count whole blocks from block on. cipher: their sealed bytes side by side.</summary>
    internal void Seal(BlockCodec codec, long block, int count, int blockSize, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        int pieces = (count + PieceBlocks - 1) / PieceBlocks;
        fixed (byte* from = plain, to = cipher)
        {
            (_codec, _block, _count, _blockSize) = (codec, block, count, blockSize);
            _plain = from;
            _cipher = to;
            _sealed = 0;
            _failure = null;
            Volatile.Write(ref _pieces, (long)pieces << 32);
            for (int helper = 0; helper < Math.Min(Helpers, pieces - 1); helper++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            Execute();
            var wait = default(SpinWait);
            while (Volatile.Read(ref _sealed) < pieces)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }

        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A block could not be sealed.", failure);
        }
    }

    /// <summary>Seals pieces until none is left.</summary>
    public void Execute()
    {
        while (true)
        {
            long taken = Interlocked.Increment(ref _pieces) - 1;
            int piece = (int)(taken & uint.MaxValue);
            if (piece >= (int)(taken >> 32))
            {
                return;
            }

            SealPiece(piece * PieceBlocks);
            _ = Interlocked.Increment(ref _sealed);
        }
    }

    private void SealPiece(int first)
    {
        int sealedSize = _blockSize + FileLayout.BlockOverhead;
        try
        {
            for (int index = first; index < Math.Min(first + PieceBlocks, _count); index++)
            {
                var plain = new ReadOnlySpan<byte>(_plain + ((long)index * _blockSize), _blockSize);
                _codec!.SealBlock(_block + index, plain, new Span<byte>(_cipher + ((long)index * sealedSize), sealedSize));
            }
        }
        catch (Exception failure)
        {
            _failure = failure; // must not end the pool's thread, and with it the drive
        }
    }
}
