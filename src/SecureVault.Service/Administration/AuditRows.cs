using System;
using System.Linq;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;

namespace SecureVault.Service.Administration;

/// <summary>The audit log as it is shown and checked.</summary>
internal static class AuditRows
{
    /// <summary>Hands on the matching records as they are read; Damaged when the log is not as it was written, with what could be read before that.</summary>
    /// <returns>Value is null when nothing was read; Usage for a filter that makes no sense; Failed when nobody of the user's name is known and no record has it.</returns>
    public static Answer<AuditShown> Show(Vault vault, AuditFilter filter, Action<AuditRow> each)
    {
        ArgumentNullException.ThrowIfNull(filter);
        PolicyDocument policy = vault.Policy.Current;
        VaultResult result = TryQuery(policy, filter, out AuditQuery query);
        result = result.IsOk ? Open(vault, filter.Own, out AuditReader? reader) : Skip(result, out reader);
        if (!result.IsOk)
        {
            return new Answer<AuditShown>(result, null!);
        }

        ulong rows = 0;
        AuditCheck check = reader!.Show(query, filter.Last, entry =>
        {
            rows++;
            each(Row(entry));
        });
        result = ResultOf(vault, check);
        string unknown = filter.User is { } user && policy.FindUser(user) is null ? Unknown(policy, user) : "";
        return unknown.Length > 0 && rows == 0 && result.IsOk
            ? new Answer<AuditShown>(new VaultResult(VaultError.Failed, $"{unknown}, and no record asked for names it"), new AuditShown(rows, ""))
            : new Answer<AuditShown>(result, new AuditShown(rows, unknown));
    }

    /// <summary>Damaged when a record is not as it was written.</summary>
    /// <param name="own">The machine's log of read-only mounts.</param>
    public static Answer<AuditVerdict> Verify(Vault vault, bool own)
    {
        VaultResult result = Open(vault, own, out AuditReader? reader);
        if (!result.IsOk)
        {
            return new Answer<AuditVerdict>(result, null!);
        }

        AuditCheck check = reader!.Verify();
        return new Answer<AuditVerdict>(ResultOf(vault, check), new AuditVerdict(check.Records, check.Checkpoints, check.FirstBroken, check.Problem));
    }

    private static VaultResult TryQuery(PolicyDocument policy, AuditFilter filter, out AuditQuery query)
    {
        query = new AuditQuery(filter.User, filter.Path is null ? null : RawText.Shown(filter.Path), filter.Since, filter.DeniedOnly) { Uid = filter.Uid, Until = filter.Until, Program = filter.Executable };
        if (filter.Path is not null && !filter.Path.StartsWith('/'))
        {
            return Usage($"{filter.Path} is no path inside the vault: such a path begins with /");
        }

        if (filter.Event is { } name)
        {
            if (!AuditEventName.TryParse(name, out AuditEvent known))
            {
                return Usage($"there is no event {name}; there is {string.Join(", ", AuditEventName.All)}");
            }

            query = query with { Event = known };
        }

        return filter.Label is { } label ? TryLabel(policy, label, ref query) : VaultResult.Ok;
    }

    /// <summary>A level is found by all its names: records have the one that the file had then.</summary>
    private static VaultResult TryLabel(PolicyDocument policy, string text, ref AuditQuery query)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 3 || parts.Any(p => p.Length == 0))
        {
            return Usage($"{text} is no label; write a department, department:level, department:level:compartment, or unlabelled");
        }

        string[]? levels = parts.Length < 2 ? null : policy.FindLevel(parts[1]) is { } level ? [level.Name, .. level.Aliases] : [parts[1]];
        query = query with
        {
            Label = text is "unlabelled" or "none" ? AuditLabels.Unlabelled : new AuditLabels(parts[0], levels, parts.Length == 3 ? parts[2] : null),
        };
        return VaultResult.Ok;
    }

    private static string Unknown(PolicyDocument policy, string user) =>
        $"{user} is no user of the policy; {PolicyRows.Existing(policy.Users.Select(u => u.Name))}; records of people outside it can be asked for by number: --uid N";

    private static VaultResult Open(Vault vault, bool own, out AuditReader? reader)
    {
        reader = null;
        if (own)
        {
            return vault.OpenOwnAuditReader(out reader);
        }

        reader = vault.OpenAuditReader();
        return VaultResult.Ok;
    }

    private static VaultResult Skip(VaultResult result, out AuditReader? reader)
    {
        reader = null;
        return result;
    }

    private static VaultResult ResultOf(Vault vault, AuditCheck check) => check.FirstBroken == 0
        ? VaultResult.Ok
        : new VaultResult(VaultError.Damaged, $"{vault.Folder}/audit/log: record {check.FirstBroken} is the first that is not as it was written: {check.Problem}");

    private static VaultResult Usage(string message) => new(VaultError.Usage, message);

    private static BasisRow Basis(AuditBasis basis) =>
        new(basis.GrantedTo, basis.Grant, basis.Rule, basis.Observed, basis.Groups, basis.Program, basis.Script, basis.Host, basis.Session);

    private static AuditRow Row(AuditEntry entry)
    {
        AuditRecord record = entry.Record;
        return new AuditRow(entry.Sequence, record.Time, AuditEventName.Of(record.Event), record.Allowed, record.Mode, record.User, record.Uid, record.Pid, record.Executable, record.Label, record.Path, record.PolicyVersion, record.Detail)
        {
            Account = record.Account,
            ClaimedUid = record.ClaimedUid,
            ClaimedUser = record.ClaimedUser,
            Basis = Basis(record.Basis),
        };
    }
}
