using System;
using System.Collections.Concurrent;
using System.Threading;
using SecureVault.Policy.Documents;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Gate;

/// <summary>Takes from open handles what the policy no longer gives: after an edit within a third of a second, after an end in time within a second more.</summary>
/// <remarks>
/// Any thread. While no file is open nothing runs. A sweep decides all handles anew, a stale policy costs one stat; it runs on a thread of the pool. Who is
/// told to have a kernel drop pages does it on a thread of its own, for the kernel may wait for requests under way.
/// </remarks>
internal sealed class Revocation : IDisposable
{
    /// <summary>How often the policy is looked at while files are open.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// So long a policy may be unreadable before open handles count as refused by it: an edit is in the log a moment before it is in its file, and a share may stutter. New opens are refused
    /// at once. Whoever can keep the policy from being read gains no more than this on top.
    /// </summary>
    private static readonly TimeSpan Borne = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<OpenFile, bool> _handles = new();
    private readonly OpenGate _gate;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    /// <summary>Serializes sweeps, and that the timer begins and stops. Outermost: a sweep reads labels and writes records.</summary>
    private readonly Lock _sweeping = new();
    private PolicyDocument? _swept;
    private long _second;
    private long? _closedSince;
    private bool _runs;
    private volatile bool _ended;

    public Revocation(OpenGate gate, TimeProvider clock)
    {
        _gate = gate;
        _clock = clock;
        _timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told of each file that somebody lost a right to while it was open: what a kernel has cached of it must go.</summary>
    public Action<NodeId>? CacheMustGo { get; set; }

    public void Add(OpenFile file)
    {
        _handles[file] = true;
        if (!Volatile.Read(ref _runs) && !_ended)
        {
            lock (_sweeping)
            {
                _runs = true;
                _timer.Change(Period, Period);
            }
        }
    }

    public void Remove(OpenFile file) => _handles.TryRemove(file, out _);

    /// <summary>Decides one handle anew, now.</summary>
    public void Look(OpenFile file) => Take(file, _gate.Policy);

    /// <summary>As Look; false, and nothing is taken, while the policy cannot be read.</summary>
    public bool TryLook(OpenFile file)
    {
        PolicyDocument policy = _gate.Policy;
        if (!policy.IsClosed)
        {
            Take(file, policy);
        }

        return !policy.IsClosed;
    }

    /// <summary>Decides every handle anew where the policy is another, or time has gone on under one that depends on it.</summary>
    public void Sweep()
    {
        lock (_sweeping)
        {
            PolicyDocument policy = _gate.Policy;
            if (IsBorne(policy))
            {
                return;
            }

            long second = _clock.GetUtcNow().ToUnixTimeSeconds();
            if (ReferenceEquals(policy, _swept) && !(policy.DependsOnTime && second != _second))
            {
                return;
            }

            _swept = policy;
            _second = second;
            foreach (OpenFile file in _handles.Keys)
            {
                Take(file, policy);
            }
        }
    }

    /// <summary>Whether a sweep went by a newer policy than decided an open: it may have passed before the handle was added.</summary>
    public bool Passed(PolicyDocument decidedBy) => Volatile.Read(ref _swept) is { } swept && swept.Version > decidedBy.Version;

    /// <summary>Waits for the sweep that is under way: it reads the policy and writes records, whose owners end next.</summary>
    public void Dispose()
    {
        _ended = true;
        lock (_sweeping)
        {
            _timer.Dispose();
        }
    }

    private bool IsBorne(PolicyDocument policy)
    {
        _closedSince = policy.IsClosed ? _closedSince ?? _clock.GetTimestamp() : null;
        return _closedSince is { } since && _clock.GetElapsedTime(since) < Borne;
    }

    private void Take(OpenFile file, PolicyDocument policy)
    {
        if (_gate.Reconsider(file, policy))
        {
            CacheMustGo?.Invoke(file.Node);
        }
    }

    private void OnTimer()
    {
        if (!_sweeping.TryEnter())
        {
            return; // the last sweep takes longer than a period
        }

        try
        {
            if (_handles.IsEmpty)
            {
                _runs = false;
                _swept = null;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
            else if (!_ended)
            {
                Sweep();
            }
        }
        finally
        {
            _sweeping.Exit();
        }

        if (!_handles.IsEmpty && !Volatile.Read(ref _runs) && !_ended)
        {
            lock (_sweeping)
            {
                _runs = true;
                _timer.Change(Period, Period); // somebody opened a file meanwhile
            }
        }
    }
}
