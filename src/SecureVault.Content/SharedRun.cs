using System;
using System.Threading;
using SecureVault.Format.V1;

namespace SecureVault.Content;

/// <summary>A run of whole blocks worked off piece by piece: the caller and helpers each take the next piece.</summary>
/// <remarks>
/// One run at a time. The caller never waits for a helper to begin: what nobody took it does itself. A helper that comes late finds no piece, or
/// helps with the next run, because count and next piece are one word. Allocates nothing in steady state.
/// </remarks>
internal abstract class SharedRun
{
    /// <summary>Plain bytes of a piece: enough that taking one costs nothing beside it, few enough that nobody waits long for the last.</summary>
    internal const int PieceSize = 1 << FileLayout.MaxBlockShift;

    private const int Spins = 100; // some ten microseconds: what a piece takes

    private readonly object _monitor = new();
    private long _pieces; // how many << 32 | the next one to take
    private int _count;
    private int _each;
    private int _done;
    private volatile Exception? _failure;

    /// <summary>Whether a run of so many plain bytes is long enough to be shared on this machine.</summary>
    internal static bool Pays(long length) => SharedRunThread.Count > 0 && length >= 2 * PieceSize;

    /// <summary>Works pieces off until none is left. Any thread.</summary>
    internal void Help()
    {
        while (TryNext())
        {
        }
    }

    /// <summary>Works off a run of count blocks, of which each piece has so many; returns when all of it is done.</summary>
    protected void Share(int count, int each)
    {
        int pieces = (count + each - 1) / each;
        (_count, _each) = (count, each);
        _done = 0;
        _failure = null;
        Volatile.Write(ref _pieces, (long)pieces << 32);
        SharedRunThread.Ask(this, pieces - 1);
        while (TryNext())
        {
            TryFollow(all: false);
        }

        AwaitAll(pieces);
        TryFollow(all: true);
        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A run of blocks could not be worked off.", failure);
        }
    }

    /// <summary>Does one piece: the run's blocks from first to stop. Several threads at once.</summary>
    protected abstract void Work(int piece, int first, int stop);

    /// <summary>Does what follows, after each piece of the caller's and once all are done. The caller's thread.</summary>
    protected abstract void Follow(bool all);

    private bool TryNext()
    {
        long taken = Interlocked.Increment(ref _pieces) - 1;
        int piece = (int)(taken & uint.MaxValue);
        if (piece >= (int)(taken >> 32))
        {
            return false;
        }

        TryWork(piece);
        lock (_monitor)
        {
            _done++;
            Monitor.PulseAll(_monitor);
        }

        return true;
    }

    // A moment busily, then asleep.
    private void AwaitAll(int pieces)
    {
        var spin = default(SpinWait);
        while (spin.Count < Spins && Volatile.Read(ref _done) < pieces)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        lock (_monitor)
        {
            while (_done < pieces)
            {
                _ = Monitor.Wait(_monitor);
            }
        }
    }

    private void TryWork(int piece)
    {
        try
        {
            int first = piece * _each;
            Work(piece, first, Math.Min(first + _each, _count));
        }
        catch (Exception failure)
        {
            _failure = failure; // must not end a helper's thread, and with it the drive
        }
    }

    private void TryFollow(bool all)
    {
        if (_failure is not null)
        {
            return;
        }

        try
        {
            Follow(all);
        }
        catch (Exception failure)
        {
            _failure = failure; // helpers still work on what the caller lent them
        }
    }
}
