using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace SecureVault.Fuse.Session;

/// <summary>Who waits at the device: one thread, the leader, and the others work, or rest until a successor is needed. Before a crowd all sleep there.</summary>
/// <remarks>
/// The pattern is Schmidt's Leader/Followers (POSA 2). A leader that takes a short request serves it at once and leads again
/// afterwards, on a processor whose caches know it; waking a successor each time would cost more than the request. A successor is called when
/// the request is a long one, and by the guard when nobody has waited at the device for some milliseconds; when the guard
/// has to again and again, every request calls a successor for a while. While requests come several at a time, nobody leads: the kernel wakes one sleeper
/// for each. PROTOCOL.md, "Threads and buffers". Any thread.
/// </remarks>
internal sealed class LeaderFollowers
{
    private static readonly TimeSpan GuardPeriod = TimeSpan.FromMilliseconds(2);
    private const int ManyStalls = 3;
    private static readonly long Eagerness = Stopwatch.Frequency / 4;

    private readonly Lock _gate = new();
    private readonly Stack<Follower> _resting = new();
    private readonly Follower _guard = new();
    private long _eagerUntil = long.MinValue;
    private long _served;
    private int _asleep;
    private int _stalls; // the guard's own
    private volatile bool _led;
    private volatile bool _guarded;
    private volatile bool _stopped;

    /// <summary>Threads that rest now.</summary>
    public int Resting
    {
        get
        {
            lock (_gate)
            {
                return _resting.Count;
            }
        }
    }

    private bool Attended => _led || Volatile.Read(ref _asleep) > 0;

    /// <summary>Becomes the leader: at once when nobody waits at the device, else perhaps after a rest. False: it was woken to sleep at the device.</summary>
    public bool Lead(Follower self)
    {
        lock (_gate)
        {
            if (!Attended)
            {
                return _led = true;
            }

            self.Leads = false;
            _resting.Push(self);
        }

        self.Rest();
        return self.Leads;
    }

    /// <summary>Goes to sleep at the device, and has all who rest do so, too. Woken must follow.</summary>
    public void Sleep()
    {
        _ = Interlocked.Increment(ref _asleep);
        if (_resting.Count == 0)
        {
            return; // as good as always; who begins to rest just now is woken for the next request
        }

        lock (_gate)
        {
            while (_resting.TryPop(out Follower? follower))
            {
                follower.Wake();
            }
        }
    }

    /// <summary>The sleeper was woken by a request, or by the end.</summary>
    /// <param name="needed">Somebody should wait at the device meanwhile.</param>
    public void Woken(bool needed)
    {
        _ = Interlocked.Decrement(ref _asleep);
        Call(needed);
    }

    /// <summary>The leader has a request, and leads no longer.</summary>
    /// <param name="needed">Somebody should lead while it is served.</param>
    public void Leave(bool needed)
    {
        _led = false;
        Interlocked.MemoryBarrier(); // pairs with the guard's: either it sees that nobody leads, or Call sees that it sleeps
        Call(needed);
    }

    /// <summary>Calls a successor when one is needed and nobody waits at the device; else the guard looks after it.</summary>
    public void Call(bool needed)
    {
        if (Attended)
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

    /// <summary>The guard's thread: sleeps while somebody waits at the device and nobody asks for it. Returns after Stop.</summary>
    public void Guard()
    {
        while (!_stopped)
        {
            if (Attended)
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

    // Until nothing was served for a period. Then somebody must lead, unless somebody waits there: what is under way may take long.
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

        if (Attended)
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
            if (!Attended && _resting.TryPop(out Follower? follower))
            {
                _led = true;
                follower.Leads = true;
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

    /// <summary>Whether it was woken to lead. Of the thread that rests and, under the order's lock, of who wakes it.</summary>
    public bool Leads { get; set; }

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
