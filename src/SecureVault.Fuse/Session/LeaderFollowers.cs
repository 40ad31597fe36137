using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace SecureVault.Fuse.Session;

/// <summary>Who waits at the device: one thread, the leader. The others work, or rest until a successor is needed.</summary>
/// <remarks>
/// The pattern is Schmidt's Leader/Followers (POSA 2). A leader that takes a short request serves it at once and leads again
/// afterwards, on a processor whose caches know it; waking a successor each time would cost more than the request. A successor is called when
/// the request is a long one, when requests queue up, and by the guard when nobody has led for some milliseconds; when the guard
/// has to again and again, every request calls a successor for a while. PROTOCOL.md, "Threads and buffers". Any thread.
/// </remarks>
internal sealed class LeaderFollowers
{
    /// <summary>Requests in a row that left others waiting when they were taken: from here on one thread is not enough.</summary>
    public const int Backlog = 2;

    private static readonly TimeSpan GuardPeriod = TimeSpan.FromMilliseconds(2);
    private const int ManyStalls = 3;
    private static readonly long Eagerness = Stopwatch.Frequency / 4;

    private readonly Lock _gate = new();
    private readonly Stack<Follower> _resting = new();
    private readonly Follower _guard = new();
    private long _eagerUntil = long.MinValue;
    private long _served;
    private int _stalls; // the guard's own
    private volatile bool _led;
    private volatile bool _guarded;
    private volatile bool _stopped;

    /// <summary>Becomes the leader: at once when there is none, else after a rest.</summary>
    public void Lead(Follower self)
    {
        lock (_gate)
        {
            if (!_led)
            {
                _led = true;
                return;
            }

            _resting.Push(self);
        }

        self.Rest();
    }

    /// <summary>The leader has a request, and leads no longer.</summary>
    /// <param name="needed">Somebody should lead while it is served.</param>
    public void Leave(bool needed)
    {
        _led = false;
        Interlocked.MemoryBarrier(); // pairs with the guard's: either it sees that nobody leads, or Call sees that it sleeps
        Call(needed);
    }

    /// <summary>Calls a successor when one is needed and nobody leads; else the guard looks after it.</summary>
    public void Call(bool needed)
    {
        if (_led)
        {
            return;
        }

        if (needed || Stopwatch.GetTimestamp() < Volatile.Read(ref _eagerUntil))
        {
            Promote();
        }
        else if (!_guarded)
        {
            _guarded = true;
            _guard.Wake();
        }
    }

    /// <summary>A request was served.</summary>
    public void Served() => _served++; // a lost count does no harm: the guard only sees whether anything moves

    /// <summary>The guard's thread: sleeps while somebody leads and nobody asks for it. Returns after Stop.</summary>
    public void Guard()
    {
        while (!_stopped)
        {
            if (_led)
            {
                _guard.Rest();
            }

            _guarded = true;
            Watch();
            _guarded = false;
            Interlocked.MemoryBarrier();
        }
    }

    /// <summary>Ends the guard. When the last thread has ended.</summary>
    public void Stop()
    {
        _stopped = true;
        _guard.Wake();
    }

    // Until nothing was served for a period. Then somebody must lead, unless somebody does: what is under way may take long.
    private void Watch()
    {
        long seen = Volatile.Read(ref _served);
        _guard.Rest(GuardPeriod);
        while (!_stopped && seen != Volatile.Read(ref _served))
        {
            _stalls = 0;
            seen = Volatile.Read(ref _served);
            _guard.Rest(GuardPeriod);
        }

        if (_led)
        {
            return;
        }

        Promote();
        if (++_stalls >= ManyStalls)
        {
            Volatile.Write(ref _eagerUntil, Stopwatch.GetTimestamp() + Eagerness);
        }
    }

    private void Promote()
    {
        lock (_gate)
        {
            if (!_led && _resting.TryPop(out Follower? follower))
            {
                _led = true;
                follower.Wake();
            }
        }
    }
}

/// <summary>Where one thread rests until it is woken; a wake that comes first is kept.</summary>
internal sealed class Follower
{
    private readonly object _monitor = new();
    private bool _woken;

    public void Rest()
    {
        lock (_monitor)
        {
            while (!_woken)
            {
                _ = Monitor.Wait(_monitor);
            }

            _woken = false;
        }
    }

    /// <summary>As Rest, but no longer than a period.</summary>
    public void Rest(TimeSpan period)
    {
        lock (_monitor)
        {
            _ = _woken || Monitor.Wait(_monitor, period);
            _woken = false;
        }
    }

    public void Wake()
    {
        lock (_monitor)
        {
            _woken = true;
            Monitor.Pulse(_monitor);
        }
    }
}
