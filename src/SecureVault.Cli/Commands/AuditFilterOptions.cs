using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>The options that choose audit records.</summary>
internal sealed class AuditFilterOptions
{
    private readonly TimeProvider _clock;
    private readonly Option<string?> _user = new("--user") { Description = "Only of this user: name in the policy or on the machine, in any case.", HelpName = "USER" };
    private readonly Option<uint?> _uid = Parts.Number("--uid", "Only of this user number, in the policy or not.");
    private readonly Option<string?> _path = new("--path") { Description = "Only of this path inside the vault and what is below it; begins with /.", HelpName = "PATH" };
    private readonly Option<string?> _label = new("--label") { Description = "Only of this department and those below it, department:level, department:level:compartment, or unlabelled.", HelpName = "LABEL" };
    private readonly Option<string?> _program = new("--program") { Description = "Only by this program: its path or the last part of it.", HelpName = "PROGRAM" };
    private readonly Option<string?> _event;
    private readonly Option<string?> _since;
    private readonly Option<string?> _until;
    private readonly Option<bool> _denied = new("--denied") { Description = "Only what was refused." };
    private readonly Option<int?> _last = new("--last") { Description = "Only the last COUNT of them; what is before them is not read.", HelpName = "COUNT" };
    private readonly Option<bool> _own = OwnMounts();

    public AuditFilterOptions(TimeProvider clock)
    {
        _clock = clock;
        _event = Parts.OneOf("--event", "Only what happened so.", null, [.. AuditFilter.Events]);
        _event.HelpName = "EVENT";
        _since = Parts.Instant(clock, "--since", "Only from then on: 2026-12-31 (its beginning, UTC), 2026-12-31T18:00Z, or 7d, 24h, 30m ago.", Instants.TryParseStart);
        _until = Parts.Instant(clock, "--until", "Only up to then: 2026-12-31 (its end, UTC), 2026-12-31T18:00Z, or 7d, 24h, 30m ago.", Instants.TryParseUntil);
        Parts.BeginsWithSlash(_path, "--path");
        _last.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && !(int.TryParse(r.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0))
            {
                r.AddError($"--last takes a whole number from 1, not '{r.Tokens[0].Value}'.");
            }
        });
    }

    /// <summary>In the order of the help.</summary>
    public IEnumerable<Option> Options => [_user, _uid, _path, _label, _program, _event, _since, _until, _denied, _last, _own];

    public static Option<bool> OwnMounts() => new("--read-only-mounts") { Description = "What this machine recorded of read-only mounts of the vault and its copies, instead of the vault's log." };

    public AuditFilter Of(ParseResult parse)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        DateTimeOffset? since = parse.GetValue(_since) is { } from && Instants.TryParseStart(from, now, out DateTimeOffset start) ? start : null;
        DateTimeOffset? until = parse.GetValue(_until) is { } to && Instants.TryParseUntil(to, now, out DateTimeOffset end) ? end : null;
        return new AuditFilter(parse.GetValue(_user), parse.GetValue(_path), since, parse.GetValue(_denied))
        {
            Uid = parse.GetValue(_uid),
            Until = until,
            Event = parse.GetValue(_event),
            Label = parse.GetValue(_label),
            Executable = parse.GetValue(_program),
            Last = parse.GetValue(_last) ?? 0,
            Own = parse.GetValue(_own),
        };
    }
}
