using System;
using System.Collections.Generic;
using System.Threading;

namespace SecureVault.Tests;

/// <summary>A clock that stands until moved. Its timers fire when they are due, on the thread that moves it.</summary>
internal sealed class FakeClock : TimeProvider
{
    private readonly List<FakeTimer> _timers = [];

    /// <summary>Protects the timers and the time.</summary>
    private readonly Lock _gate = new();
    private DateTimeOffset _now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public void Advance(TimeSpan time)
    {
        FakeTimer[] all;
        lock (_gate)
        {
            _now += time;
            all = [.. _timers];
        }

        Array.ForEach(all, timer => timer.FireWhenDue());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        _ = timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    /// <summary>However many periods one move takes, it fires once.</summary>
    private sealed class FakeTimer(FakeClock clock, Action fire) : ITimer
    {
        private DateTimeOffset? _due;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _due = dueTime < TimeSpan.Zero ? null : clock._now + dueTime;
                _period = period;
            }

            return true;
        }

        public void FireWhenDue()
        {
            lock (clock._gate)
            {
                if (_due is not { } due || due > clock._now)
                {
                    return;
                }

                _due = _period > TimeSpan.Zero ? clock._now + _period : null;
            }

            fire();
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _due = null;
                _ = clock._timers.Remove(this);
            }
        }

        public System.Threading.Tasks.ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
