using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Exchange;
using SecureVault.Policy.Review;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;

namespace SecureVault.Service.Administration;

/// <summary>The policy of one unlocked vault as one document: export, apply, tables of people, history. One thread.</summary>
public sealed class PolicyAdministration
{
    private readonly Vault _vault;
    private readonly Func<Func<VaultResult>, VaultResult> _remembered;

    /// <param name="remembered">Makes a change only where it can be remembered outside the vault.</param>
    internal PolicyAdministration(Vault vault, Func<Func<VaultResult>, VaultResult> remembered)
    {
        _vault = vault;
        _remembered = remembered;
    }

    /// <summary>The number of the version in force.</summary>
    public ulong Version => _vault.Policy.Current.Version;

    /// <summary>A version as people edit it; null: the one in force. Failed when it is not kept.</summary>
    public Answer<string> Export(ulong? version, bool asYaml)
    {
        VaultResult result = Find(version, out PolicyDocument? policy);
        return new Answer<string>(result, result.IsOk ? PolicyFiles.Text(policy!, asYaml) : default!);
    }

    /// <summary>What applying a file would do. Faults are in the plan.</summary>
    public Answer<PolicyPlan> PlanFile(string file)
    {
        Answer<PolicyDraft> read = PolicyFiles.Read(file);
        if (!read.Result.IsOk || read.Value.Faults.Count > 0)
        {
            return new Answer<PolicyPlan>(read.Result, read.Result.IsOk ? PolicyPlan.Faulty(read.Value.Faults) : default!);
        }

        ulong now = Version;
        string note = read.Value.WrittenAt is { } at && at != now ? $"{file} was exported at version {at}, and version {now} is in force: what was changed since then is undone where the file says otherwise." : "";
        return Plan(read.Value.On, $"policy apply {Path.GetFileName(file)}", note);
    }

    /// <summary>What importing a table of people would do. Faults are in the plan.</summary>
    /// <param name="makeGroups">Groups that there are not are made on the way.</param>
    public Answer<PolicyPlan> PlanTable(string file, bool makeGroups)
    {
        var faults = new DocumentFaults();
        VaultResult read = PolicyFiles.ReadTable(file, faults, out IReadOnlyList<IReadOnlyList<CsvCell>> rows);
        if (!read.IsOk)
        {
            return new Answer<PolicyPlan>(read, default!);
        }

        PolicyEdit Imported(PolicyDocument policy) => faults.Any ? new PolicyEdit(null, "") : PeopleTable.Into(policy, rows, makeGroups, faults);
        Answer<PolicyPlan> plan = Plan(Imported, $"user import {Path.GetFileName(file)}", "");
        return faults.Any ? new Answer<PolicyPlan>(VaultResult.Ok, PolicyPlan.Faulty(faults.All())) : plan;
    }

    /// <summary>What going back to a version would do; null: to the newest one that is kept.</summary>
    public Answer<PolicyPlan> PlanUndo(ulong? version)
    {
        IReadOnlyList<ulong> kept = _vault.KeptPolicies;
        if (version is null && kept.Count == 0)
        {
            return new Answer<PolicyPlan>(new VaultResult(VaultError.Failed, $"{_vault.Folder} keeps no earlier version of its policy: there is nothing to go back to."), default!);
        }

        ulong to = version ?? LastOther(kept);
        VaultResult result = Find(to, out PolicyDocument? older);
        return result.IsOk ? Plan(p => p.WithContentOf(older!), $"policy undo to version {to}", "") : new Answer<PolicyPlan>(result, default!);
    }

    /// <summary>Whether Apply would be refused for what files carry. Changes nothing.</summary>
    public VaultResult Try(PolicyPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new LabelEdits(_vault).MayReplace(plan.Wanted!, resume: false);
    }

    /// <summary>Makes the change: one edit, one version, recorded. Refused when the policy has become another since it was planned.</summary>
    public VaultResult Apply(PolicyPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PolicyEdit Edit(PolicyDocument policy) => policy.Version == plan.Base!.Version
            ? new PolicyEdit(plan.Wanted, null)
            : new PolicyEdit(null, $"The policy was changed meanwhile (version {policy.Version}); nothing was done. Run the command again to see what it does now.");
        return _remembered(() => new LabelEdits(_vault).Replace(plan.Wanted!, Edit, plan.Description));
    }

    /// <summary>What one version says otherwise than another; null: the one in force.</summary>
    public Answer<IReadOnlyList<string>> Differences(ulong? from, ulong? to)
    {
        VaultResult result = Find(from, out PolicyDocument? old);
        result = result.IsOk ? Find(to, out PolicyDocument? next) : Skip(result, out next);
        return new Answer<IReadOnlyList<string>>(result, result.IsOk ? PolicyChanges.ListBetween(old!, next!) : default!);
    }

    /// <summary>The newest version that is kept beside the one in force, or null.</summary>
    public ulong? Before => _vault.KeptPolicies is { Count: > 0 } kept ? kept[^1] : null;

    /// <summary>Every version that is kept or that the audit log tells of, ascending.</summary>
    public IReadOnlyList<PolicyVersionRow> History()
    {
        ulong now = Version;
        HashSet<ulong> kept = [.. _vault.KeptPolicies, now];
        var rows = kept.ToDictionary(v => v, v => new PolicyVersionRow(v, null, "", "", v == now, true));
        foreach (AuditEntry entry in _vault.OpenAuditReader().Read(AuditQuery.All with { Event = AuditEvent.PolicyChange }))
        {
            AuditRecord record = entry.Record;
            int cut = record.Detail.IndexOf(Announced, StringComparison.Ordinal);
            ulong made = cut < 0 ? record.PolicyVersion : record.PolicyVersion + 1;
            bool tells = record.Allowed && made <= now && (cut >= 0 || made == 1);
            if (tells && (!rows.TryGetValue(made, out PolicyVersionRow? row) || row.Time is null))
            {
                string by = record.User.Length > 0 ? record.User : record.Account.Length > 0 ? record.Account : record.Uid is { } uid ? $"uid {uid}" : "";
                rows[made] = new PolicyVersionRow(made, record.Time, by, cut < 0 ? record.Detail : record.Detail[..cut], made == now, kept.Contains(made));
            }
        }

        return [.. rows.Values.OrderBy(r => r.Version)];
    }

    /// <summary>Stands in the record of an edit behind what was done (VaultEdit).</summary>
    private const string Announced = " (policy version ";

    /// <summary>The newest kept version that says something else than the one in force: labels that were set make versions, too. The newest of all where none does.</summary>
    private ulong LastOther(IReadOnlyList<ulong> kept)
    {
        PolicyDocument now = _vault.Policy.Current;
        foreach (ulong version in kept.Reverse())
        {
            if (!Find(version, out PolicyDocument? older).IsOk || now.WithContentOf(older!).Policy is not { } back || PolicyChanges.ListBetween(now, back).Count > 0)
            {
                return version;
            }
        }

        return kept[^1];
    }

    private Answer<PolicyPlan> Plan(Func<PolicyDocument, PolicyEdit> edit, string description, string note)
    {
        PolicyDocument now = _vault.Policy.Current;
        PolicyEdit made = edit(now);
        if (made.Policy is not { } wanted)
        {
            return new Answer<PolicyPlan>(new VaultResult(VaultError.Failed, made.Error ?? "The policy was left as it is."), default!);
        }

        return new Answer<PolicyPlan>(VaultResult.Ok, new PolicyPlan(PolicyChanges.ListBetween(now, wanted), PolicyWidening.Between(now, wanted), PolicyRemarks.Of(wanted), note)
        {
            Base = now,
            Wanted = wanted,
            Description = description,
        });
    }

    private VaultResult Find(ulong? version, out PolicyDocument? policy)
    {
        policy = _vault.Policy.Current;
        return version is { } number ? _vault.ReadPolicy(number, out policy) : VaultResult.Ok;
    }

    private static VaultResult Skip(VaultResult result, out PolicyDocument? policy)
    {
        policy = null;
        return result;
    }
}
