using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SecureVault.Policy.Documents;

/// <summary>What one policy gives otherwise than another: every field that changes a right, as it was and as it is.</summary>
public static class PolicyChanges
{
    /// <summary>"user mallory added: uid 1002, ..."; "user mallory: uid 1002 -> 1003"; joined by "; ". Empty when nothing of it differs.</summary>
    public static string Between(PolicyDocument old, PolicyDocument next) => string.Join("; ", ListBetween(old, next));

    /// <summary>As Between, one by one.</summary>
    public static IReadOnlyList<string> ListBetween(PolicyDocument old, PolicyDocument next) =>
        [
            .. Levels(old.Levels, next.Levels),
            .. old.Departments.Except(next.Departments, StringComparer.Ordinal).Select(d => $"department {d} removed"),
            .. next.Departments.Except(old.Departments, StringComparer.Ordinal).Select(d => $"department {d} added"),
            .. Holders("user", old.Users.ToDictionary(u => u.Name, FieldsOf), next.Users.ToDictionary(u => u.Name, FieldsOf)),
            .. Holders("group", old.Groups.ToDictionary(g => g.Name, FieldsOf), next.Groups.ToDictionary(g => g.Name, FieldsOf)),
            .. Holders("program", old.Programs.ToDictionary(p => p.Name, RuleFields.Of), next.Programs.ToDictionary(p => p.Name, RuleFields.Of)),
            .. Holders("rule", old.Rules.ToDictionary(r => r.Name, RuleFields.Of), next.Rules.ToDictionary(r => r.Name, RuleFields.Of)),
            .. Holders("settings of department", old.Layers.ToDictionary(l => l.Department, RuleFields.Of), next.Layers.ToDictionary(l => l.Department, RuleFields.Of)),
            .. Holders("incident lock of", old.Locks.ToDictionary(l => l.Target, RuleFields.Of), next.Locks.ToDictionary(l => l.Target, RuleFields.Of)),
        ];

    private static IEnumerable<string> Levels(IReadOnlyList<Level> old, IReadOnlyList<Level> next)
    {
        string order = string.Join(" < ", old.Select(l => l.Name));
        string after = string.Join(" < ", next.Select(l => l.Name));
        if (order != after)
        {
            yield return $"levels {order} -> {after}";
        }

        foreach (Level level in next)
        {
            Level? before = old.FirstOrDefault(l => l.Name == level.Name);
            string was = Aliases(before);
            if (was != Aliases(level))
            {
                yield return $"aliases of {level.Name}: {was} -> {Aliases(level)}";
            }

            string meant = before is null ? "none" : RuleFields.AttributesOf(before);
            if (meant != RuleFields.AttributesOf(level))
            {
                yield return $"level {level.Name}: {meant} -> {RuleFields.AttributesOf(level)}";
            }
        }
    }

    private static string Aliases(Level? level) => level is null or { Aliases.Count: 0 } ? "none" : string.Join(',', level.Aliases);

    private static IEnumerable<string> Holders(string kind, Dictionary<string, SortedDictionary<string, string>> old, Dictionary<string, SortedDictionary<string, string>> next)
    {
        foreach ((string name, SortedDictionary<string, string> fields) in old)
        {
            if (!next.ContainsKey(name))
            {
                yield return $"{kind} {name} removed: {All(fields)}";
            }
        }

        foreach ((string name, SortedDictionary<string, string> fields) in next)
        {
            if (!old.TryGetValue(name, out SortedDictionary<string, string>? before))
            {
                yield return $"{kind} {name} added: {All(fields)}";
                continue;
            }

            string[] changed = [.. before.Keys.Union(fields.Keys).Where(f => Of(before, f) != Of(fields, f)).Select(f => $"{f} {Of(before, f)} -> {Of(fields, f)}")];
            if (changed.Length > 0)
            {
                yield return $"{kind} {name}: {string.Join(", ", changed)}";
            }
        }
    }

    private static string All(SortedDictionary<string, string> fields) => string.Join(", ", fields.Select(f => $"{f.Key} {f.Value}"));

    private static string Of(SortedDictionary<string, string> fields, string field) => fields.GetValueOrDefault(field, "none");

    private static SortedDictionary<string, string> FieldsOf(User user)
    {
        SortedDictionary<string, string> fields = Granted(user.Grants);
        fields["encryption"] = Spelling.Of(user.Encryption);
        fields["expires"] = Instant(user.Expires);
        fields["sid"] = user.Sid ?? "none";
        fields["uid"] = Number(user.Uid);
        if (user.When is { } when)
        {
            fields["when"] = when.ToString();
        }

        return fields;
    }

    private static SortedDictionary<string, string> FieldsOf(Group group)
    {
        SortedDictionary<string, string> fields = Granted(group.Grants);
        fields["gid"] = Number(group.Gid);
        fields["sid"] = group.Sid ?? "none";
        foreach (string member in group.Members)
        {
            fields[$"member {member}"] = "in";
        }

        return fields;
    }

    private static SortedDictionary<string, string> Granted(IReadOnlyList<Grant> grants)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Grant grant in grants)
        {
            string until = grant.Expires is null ? "" : $" until {Instant(grant.Expires)}";
            fields[$"grant {grant.Scope}"] = $"{Spelling.Of(grant.Mode)}{until}{(grant.When is null ? "" : $" when {grant.When}")}";
        }

        return fields;
    }

    private static string Number(uint? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "none";

    internal static string Instant(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "never";
}
