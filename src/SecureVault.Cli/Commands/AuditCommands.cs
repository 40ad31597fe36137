using System;
using System.CommandLine;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>audit: who opened what, and whether the log is whole.</summary>
internal static class AuditCommands
{
    public static Command Build(Terminal terminal, TimeProvider clock) => new TaughtCommand("audit", "The log of every open and every change, chained and signed.")
    {
        Show(terminal, clock), Verify(terminal),
    };

    private static VaultCommand Show(Terminal terminal, TimeProvider clock)
    {
        var filter = new AuditFilterOptions(clock);
        var asJson = Parts.Json();
        return new VaultCommand(
            terminal,
            "show",
            "Show the records, the oldest first.",
            "audit show /srv/vault --denied --since 7d",
            "audit show /srv/vault --user alice --path /Payroll --json",
            "audit show /srv/vault --event policy-change --last 20")
            .ForAudit()
            .With([.. filter.Options, asJson])
            .Does((parse, vault) =>
            {
                AuditFilter asked = filter.Of(parse);
                Answer<AuditShown> answer = AuditOutput.Print(terminal, parse.GetValue(asJson), each => vault.ShowAudit(asked, each));
                if (answer.Value?.Note is { Length: > 0 } note)
                {
                    terminal.Complain($"note: {note}");
                }

                return answer.Result.IsOk ? ExitCodes.Done : terminal.Fail(answer.Result);
            });
    }

    private static VaultCommand Verify(Terminal terminal)
    {
        var own = AuditFilterOptions.OwnMounts();
        var asJson = Parts.Json();
        return new VaultCommand(
            terminal,
            "verify",
            "Check the whole log: chain, signatures and end. Exit code 4 and the first broken record if it was edited, cut or reordered.",
            "audit verify /srv/vault")
            .ForAudit()
            .With(own, asJson)
            .Does((parse, vault) =>
            {
                Answer<AuditVerdict> answer = vault.VerifyAudit(parse.GetValue(own));
                if (answer.Value is null)
                {
                    return terminal.Fail(answer.Result);
                }

                AuditVerdict verdict = answer.Value;
                bool whole = verdict.FirstBroken == 0 && answer.Result.IsOk;
                if (parse.GetValue(asJson))
                {
                    Json.PrintObject(terminal, json =>
                    {
                        json.WriteBoolean("whole", whole);
                        json.WriteNumber("records", verdict.Records);
                        json.WriteNumber("checkpoints", verdict.Checkpoints);
                        json.WriteNumber("firstBroken", verdict.FirstBroken);
                        json.WriteString("problem", verdict.Problem);
                    });
                }

                if (whole && !parse.GetValue(asJson))
                {
                    terminal.Say(Whole(verdict));
                }

                return whole ? ExitCodes.Done : Broken(terminal, verdict, answer.Result);
            });
    }

    /// <summary>The sentence for a log that is whole.</summary>
    public static string Whole(AuditVerdict verdict) =>
        $"The audit log is whole: {Printable.Counted(verdict.Records, "record")} in one chain, {Printable.Counted(verdict.Checkpoints, "signed checkpoint")}.";

    private static int Broken(Terminal terminal, AuditVerdict verdict, VaultResult result)
    {
        string message = verdict.FirstBroken > 0
            ? $"audit/log: record {verdict.FirstBroken} is the first broken one: {verdict.Problem.TrimEnd('.')}. What is before it is authentic; compare with a backup."
            : result.Message;
        terminal.Complain(message);
        return result.IsOk ? ExitCodes.Damaged : ExitCodes.Of(result.Error);
    }
}
