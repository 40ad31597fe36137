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
        AuditRow[] refused = [.. all.Where(r => !r.Allowed)];
        AuditRow[] opened = [.. all.Where(r => r.Allowed && r.Event == "open" && r.User.Length > 0)];
        AuditRow[] chosen = [.. opened.TakeLast(2).Concat(refused.Take(Shown - 3)).Concat(refused.TakeLast(1)).Distinct().OrderBy(r => r.Sequence)];
        chosen = chosen.Length > 0 ? chosen : [.. all.TakeLast(Shown)];
        var grid = new Listing("#", "time (UTC)", "who", "with", "did", "to", "result");
        foreach (AuditRow row in chosen)
        {
            grid.Add($"{row.Sequence}", Instants.Shown(row.Time)[11..], AuditCommands.Who(row), Path.GetFileName(row.Executable), row.Event, row.Path, AuditCommands.Result(row));
        }

        say.Command("securevault audit show vault");
        say.Table(grid);
        Answer<AuditVerdict> verdict = workspace.Vault.VerifyAudit();
        Workspace.Demand(verdict.Result);
        say.Command("securevault audit verify vault");
        say.Good(verdict.Value.FirstBroken == 0 ? AuditCommands.Whole(verdict.Value) : verdict.Value.Problem);
    }
}
