using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Review;
using SecureVault.Service.Machines;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Offline;

namespace SecureVault.Service.Administration;

/// <summary>What a user may do at most with a path: mode, by whose grant, until when, what must be so for it, and the rules that speak of it.</summary>
public sealed record PathAccessRow(string User, string Mode, string Holder, string Grant, DateTimeOffset? Until, string Only, IReadOnlyList<string> Rules);

/// <summary>Who may do what with one path.</summary>
public sealed record PathAccess(string Path, string Label, IReadOnlyList<PathAccessRow> Rows);

/// <summary>Up to which level a user may open a department, and those below it that are not listed themselves; Compartment is empty for files without one.</summary>
public sealed record UserAccessRow(string Department, string Level, string Compartment, string Mode, string Holder, string Grant, DateTimeOffset? Until, string Only);

/// <summary>A grant that nobody used.</summary>
public sealed record UnusedGrant(string Kind, string Holder, string Scope, string Mode, DateTimeOffset? Expires);

/// <summary>The access review of one unlocked vault. One thread; nothing is changed.</summary>
public sealed class AccessAdministration
{
    private readonly Vault _vault;

    internal AccessAdministration(Vault vault) => _vault = vault;

    /// <summary>Failed when there is no such path.</summary>
    public Answer<PathAccess> Of(string path)
    {
        VaultResult result = new VaultLabels(_vault).Show(path, out LabelledObject? found);
        return new Answer<PathAccess>(result, result.IsOk ? new PathAccess(found!.Path, found.Label.ToString(), [.. AccessReview.Of(_vault.Policy.Current, found.Label, found.Path, _vault.Clock.GetUtcNow()).Select(Row)]) : default!);
    }

    /// <summary>Everything a user may open. Failed when there is no such user.</summary>
    public Answer<IReadOnlyList<UserAccessRow>> OfUser(string name)
    {
        PolicyDocument policy = _vault.Policy.Current;
        return policy.FindUser(name) is { } user
            ? new Answer<IReadOnlyList<UserAccessRow>>(VaultResult.Ok, [.. AccessReview.Of(policy, user, _vault.Clock.GetUtcNow()).Select(Row)])
            : new Answer<IReadOnlyList<UserAccessRow>>(new VaultResult(VaultError.Failed, $"user {name} does not exist; {PolicyRows.Existing(policy.Users.Select(u => u.Name))}"), default!);
    }

    /// <summary>Grants that nobody used since then, by the audit log. Damaged when the log is not as it was written.</summary>
    public Answer<IReadOnlyList<UnusedGrant>> Unused(DateTimeOffset since)
    {
        PolicyDocument policy = _vault.Policy.Current;
        var opened = new HashSet<(string User, Label Label)>();
        var seen = new HashSet<(string User, uint? Uid, string Label)>();
        AuditCheck check = _vault.OpenAuditReader().Show(AuditQuery.All with { Since = since }, 0, entry =>
        {
            AuditRecord record = entry.Record;
            bool uses = record.Allowed && record.Event is AuditEvent.Open or AuditEvent.Create or AuditEvent.Change or AuditEvent.Delete or AuditEvent.Rename;
            if (uses && seen.Add((record.User, record.Uid, record.Label)) && Label.TryParse(record.Label, out Label? label))
            {
                opened.UnionWith(Names(policy, record).Select(n => (n, label!)));
            }
        });
        VaultResult result = check.FirstBroken == 0 ? VaultResult.Ok : new VaultResult(VaultError.Damaged, $"{_vault.Folder}/audit/log: record {check.FirstBroken} is the first that is not as it was written: {check.Problem}");
        return new Answer<IReadOnlyList<UnusedGrant>>(result, result.IsOk
            ? [.. AccessReview.Unused(policy, opened).Select(u => new UnusedGrant(policy.FindUser(u.Holder) is null ? "group" : "user", u.Holder, u.Grant.Scope, Spelling.Of(u.Grant.Mode), u.Grant.Expires))]
            : default!);
    }

    private static PathAccessRow Row(AccessRow row) => new(row.User, Spelling.Of(row.Mode), row.Holder, row.Grant, row.Until, row.Only, row.Rules);

    private static UserAccessRow Row(DepartmentAccess row) => new(row.Department, row.Level, row.Compartment, Spelling.Of(row.Mode), row.Holder, row.Grant, row.Until, row.Only);

    /// <summary>The user, and the groups that are theirs by the machine's numbers.</summary>
    private static IEnumerable<string> Names(PolicyDocument policy, AuditRecord record)
    {
        IReadOnlyList<uint> gids = record.Uid is { } uid ? Machine.This.GroupsOf(uid) : [];
        IEnumerable<string> groups = policy.Groups.Where(g => g.Gid is { } gid && gids.Contains(gid)).Select(g => g.Name);
        return record.User.Length > 0 ? groups.Append(record.User) : groups;
    }
}
