using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Documents;

namespace SecureVault.Service.Administration;

/// <summary>The policy as it is shown.</summary>
internal static class PolicyRows
{
    public static IReadOnlyList<LevelRow> Levels(PolicyDocument policy) => [.. policy.Levels.Select((level, rank) => new LevelRow(rank, level.Name, level.Aliases))];

    public static IReadOnlyList<UserRow> Users(PolicyDocument policy) =>
        [.. policy.Users.Select(u => new UserRow(u.Name, u.Uid, u.Sid, u.Expires, Spelling.Of(u.Encryption), Grants(u.Grants)))];

    public static IReadOnlyList<GroupRow> Groups(PolicyDocument policy) =>
        [.. policy.Groups.Select(g => new GroupRow(g.Name, g.Gid, g.Sid, g.Members, Grants(g.Grants)))];

    /// <summary>One sentence: which names there are, for who named another.</summary>
    public static string Existing(IEnumerable<string> names)
    {
        string listed = string.Join(", ", names);
        return listed.Length == 0 ? "there is none yet" : $"there is {listed}";
    }

    private static GrantRow[] Grants(IReadOnlyList<Grant> grants) => [.. grants.Select(g => new GrantRow(g.Scope, Spelling.Of(g.Mode), g.Expires))];
}
