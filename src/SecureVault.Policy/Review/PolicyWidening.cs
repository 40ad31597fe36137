using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Review;

/// <summary>Where one policy gives somebody more than another did. Rather one sentence too many: each is for a person to say yes to.</summary>
public sealed class PolicyWidening
{
    private readonly PolicyDocument _old;
    private readonly PolicyDocument _next;

    private PolicyWidening(PolicyDocument old, PolicyDocument next)
    {
        _old = old;
        _next = next;
    }

    /// <summary>Empty when nothing is widened.</summary>
    public static IReadOnlyList<string> Between(PolicyDocument old, PolicyDocument next)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(next);
        var both = new PolicyWidening(old, next);
        return [.. both.Levels(), .. next.Users.SelectMany(both.OfUser), .. next.Groups.SelectMany(both.OfGroup), .. both.Rules(), .. both.Layers(), .. both.Programs()];
    }

    private IEnumerable<string> Levels()
    {
        (int Old, int New)[] ranks = [.. _old.Levels.SelectMany((l, rank) => l.Aliases.Prepend(l.Name).Where(n => _next.FindLevel(n) is not null).Select(n => (rank, _next.Index.TryRank(n, out int now) ? now : 0)))];
        bool ordered = ranks.OrderBy(r => r.Old).ThenBy(r => r.New).Zip(ranks.OrderBy(r => r.Old).ThenBy(r => r.New).Skip(1)).All(p => p.First.Old == p.Second.Old ? p.First.New == p.Second.New : p.First.New < p.Second.New);
        if (!ordered)
        {
            yield return "the levels stand in another order: grants reach other files";
        }

        foreach (Level level in _next.Levels)
        {
            if (_old.FindLevel(level.Name) is { } before && ((before.Strict && !level.Strict) || (before.NoWriteDown && !level.NoWriteDown) || before.NotOnHosts.Except(level.NotOnHosts, PolicyName.Comparer).Any()))
            {
                yield return $"level {level.Name} is kept less strictly ({RuleFields.AttributesOf(before)} -> {RuleFields.AttributesOf(level)})";
            }
        }
    }

    private IEnumerable<string> OfUser(User user)
    {
        User? before = _old.FindUser(user.Name);
        bool has = user.Grants.Count > 0 || _next.Groups.Any(g => g.Grants.Count > 0 && g.Members.Contains(user.Name));
        if (before is not null && has)
        {
            if (before.Uid != user.Uid || before.Sid != user.Sid)
            {
                yield return $"user {user.Name} is somebody else: another uid or SID";
            }

            if (before.Expires is { } end && !(user.Expires <= end))
            {
                yield return $"user {user.Name} ends later";
            }

            if (!Coverage.Includes(before.When, user.When) || (before.Encryption == EncryptionMode.ReadOnly && user.Encryption != EncryptionMode.ReadOnly))
            {
                yield return $"user {user.Name} is bound by less (conditions, or encryption mode read-only)";
            }
        }

        foreach (string grant in Grants($"user {user.Name}", before?.Grants ?? [], user.Grants))
        {
            yield return grant;
        }
    }

    private IEnumerable<string> OfGroup(Group group)
    {
        Group? before = _old.FindGroup(group.Name);
        string[] joined = [.. group.Members.Except(before?.Members ?? [], PolicyName.Comparer)];
        if (group.Grants.Count > 0 && joined.Length > 0)
        {
            yield return $"group {group.Name}, which has grants, gets {Scopes.Listed(joined)}";
        }

        string[] left = [.. (before?.Members ?? []).Except(group.Members, PolicyName.Comparer).Where(m => _next.FindUser(m) is not null)];
        if (left.Length > 0 && _next.Rules.Any(r => r.Groups.Contains(group.Name)))
        {
            yield return $"group {group.Name}, from which rules take rights, loses {Scopes.Listed(left)}";
        }

        if (before is not null && group.Grants.Count > 0 && (before.Gid != group.Gid || before.Sid != group.Sid))
        {
            yield return $"group {group.Name} is another: other gid or SID";
        }

        foreach (string grant in Grants($"group {group.Name}", before?.Grants ?? [], group.Grants))
        {
            yield return grant;
        }
    }

    private IEnumerable<string> Grants(string holder, IReadOnlyList<Grant> old, IReadOnlyList<Grant> next)
    {
        foreach (Grant grant in next)
        {
            if (!old.Any(g => Coverage.Includes(g, RankIn(_next, g.Level), grant, RankIn(_next, grant.Level))))
            {
                bool raised = old.Any(g => PolicyName.Comparer.Equals(g.Scope, grant.Scope));
                yield return $"{holder} {(raised ? "has more by" : "gets")} {grant.Scope} ({Spelling.Of(grant.Mode)}{(grant.Expires is null ? "" : $", until {ExpiryOf(grant)}")})";
            }
        }
    }

    private IEnumerable<string> Rules() => _old.Rules
        .Where(r => !_next.Rules.Any(n => Coverage.Includes(n, _next.Index, r, _next.Index)))
        .Select(r => _next.FindRule(r.Name) is null ? $"rule {r.Name} is gone" : $"rule {r.Name} takes away less, or from fewer");

    private IEnumerable<string> Layers()
    {
        foreach (string department in _next.Departments)
        {
            EffectiveLayer before = _old.Index.Rules.LayerOf(department);
            EffectiveLayer now = _next.Index.Rules.LayerOf(department);
            if (now.ObservesUntil is { } until && !(before.ObservesUntil >= until))
            {
                yield return $"department {department} only observes until {PolicyChanges.Instant(until)}: nobody is denied its files";
            }

            if (now.Audit > before.Audit || (before.Encryption == EncryptionMode.Mandatory && now.Encryption == EncryptionMode.Optional))
            {
                yield return $"department {department} records or encrypts less";
            }
        }
    }

    private IEnumerable<string> Programs() => _next.Programs
        .Where(p => _old.FindProgram(p.Name) is { } before && !(before.Images.ToHashSet().SetEquals(p.Images) && before.Scripts.ToHashSet().SetEquals(p.Scripts)) && _next.Content.NamingProgram(p.Name).Any())
        .Select(p => $"program {p.Name}, which conditions name, is other bytes");

    private static int RankIn(PolicyDocument policy, string level) => policy.Index.TryRank(level, out int rank) ? rank : -1;

    private static string ExpiryOf(Grant grant) => PolicyChanges.Instant(grant.Expires);
}
