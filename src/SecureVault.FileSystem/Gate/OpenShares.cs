using System;
using System.Collections.Concurrent;
using System.Threading;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Gate;

/// <summary>How many handles a drive gives out at once, and how many of them to one user: so that descriptors stay for the policy, the log, the control place and everybody else.</summary>
/// <remarks>Any thread. Root has no share of its own, but what all have together holds for it too.</remarks>
/// <param name="descriptors">What the process may have open; int.MaxValue where the system sets no number.</param>
internal sealed class OpenShares(int descriptors)
{
    private readonly ConcurrentDictionary<(uint Uid, string Sid), Share> _shares = new();
    private readonly int _mostOfAll = descriptors / 2; // the rest: folders, files that wait for their commit, the reserve
    private readonly int _mostOfOne = descriptors / 4;
    private int _all;

    /// <summary>One user's handles.</summary>
    internal sealed class Share
    {
        internal int Count;
    }

    /// <summary>Counts one handle; null when the user, or all together, have as many as they may.</summary>
    public Share? TryTake(in Caller caller)
    {
        Share share = _shares.GetOrAdd((caller.Token is null ? caller.Uid : 0, caller.Token?.UserSid ?? ""), static _ => new Share());
        bool bounded = caller.Token is not null || caller.Uid != 0;
        if (Interlocked.Increment(ref _all) <= _mostOfAll & Interlocked.Increment(ref share.Count) <= (bounded ? _mostOfOne : int.MaxValue))
        {
            return share;
        }

        Return(share);
        return null;
    }

    public void Return(Share share)
    {
        ArgumentNullException.ThrowIfNull(share);
        _ = Interlocked.Decrement(ref _all);
        _ = Interlocked.Decrement(ref share.Count);
    }
}
