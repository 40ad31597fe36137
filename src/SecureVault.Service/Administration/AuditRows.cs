using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;

namespace SecureVault.Service.Administration;

/// <summary>The audit log as it is shown and checked.</summary>
internal static class AuditRows
{
    /// <summary>The matching records; Damaged when the log is not as it was written, with what could be read before that.</summary>
    public static Answer<IReadOnlyList<AuditRow>> Show(Vault vault, AuditFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        PolicyDocument policy = vault.Policy.Current;
        string? user = filter.User is null ? null : policy.FindUser(filter.User)?.Name ?? filter.User;
        VaultResult result = Open(vault, filter.Own, out AuditReader? reader);
        if (!result.IsOk)
        {
            return new Answer<IReadOnlyList<AuditRow>>(result, null!);
        }

        AuditRow[] rows = [.. reader!.Read(new AuditQuery(user, filter.Path, filter.Since, filter.DeniedOnly)).Select(Row)];
        return new Answer<IReadOnlyList<AuditRow>>(Verify(vault, reader).Result, rows);
    }

    /// <summary>Damaged when a record is not as it was written.</summary>
    /// <param name="own">The machine's log of read-only mounts.</param>
    public static Answer<AuditVerdict> Verify(Vault vault, bool own)
    {
        VaultResult result = Open(vault, own, out AuditReader? reader);
        return result.IsOk ? Verify(vault, reader!) : new Answer<AuditVerdict>(result, null!);
    }

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

    private static Answer<AuditVerdict> Verify(Vault vault, AuditReader reader)
    {
        AuditCheck check = reader.Verify();
        var verdict = new AuditVerdict(check.Records, check.Checkpoints, check.FirstBroken, check.Problem);
        VaultResult result = check.FirstBroken == 0
            ? VaultResult.Ok
            : new VaultResult(VaultError.Damaged, $"{vault.Folder}/audit/log: record {check.FirstBroken} is the first that is not as it was written: {check.Problem}");
        return new Answer<AuditVerdict>(result, verdict);
    }

    private static AuditRow Row(AuditEntry entry)
    {
        AuditRecord record = entry.Record;
        return new AuditRow(entry.Sequence, record.Time, AuditEventName.Of(record.Event), record.Allowed, record.Mode, record.User, record.Uid, record.Pid, record.Executable, record.Label, record.Path, record.PolicyVersion, record.Detail);
    }
}
