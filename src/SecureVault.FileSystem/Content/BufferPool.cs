using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Threading;
using SecureVault.Format.V1;

namespace SecureVault.FileSystem.Content;

/// <summary>Pinned buffers of two sizes: small for one block or two, large for a run of blocks. What held plaintext is wiped on return.</summary>
/// <remarks>Any thread. Renting allocates only until as many buffers exist as are in use at once.</remarks>
internal sealed class BufferPool
{
    /// <summary>Plain bytes sealed or opened between two store calls: few calls, and the sealed bytes still stay in the processor's cache.</summary>
    private const int RunSize = 1 << 18;
    private const int LargeKept = 16;
    private const int SmallKept = 256;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _small = new();
    private readonly Stack<byte[]> _large = new();
    private readonly int _smallSize;
    private int _outstanding;

    internal BufferPool(int blockShift)
    {
        RunBlocks = (RunSize >> blockShift) + 1;
        int stride = FileLayout.CipherBlockSize(blockShift) + JournalFormat.EntryOverhead;
        _smallSize = 2 * stride;
        LargeSize = RunBlocks * stride;
    }

    /// <summary>Blocks that a large buffer holds sealed, with their journal heads: RunSize of plaintext at any alignment.</summary>
    internal int RunBlocks { get; }

    /// <summary>Bytes of a large buffer.</summary>
    internal int LargeSize { get; }

    /// <summary>Buffers rented and not yet returned.</summary>
    internal int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>A buffer of at least the given bytes (at most LargeSize); its content is not defined.</summary>
    internal byte[] Rent(int atLeast)
    {
        bool small = atLeast <= _smallSize;
        lock (_gate)
        {
            _outstanding++;
            if ((small ? _small : _large).TryPop(out byte[]? kept))
            {
                return kept;
            }
        }

        return GC.AllocateUninitializedArray<byte>(small ? _smallSize : LargeSize, pinned: true);
    }

    /// <summary>Gives back a buffer that held no plaintext.</summary>
    internal void Return(byte[] buffer)
    {
        lock (_gate)
        {
            _outstanding--;
            bool small = buffer.Length == _smallSize;
            Stack<byte[]> kept = small ? _small : _large;
            if (kept.Count < (small ? SmallKept : LargeKept))
            {
                kept.Push(buffer);
            }
        }
    }

    /// <summary>Wipes the first bytes, which held plaintext, and gives the buffer back.</summary>
    internal void ReturnPlain(byte[] buffer, int used)
    {
        CryptographicOperations.ZeroMemory(buffer.AsSpan(0, used));
        Return(buffer);
    }
}
