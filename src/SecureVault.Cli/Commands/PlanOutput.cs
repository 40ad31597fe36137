using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>Shows what a change of the whole policy would do, asks where somebody would get more, and makes it.</summary>
internal static class PlanOutput
{
    public static Option<bool> DryRun() => new("--dry-run") { Description = "Show what would change, and change nothing." };

    public static Option<bool> Yes() => new("--yes") { Description = "Somebody may get more than before: do not ask." };

    /// <param name="file">Stands before faults; empty where the change comes from no file.</param>
    /// <returns>The exit code.</returns>
    public static int Run(Terminal terminal, PolicyAdministration policies, Answer<PolicyPlan> answer, string file, bool dryRun, bool yes)
    {
        if (!answer.Result.IsOk)
        {
            return terminal.Fail(answer.Result);
        }

        PolicyPlan plan = answer.Value;
        if (plan.Faults.Count > 0)
        {
            Faults(terminal.Error, file, plan.Faults);
            terminal.Complain($"{file}: {Printable.Counted((ulong)plan.Faults.Count, "fault")}; nothing was changed.");
            return ExitCodes.Failed;
        }

        Notes(terminal, plan);
        if (plan.Changes.Count == 0)
        {
            terminal.Say($"Nothing is different: the policy stays at version {policies.Version}.");
            return ExitCodes.Done;
        }

        Show(terminal, plan);
        return dryRun ? Tried(terminal, policies.Try(plan)) : Apply(terminal, policies, plan, yes);
    }

    /// <summary>"FILE:12:5: ...", one a line.</summary>
    public static void Faults(TextWriter writer, string file, IReadOnlyList<FaultRow> faults)
    {
        foreach (FaultRow fault in faults)
        {
            writer.WriteLine(Printable.OneLine($"{file}:{fault.Line}:{fault.Column}: {fault.Problem}"));
        }
    }

    public static void Remarks(Terminal terminal, IReadOnlyList<string> remarks)
    {
        foreach (string remark in remarks)
        {
            terminal.Complain($"note: {remark}");
        }
    }

    private static void Notes(Terminal terminal, PolicyPlan plan)
    {
        if (plan.Note.Length > 0)
        {
            terminal.Complain($"note: {plan.Note}");
        }

        Remarks(terminal, plan.Remarks);
    }

    private static void Show(Terminal terminal, PolicyPlan plan)
    {
        foreach (string change in plan.Changes)
        {
            terminal.Say($"  {change}");
        }

        foreach (string more in plan.Widened)
        {
            terminal.Say($"more: {more}");
        }
    }

    private static int Tried(Terminal terminal, VaultResult result)
    {
        if (!result.IsOk)
        {
            return terminal.Fail(result);
        }

        terminal.Say("A dry run: nothing was changed.");
        return ExitCodes.Done;
    }

    private static int Apply(Terminal terminal, PolicyAdministration policies, PolicyPlan plan, bool yes)
    {
        string more = $"{Printable.Counted((ulong)plan.Widened.Count, "time")} somebody gets more than before, first: {(plan.Widened.Count > 0 ? plan.Widened[0] : "")}";
        if (plan.Widened.Count > 0 && !yes && !Question.IsAnsweredYes(terminal, $"{more}. Is that meant?"))
        {
            terminal.Complain(terminal.InputIsTerminal ? "Nothing was changed." : $"nothing was changed: {more}. Where that is meant, give --yes.");
            return ExitCodes.Failed;
        }

        VaultResult result = policies.Apply(plan);
        if (!result.IsOk)
        {
            return terminal.Fail(result);
        }

        terminal.Say($"Done, in force from the next open on: policy version {policies.Version}.");
        return ExitCodes.Done;
    }
}
