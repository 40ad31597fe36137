using System;
using System.Diagnostics;

namespace SecureVault.Fuse.Session;

/// <summary>Whether the leader waits busily for the next request, and how long.</summary>
/// <remarks>
/// Waking a sleeping thread on a sleeping processor takes longer than most requests take to serve. So while requests come closer together than
/// that, the leader looks for the next one for some microseconds before it sleeps. Not on a processor that others need: a leader that
/// was displaced while it looked sleeps at once for a while. An idle drive uses no processor. Used by the leader only.
/// </remarks>
internal sealed class Pace
{
    private static readonly long Busy = Environment.ProcessorCount > 1 ? Ticks(50) : 0;
    private static readonly long Ceiling = Ticks(1000);
    private static readonly long Displaced = Ticks(100);
    private static readonly long Pause = Ticks(50_000);

    private long _average = Ceiling;
    private long _pausedUntil = long.MinValue;

    /// <summary>Whether to look once more instead of sleeping. Stopwatch timestamps: now, and of the first look and, updated, the last.</summary>
    public bool KeepsLooking(long now, long began, ref long looked)
    {
        if (now - looked > Displaced)
        {
            _pausedUntil = now + Pause;
        }

        looked = now;
        return now - began < Busy && _average < 2 * Busy && now >= _pausedUntil;
    }

    /// <summary>Notes how long the leader waited, in Stopwatch ticks.</summary>
    public void Note(long waited) => _average = ((3 * _average) + Math.Min(waited, Ceiling)) / 4;

    private static long Ticks(int microseconds) => microseconds * Stopwatch.Frequency / 1_000_000;
}
