using System;
using System.Globalization;
using System.Text.Json;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>Audit records as a table and as JSON, each printed as it is read.</summary>
internal static class AuditOutput
{
    /// <param name="read">Hands the rows on one by one.</param>
    public static Answer<AuditShown> Print(Terminal terminal, bool asJson, Func<Action<AuditRow>, Answer<AuditShown>> read) =>
        asJson ? Json.StreamArray(terminal, read, Members) : Table(terminal, read);

    /// <summary>"alice", "alice (jdoe)" where the system has another name, "uid 4711 (bob)" for whom the policy does not know; with who is said to be behind it.</summary>
    public static string Who(AuditRow row)
    {
        string own = row.User.Length > 0 ? row.User : row.Uid is { } uid ? $"uid {uid}" : "";
        string both = row.Account.Length == 0 ? own : own.Length == 0 ? row.Account : $"{own} ({row.Account})";
        return row.ClaimedUid is { } claimed ? $"{both}, said to be {(row.ClaimedUser.Length > 0 ? row.ClaimedUser : $"uid {claimed}")}" : both;
    }

    /// <summary>The mode where one was decided; "denied" for what the policy refused, "refused" for what was not authentic.</summary>
    public static string Result(AuditRow row) => row switch
    {
        { Allowed: false, Event: "integrity-failure" } => "refused",
        { Allowed: false } => "denied",
        { Mode.Length: > 0 } => row.Mode,
        _ => "allowed",
    };

    private static Answer<AuditShown> Table(Terminal terminal, Func<Action<AuditRow>, Answer<AuditShown>> read)
    {
        LongListing listing = LongListing.On(terminal, "#", "time (UTC)", "event", "result", "user", "program", "label", "detail", "path");
        Answer<AuditShown> answer = read(row => listing.Add(
            row.Sequence.ToString(CultureInfo.InvariantCulture), Instants.Shown(row.Time), row.Event, Result(row), Who(row),
            row.Executable[(row.Executable.LastIndexOfAny(['/', '\\']) + 1)..], row.Label, row.Detail, row.Path));
        if (answer.Value is not null && (answer.Result.IsOk || answer.Value.Rows > 0))
        {
            listing.Finish("No such record.");
        }

        return answer;
    }

    private static void Members(Utf8JsonWriter json, AuditRow row)
    {
        json.WriteNumber("sequence", row.Sequence);
        json.WriteString("time", Instants.Machine(row.Time));
        json.WriteString("event", row.Event);
        json.WriteBoolean("allowed", row.Allowed);
        json.WriteString("mode", row.Mode);
        json.WriteString("user", row.User);
        json.WriteString("account", row.Account);
        Json.WriteNumber(json, "uid", row.Uid);
        json.WriteString("claimedUser", row.ClaimedUser);
        Json.WriteNumber(json, "claimedUid", row.ClaimedUid);
        json.WriteNumber("pid", row.Pid);
        json.WriteString("executable", row.Executable);
        json.WriteString("label", row.Label);
        json.WriteString("path", row.Path);
        json.WriteNumber("policyVersion", row.PolicyVersion);
        json.WriteString("detail", row.Detail);
        json.WriteString("grantedTo", row.Basis.GrantedTo);
        json.WriteString("grant", row.Basis.Grant);
        json.WriteString("rule", row.Basis.Rule);
        json.WriteBoolean("observed", row.Basis.Observed);
        json.WriteString("groups", row.Basis.Groups);
        json.WriteString("program", row.Basis.Program);
        json.WriteString("script", row.Basis.Script);
        json.WriteString("host", row.Basis.Host);
        json.WriteString("session", row.Basis.Session);
    }
}
