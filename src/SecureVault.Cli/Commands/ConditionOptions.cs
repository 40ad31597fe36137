using System.CommandLine;
using System.Text.Json;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>The options that name conditions: --PREFIX-program, -hours, -host, -session, -online, -offline. Together all must be so; of one kind, one of them.</summary>
internal sealed class ConditionOptions
{
    private readonly Option<string[]> _programs;
    private readonly Option<string?> _hours;
    private readonly Option<string[]> _hosts;
    private readonly Option<string[]> _sessions;
    private readonly Option<bool> _online;
    private readonly Option<bool> _offline;

    public ConditionOptions(string prefix, string verb)
    {
        _programs = new Option<string[]>($"--{prefix}-program") { Description = $"{verb} in this program (see: program add).", HelpName = "PROGRAM" };
        _hours = new Option<string?>($"--{prefix}-hours") { Description = $"{verb} at these times: \"mon-fri 08:00-18:00, sat 09:00-12:00 Europe/Berlin\".", HelpName = "HOURS" };
        _hosts = new Option<string[]>($"--{prefix}-host") { Description = $"{verb} on this machine.", HelpName = "HOST" };
        _sessions = new Option<string[]>($"--{prefix}-session") { Description = $"{verb} for such sessions: console, remote, service.", HelpName = "KIND" };
        _online = new Option<bool>($"--{prefix}-online") { Description = $"{verb} while the machine reaches its control plane." };
        _offline = new Option<bool>($"--{prefix}-offline") { Description = $"{verb} while it does not." };
        _online.Validators.Add(r =>
        {
            if (r.GetResult(_offline) is { Implicit: false })
            {
                r.AddError($"--{prefix}-online and --{prefix}-offline together are never so.");
            }
        });
    }

    public Symbol[] All => [_programs, _hours, _hosts, _sessions, _online, _offline];

    /// <summary>What was given, or null for nothing.</summary>
    public ConditionRow? Read(ParseResult parse)
    {
        bool? online = parse.GetValue(_online) ? true : parse.GetValue(_offline) ? false : null;
        var row = new ConditionRow(parse.GetValue(_programs) ?? [], parse.GetValue(_hours), parse.GetValue(_hosts) ?? [], online, parse.GetValue(_sessions) ?? []);
        return row.IsEmpty ? null : row;
    }

    public static void Write(Utf8JsonWriter json, string name, ConditionRow? row)
    {
        if (row is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        Json.WriteTexts(json, "programs", row.Programs);
        json.WriteString("hours", row.Hours);
        Json.WriteTexts(json, "hosts", row.Hosts);
        if (row.Online is { } online)
        {
            json.WriteBoolean("online", online);
        }
        else
        {
            json.WriteNull("online");
        }

        Json.WriteTexts(json, "sessions", row.Sessions);
        json.WriteEndObject();
    }
}
