using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>A grant with what a decision needs of it ready.</summary>
/// <param name="Grant">The grant itself.</param>
/// <param name="Rank">Rank of its level.</param>
/// <param name="Holder">User or group it was given to.</param>
/// <param name="Scope">Its spelling.</param>
/// <param name="When">Its conditions, or null.</param>
internal sealed record RankedGrant(Grant Grant, int Rank, string Holder, string Scope, CompiledConditions? When);

/// <summary>A user with every grant that is theirs by name: their own first, then those of the groups that list them.</summary>
/// <param name="When">The user's own conditions, or null.</param>
/// <param name="Rules">Those that name the user, or a group that lists them.</param>
internal sealed record Principal(User User, IReadOnlyList<RankedGrant[]> GrantSets, CompiledConditions? When, CompiledRule[] Rules);

/// <summary>The lookups of one policy document; built once, read by any thread.</summary>
internal sealed class PolicyIndex
{
    private readonly Dictionary<string, int> _ranks = new(PolicyName.Comparer);
    private readonly Dictionary<string, string> _departments = new(PolicyName.Comparer);
    private readonly Dictionary<uint, Principal> _byUid = [];
    private readonly Dictionary<string, Principal> _bySid = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<uint, RankedGrant[]> _byGid = [];
    private readonly Dictionary<string, RankedGrant[]> _byGroupSid = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, User> _users = new(PolicyName.Comparer);
    private readonly Dictionary<string, Group> _groups = new(PolicyName.Comparer);
    private readonly RuleCompiler _compiler;

    public PolicyIndex(PolicyContent content)
    {
        LevelNames = content.Levels.Select(l => l.Name).ToArray();
        DepartmentNames = content.Departments;
        for (int rank = 0; rank < content.Levels.Count; rank++)
        {
            foreach (string name in content.Levels[rank].Aliases.Prepend(content.Levels[rank].Name))
            {
                _ranks.Add(name, rank);
            }
        }

        foreach (string department in content.Departments)
        {
            _departments.Add(department, department);
        }

        Rules = new RuleIndex(content);
        _compiler = new RuleCompiler(content);
        AddPrincipals(content);
    }

    /// <summary>Rules, layers and locks.</summary>
    public RuleIndex Rules { get; }

    public IReadOnlyList<string> LevelNames { get; }

    public IReadOnlyList<string> DepartmentNames { get; }

    /// <summary>Rank of a level by name or alias.</summary>
    public bool TryRank(string level, out int rank) => _ranks.TryGetValue(level, out rank);

    /// <summary>The policy's spelling of a department.</summary>
    public bool TryDepartment(string path, out string? spelled) => _departments.TryGetValue(path, out spelled);

    /// <summary>The user of that uid or, without a uid, of that SID.</summary>
    public Principal? Find(in Subject subject)
    {
        Principal? found = null;
        if (subject.Uid is { } uid)
        {
            _byUid.TryGetValue(uid, out found);
        }
        else if (subject.Sid is { } sid)
        {
            _bySid.TryGetValue(sid, out found);
        }

        return found;
    }

    /// <summary>Grants of the group of that number, or null.</summary>
    public RankedGrant[]? GrantsOfGid(uint gid) => _byGid.GetValueOrDefault(gid);

    /// <summary>Grants of the group of that SID, or null.</summary>
    public RankedGrant[]? GrantsOfGroupSid(string sid) => _byGroupSid.GetValueOrDefault(sid);

    public User? UserNamed(string name) => _users.GetValueOrDefault(name);

    public Group? GroupNamed(string name) => _groups.GetValueOrDefault(name);

    private void AddPrincipals(PolicyContent content)
    {
        var sets = new Dictionary<string, List<RankedGrant[]>>(StringComparer.Ordinal);
        foreach (User user in content.Users)
        {
            _users.Add(user.Name, user);
            sets.Add(user.Name, [Rank(user.Name, user.Grants)]);
        }

        foreach (Group group in content.Groups)
        {
            _groups.Add(group.Name, group);
            RankedGrant[] grants = Rank(group.Name, group.Grants);
            foreach (string member in group.Members)
            {
                sets[member].Add(grants);
            }

            if (group.Gid is { } gid)
            {
                _byGid.Add(gid, grants);
            }

            if (group.Sid is { } sid)
            {
                _byGroupSid.Add(sid, grants);
            }
        }

        foreach (User user in content.Users)
        {
            var principal = new Principal(user, sets[user.Name], _compiler.Compile(user.When), Rules.OfUser(user.Name));
            if (user.Uid is { } uid)
            {
                _byUid.Add(uid, principal);
            }

            if (user.Sid is { } sid)
            {
                _bySid.Add(sid, principal);
            }
        }
    }

    private RankedGrant[] Rank(string holder, IReadOnlyList<Grant> grants) =>
        [.. grants.Select(g => new RankedGrant(g, _ranks[g.Level], holder, g.Scope, _compiler.Compile(g.When)))];
}
