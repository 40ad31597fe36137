using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Cli.Commands;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Demo;

/// <summary>The step that reads the audit log, and checks it.</summary>
internal static class TourAudit
{
    private const int Shown = 8;

    public static void Show(Workspace workspace, Narrator say)
    {
        say.Step("Who did what: the audit log");
        Answer<IReadOnlyList<AuditRow>> answer = workspace.Vault.ShowAudit(new AuditFilter(null, null, null, false));
        Workspace.Demand(answer.Result);
        IReadOnlyList<AuditRow> all = answer.Value;
        AuditRow[] refused = [.. all.Where(r => !r.Allowed && r.Event == "open").DistinctBy(AuditOutput.Who)];
        AuditRow[] opened = [.. all.Where(r => r.Allowed && r.Event == "open" && r.User.Length > 0).DistinctBy(AuditOutput.Who).Take(2)];
        AuditRow[] lowered = [.. all.Where(r => !r.Allowed && r.Basis.Rule.Length > 0).Take(1), .. all.Where(r => r.Detail.StartsWith("revoked", StringComparison.Ordinal)).Take(1)];
        AuditRow[] chosen = [.. opened, .. refused, .. lowered.Except(refused), .. all.Where(r => r.Event == "integrity-failure").Take(1)];
        var listing = new Listing("time", "who", "file", "result", "detail");
        foreach (AuditRow row in (chosen.Length > 0 ? chosen : all.TakeLast(Shown)).OrderBy(r => r.Sequence))
        {
            listing.Add(Instants.Shown(row.Time)[11..], AuditOutput.Who(row), Path.GetFileName(row.Path), AuditOutput.Result(row), row.Detail);
        }

        say.Command("securevault audit show vault");
        say.Table(listing);
        Answer<AuditVerdict> verdict = workspace.Vault.VerifyAudit();
        Workspace.Demand(verdict.Result);
        say.Command("securevault audit verify vault");
        say.Good(verdict.Value.FirstBroken == 0 ? AuditCommands.Whole(verdict.Value) : verdict.Value.Problem);
    }
}
