using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
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

    /// <summary>The rows as the table both audit show and the demo print.</summary>
    public static Listing Table(IEnumerable<AuditRow> rows)
    {
        var listing = new Listing("#", "time (UTC)", "event", "result", "user", "program", "label", "path", "detail");
        foreach (AuditRow row in rows)
        {
            listing.Add(
                row.Sequence.ToString(CultureInfo.InvariantCulture), Instants.Shown(row.Time), row.Event, Result(row), Who(row),
                Path.GetFileName(row.Executable), row.Label, row.Path, row.Detail);
        }

        return listing;
    }

    /// <summary>"alice", or "uid 4711" for whom the policy does not know.</summary>
    public static string Who(AuditRow row) => row.User.Length > 0 ? row.User : row.Uid is { } uid ? $"uid {uid}" : "";

    /// <summary>The mode where one was decided; "denied" for what the policy refused, "refused" for what was not authentic.</summary>
    public static string Result(AuditRow row) => row switch
    {
        { Allowed: false, Event: "integrity-failure" } => "refused",
        { Allowed: false } => "denied",
        { Mode.Length: > 0 } => row.Mode,
        _ => "allowed",
    };

    private static VaultCommand Show(Terminal terminal, TimeProvider clock)
    {
        var user = new Option<string?>("--user") { Description = "Only of this user of the policy.", HelpName = "USER" };
        var path = new Option<string?>("--path") { Description = "Only of this path and what is below it.", HelpName = "PATH" };
        var since = Parts.Since(clock);
        var denied = new Option<bool>("--denied") { Description = "Only what was refused." };
        var own = OwnOption();
        var last = new Option<int?>("--last") { Description = "Only the last COUNT of them.", HelpName = "COUNT" };
        last.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && !(int.TryParse(r.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0))
            {
                r.AddError($"--last takes a whole number from 1, not '{r.Tokens[0].Value}'.");
            }
        });
        var asJson = Parts.Json();
        return new VaultCommand(
            terminal,
            "show",
            "Show the records, the oldest first.",
            "audit show /srv/vault --denied --since 7d",
            "audit show /srv/vault --user alice --path /Payroll --json")
            .ForAudit()
            .With(user, path, since, denied, last, own, asJson)
            .Does((parse, vault) =>
            {
                DateTimeOffset? from = parse.GetValue(since) is { } text && Instants.TryParseStart(text, clock.GetUtcNow(), out DateTimeOffset start) ? start : null;
                Answer<IReadOnlyList<AuditRow>> answer = vault.ShowAudit(new AuditFilter(parse.GetValue(user), parse.GetValue(path), from, parse.GetValue(denied)) { Own = parse.GetValue(own) });
                if (answer.Value is null)
                {
                    return terminal.Fail(answer.Result);
                }

                Print(terminal, answer.Value.TakeLast(parse.GetValue(last) ?? int.MaxValue), parse.GetValue(asJson));
                return answer.Result.IsOk ? ExitCodes.Done : terminal.Fail(answer.Result);
            });
    }

    private static VaultCommand Verify(Terminal terminal)
    {
        var own = OwnOption();
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

    private static Option<bool> OwnOption() => new("--read-only-mounts") { Description = "What this machine recorded of read-only mounts of the vault and its copies, instead of the vault's log." };

    private static int Broken(Terminal terminal, AuditVerdict verdict, VaultResult result)
    {
        string message = verdict.FirstBroken > 0
            ? $"audit/log: record {verdict.FirstBroken} is the first broken one: {verdict.Problem.TrimEnd('.')}. What is before it is authentic; compare with a backup."
            : result.Message;
        terminal.Complain(message);
        return result.IsOk ? ExitCodes.Damaged : ExitCodes.Of(result.Error);
    }

    private static void Print(Terminal terminal, IEnumerable<AuditRow> rows, bool asJson)
    {
        if (!asJson)
        {
            Table(rows).Print(terminal, "No such record.");
            return;
        }

        Json.PrintArray(terminal, rows, (json, row) =>
        {
            json.WriteNumber("sequence", row.Sequence);
            json.WriteString("time", Instants.Machine(row.Time));
            json.WriteString("event", row.Event);
            json.WriteBoolean("allowed", row.Allowed);
            json.WriteString("mode", row.Mode);
            json.WriteString("user", row.User);
            Json.WriteNumber(json, "uid", row.Uid);
            json.WriteNumber("pid", row.Pid);
            json.WriteString("executable", row.Executable);
            json.WriteString("label", row.Label);
            json.WriteString("path", row.Path);
            json.WriteNumber("policyVersion", row.PolicyVersion);
            json.WriteString("detail", row.Detail);
        });
    }
}
