using System.Collections.Generic;
using System.Threading;
using SecureVault.Dokan.Values;
using SecureVault.Terms;

namespace SecureVault.Dokan.Requestors;

/// <summary>Tokens read before, so that a Create costs two small questions and not one for each group.</summary>
/// <remarks>Any thread. A hit gives the very token of before, so decisions about it are found again.</remarks>
public sealed class RequestorCache
{
    private readonly int _limit;

    /// <summary>Protects the two below; innermost, nothing is called under it.</summary>
    private readonly Lock _lock = new();
    private readonly Dictionary<TokenKey, CallerToken> _tokens = [];
    private readonly Queue<TokenKey> _order = new();

    /// <param name="limit">Tokens kept; the oldest goes first.</param>
    public RequestorCache(int limit = 1024)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        _limit = limit;
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _tokens.Count;
            }
        }
    }

    /// <summary>The requestor of a token.</summary>
    /// <returns>
    /// BadImpersonationLevel for a token that its owner gave away to be told who they are, not to act as them; AccessDenied when it cannot be read.
    /// Nothing may be opened then, and there is no requestor.
    /// </returns>
    public NtStatus Find(ITokenReader reader, int pid, string executable, out Requestor? requestor)
    {
        System.ArgumentNullException.ThrowIfNull(reader);
        requestor = null;
        if (!reader.TryReadKey(out TokenKey key, out TokenLevel level))
        {
            return NtStatus.AccessDenied;
        }

        if (level < TokenLevel.Impersonation)
        {
            return NtStatus.BadImpersonationLevel;
        }

        CallerToken? token;
        lock (_lock)
        {
            _ = _tokens.TryGetValue(key, out token);
        }

        token ??= reader.ReadGroups() is { } groups ? Keep(key, new CallerToken(key.UserSid, groups, key.LogonId)) : null;
        requestor = token is null ? null : new Requestor(token, pid, executable);
        return token is null ? NtStatus.AccessDenied : NtStatus.Success;
    }

    private CallerToken Keep(in TokenKey key, CallerToken token)
    {
        lock (_lock)
        {
            if (_tokens.TryGetValue(key, out CallerToken? first))
            {
                return first;
            }

            while (_tokens.Count >= _limit)
            {
                _ = _tokens.Remove(_order.Dequeue());
            }

            _tokens.Add(key, token);
            _order.Enqueue(key);
            return token;
        }
    }
}
