using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Threading;
using SecureVault.Format.V1;

namespace SecureVault.Content;

/// <summary>Pinned buffers of three sizes: for one block or two, for a run of blocks, and for a run that threads share. What held plaintext is wiped on return.</summary>
/// <remarks>Any thread. Renting allocates only until as many buffers exist as are in use at once.</remarks>
internal sealed class BufferPool
{
    /// <summary>Plain bytes sealed or opened between two store calls: few calls, and the sealed bytes still stay in the processor's cache.</summary>
    private const int RunSize = 1 << 18;

    private readonly Lock _gate = new();
    private readonly Kind[] _kinds; // the smallest first
    private int _outstanding;

    internal BufferPool(int blockShift)
    {
        RunBlocks = (RunSize >> blockShift) + 1;
        int cipher = FileLayout.CipherBlockSize(blockShift);
        int stride = cipher + JournalFormat.EntryOverhead;
        LargeSize = RunBlocks * stride;
        _kinds = [new Kind(2 * stride, 256), new Kind(LargeSize, 16), new Kind((SharedStoring.Most >> blockShift) * cipher, 4)];
    }

    /// <summary>Blocks that a large buffer holds sealed, with their journal heads: RunSize of plaintext at any alignment.</summary>
    internal int RunBlocks { get; }

    /// <summary>Bytes of a large buffer.</summary>
    internal int LargeSize { get; }

    /// <summary>Buffers rented and not yet returned.</summary>
    internal int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>A buffer of at least the given bytes (at most a shared run's, sealed); its content is not defined.</summary>
    internal byte[] Rent(int atLeast)
    {
        Kind kind = Fitting(atLeast);
        lock (_gate)
        {
            _outstanding++;
            if (kind.Free.TryPop(out byte[]? kept))
            {
                return kept;
            }
        }

        return GC.AllocateUninitializedArray<byte>(kind.Size, pinned: true);
    }

    /// <summary>Gives back a buffer that held no plaintext.</summary>
    internal void Return(byte[] buffer)
    {
        lock (_gate)
        {
            _outstanding--;
            Kind kind = Fitting(buffer.Length);
            if (kind.Free.Count < kind.Kept)
            {
                kind.Free.Push(buffer);
            }
        }
    }

    /// <summary>Wipes the first bytes, which held plaintext, and gives the buffer back.</summary>
    internal void ReturnPlain(byte[] buffer, int used)
    {
        CryptographicOperations.ZeroMemory(buffer.AsSpan(0, used));
        Return(buffer);
    }

    private Kind Fitting(int size)
    {
        foreach (Kind kind in _kinds)
        {
            if (kind.Size >= size)
            {
                return kind;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(size));
    }

    /// <summary>Buffers of one size, of which so many are kept for later.</summary>
    private sealed record Kind(int Size, int Kept)
    {
        public Stack<byte[]> Free { get; } = new();
    }
}
