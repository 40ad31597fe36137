using System;
using System.Collections.Concurrent;
using System.Threading;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Gate;

/// <summary>How many handles a drive gives out at once, and how many of them to one user: so that descriptors stay for the policy, the log, the control place and everybody else.</summary>
/// <remarks>Any thread. Root, and the one user of a drive of his own, have no share: what all have together holds for them.</remarks>
/// <param name="descriptors">What the process may have open; int.MaxValue where the system sets no number.</param>
/// <param name="servesOthers">Whether the drive serves other users than its own.</param>
internal sealed class OpenShares(int descriptors, bool servesOthers)
{
    // By uid (boxed) or SID: of reference types, which need not be compiled when the first file is opened.
    private readonly ConcurrentDictionary<object, Share> _shares = new();
    private readonly int _mostOfAll = descriptors / 2; // the rest: folders, files that wait for their commit, the reserve
    private readonly int _mostOfOne = descriptors / 4;
    private volatile Share? _last;
    private int _all;

    /// <summary>One user's handles.</summary>
    internal sealed class Share(uint uid, string? sid)
    {
        internal int Count;

        internal bool IsOf(in Caller caller) => caller.Token is { } token ? sid == token.UserSid : sid is null && uid == caller.Uid;
    }

    /// <summary>Counts one handle; null when the user, or all together, have as many as they may.</summary>
    public Share? TryTake(in Caller caller)
    {
        Share share = Of(caller);
        bool bounded = servesOthers && (caller.Token is not null || caller.Uid != 0);
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

    // Most opens are of who opened the last.
    private Share Of(in Caller caller)
    {
        if (_last is { } last && last.IsOf(caller))
        {
            return last;
        }

        string? sid = caller.Token?.UserSid;
        object key = sid is null ? caller.Uid : sid;
        if (!_shares.TryGetValue(key, out Share? share))
        {
            share = _shares.GetOrAdd(key, new Share(caller.Uid, sid));
        }

        _last = share;
        return share;
    }
}
