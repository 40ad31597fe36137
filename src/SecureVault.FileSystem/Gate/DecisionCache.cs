using System;
using System.Collections.Concurrent;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Terms;

namespace SecureVault.FileSystem.Gate;

/// <summary>What a decision depends on, within one policy and one second. Tokens are compared by reference: two never share a decision.</summary>
/// <remarks>Program and reason are compared by reference, too: an unchanged program keeps its object.</remarks>
internal readonly record struct DecisionKey(uint Uid, uint Gid, CallerToken? Token, KeyId Label, AccessAction Action, ProgramIdentity? Program, string Session, string Reason, ulong Patterns);

/// <summary>Decisions of the current second under the current policy. A second bounds how long a grant's end or a group's change may go unseen.</summary>
/// <remarks>Any thread; a change of policy or second starts an empty cache.</remarks>
internal sealed class DecisionCache
{
    private volatile Generation? _current;

    public bool TryGet(PolicyDocument policy, DateTimeOffset now, in DecisionKey key, out Decision decision)
    {
        decision = default;
        return _current is { } current && current.Is(policy, now) && current.Decisions.TryGetValue(key, out decision);
    }

    public void Add(PolicyDocument policy, DateTimeOffset now, in DecisionKey key, in Decision decision)
    {
        Generation? current = _current;
        if (current is null || !current.Is(policy, now))
        {
            current = new Generation(policy, now.ToUnixTimeSeconds());
            _current = current;
        }

        current.Decisions[key] = decision;
    }

    private sealed class Generation(PolicyDocument policy, long second)
    {
        public ConcurrentDictionary<DecisionKey, Decision> Decisions { get; } = new(1, 31);

        public bool Is(PolicyDocument asked, DateTimeOffset now) => ReferenceEquals(policy, asked) && now.ToUnixTimeSeconds() == second;
    }
}
