using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Service.Native;
using SecureVault.Vaults;

namespace SecureVault.Service.Administration;

/// <summary>Rules, programs and incident locks of one unlocked vault. Each call is complete in itself; a running drive follows at the next open.</summary>
/// <remarks>One thread.</remarks>
public sealed class VaultRules
{
    /// <summary>Says that a department has nothing of its own, and is as the one above.</summary>
    private const string AsAbove = "as-above";

    private readonly Func<PolicyDocument> _policy;
    private readonly Func<Func<PolicyDocument, PolicyEdit>, string, VaultResult> _edit;
    private readonly TimeProvider _clock;

    internal VaultRules(Func<PolicyDocument> policy, Func<Func<PolicyDocument, PolicyEdit>, string, VaultResult> edit, TimeProvider clock)
    {
        _policy = policy;
        _edit = edit;
        _clock = clock;
    }

    /// <summary>Adds a rule, or puts it in place of the one of its name. Usage for what is no rule, and for a time zone that this machine does not know.</summary>
    public VaultResult Set(RuleRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (!TryRule(row, out Rule? rule, out string problem))
        {
            return new VaultResult(VaultError.Usage, problem);
        }

        string verb = _policy().FindRule(row.Name) is null ? "add" : "set";
        return _edit(p => p.SetRule(rule!), $"rule {verb} {row.Name}");
    }

    public VaultResult Remove(string name) => _edit(p => p.RemoveRule(name), $"rule remove {name}");

    public IReadOnlyList<RuleRow> Rules() => [.. _policy().Rules.Select(RowOf)];

    /// <summary>Adds a program, or puts it in place of the one of its name.</summary>
    public VaultResult SetProgram(string name, IReadOnlyList<string> paths, IReadOnlyList<string> scripts)
    {
        var images = new List<Digest256>();
        var texts = new List<Digest256>();
        foreach (string path in paths)
        {
            VaultResult read = ProgramFiles.TryRead(path, scripts.Count > 0, out Digest256 digest);
            if (!read.IsOk)
            {
                return read;
            }

            images.Add(digest);
        }

        foreach (string path in scripts)
        {
            VaultResult read = ProgramFiles.TryReadScript(path, out Digest256 digest);
            if (!read.IsOk)
            {
                return read;
            }

            texts.Add(digest);
        }

        string verb = _policy().FindProgram(name) is null ? "add" : "refresh";
        var program = new TrustedProgram(name, [.. images.Distinct()], [.. paths.Distinct()], [.. texts.Distinct()], [.. scripts.Distinct()]);
        return _edit(p => p.SetProgram(program), $"program {verb} {name}");
    }

    /// <summary>Reads a program's files anew; what was allowed before is kept too where keep is set.</summary>
    public VaultResult RefreshProgram(string name, bool keep)
    {
        if (_policy().FindProgram(name) is not { } old)
        {
            return new VaultResult(VaultError.Failed, $"program {name} does not exist; {PolicyRows.Existing(_policy().Programs.Select(p => p.Name))}");
        }

        VaultResult result = SetProgram(old.Name, old.Paths, old.ScriptPaths);
        return result.IsOk && keep
            ? _edit(p => p.SetProgram(p.FindProgram(name)! is var now ? now with { Images = [.. now.Images.Union(old.Images)], Scripts = [.. now.Scripts.Union(old.Scripts)] } : old), $"program refresh {name}, the former kept")
            : result;
    }

    public VaultResult RemoveProgram(string name) => _edit(p => p.RemoveProgram(name), $"program remove {name}");

    public IReadOnlyList<ProgramRow> Programs() =>
        [.. _policy().Programs.Select(p => new ProgramRow(p.Name, [.. p.Images.Select(d => d.ToString())], p.Paths, [.. p.Scripts.Select(d => d.ToString())], p.ScriptPaths))];

    /// <summary>Shuts somebody out at once, open files included. kind: all, user, department or host.</summary>
    public VaultResult Lock(string kind, string name, string because, string by, DateTimeOffset? until) => Spelling.TryLockKind(kind, out LockKind known)
        ? _edit(p => p.Lock(new IncidentLock(known, name, because, by, _clock.GetUtcNow(), until)), $"incident lock {kind} {name}".TrimEnd())
        : new VaultResult(VaultError.Usage, $"there is no incident lock of a {kind}; there is all, user, department, host");

    /// <summary>Takes a lock off.</summary>
    public VaultResult Unlock(string kind, string name, string because) => Spelling.TryLockKind(kind, out LockKind known)
        ? _edit(p => p.Unlock(known, name), $"incident unlock {kind} {name}: {because}")
        : new VaultResult(VaultError.Usage, $"there is no incident lock of a {kind}; there is all, user, department, host");

    public IReadOnlyList<LockRow> Locks() => [.. _policy().Locks.Select(l => new LockRow(Spelling.Of(l.Kind), l.Name, l.Because, l.By, l.Since, l.Until))];

    /// <summary>Changes what a level asks for; null leaves it. hosts: machines on which nothing of it is given out, in place of those before.</summary>
    public VaultResult MarkLevel(string level, bool? strict, IReadOnlyList<string>? hosts) =>
        _edit(p => p.ChangeLevel(level, l => l with { Strict = strict ?? l.Strict, NotOnHosts = hosts ?? l.NotOnHosts }), $"level mark {level}");

    /// <summary>Changes what is recorded of a department and those below it, and whether what is refused goes on; null leaves it. access: enforce, observe (needs until) or as-above.</summary>
    public VaultResult SetDepartment(string department, string? audit, string? access, DateTimeOffset? until)
    {
        AuditExtent extent = default;
        if (audit is not (null or AsAbove) && !Spelling.TryExtent(audit, out extent))
        {
            return new VaultResult(VaultError.Usage, $"there is no extent {audit} of the audit; there is all, changes, denials, {AsAbove}");
        }

        bool? observes = access switch { "observe" => true, "enforce" => false, _ => null };
        Layer Changed(Layer layer) => layer with
        {
            Audit = audit switch { null => layer.Audit, AsAbove => null, _ => extent },
            Observes = access is null ? layer.Observes : observes,
            ObservesUntil = access is null ? layer.ObservesUntil : observes == true ? until : null,
        };
        return _edit(p => p.ChangeLayer(department, Changed), $"department set {department}");
    }

    /// <summary>What departments have of their own.</summary>
    public IReadOnlyList<LayerRow> Layers() =>
        [.. _policy().Layers.Select(l => new LayerRow(l.Department, l.Audit is { } audit ? Spelling.Of(audit) : AsAbove, l.Observes switch { true => "observe", false => "enforce", _ => AsAbove }, l.ObservesUntil))];

    private static bool TryRule(RuleRow row, out Rule? rule, out string problem)
    {
        rule = null;
        Conditions? unless = null;
        if (!LabelRange.TryParse(row.Label, out LabelRange range, out problem) || !TryActions(row.Actions, out RuleActions actions, out problem)
            || !TryConditions(row.When, out Conditions? when, out problem) || !TryConditions(row.Unless, out unless, out problem))
        {
            return false;
        }

        AccessMode ceiling = AccessMode.Denied;
        if (row.Ceiling != Spelling.Of(AccessMode.Denied) && !Spelling.TryMode(row.Ceiling, out ceiling))
        {
            problem = $"ceiling {row.Ceiling} does not exist; there is denied, read-only, plaintext";
            return false;
        }

        rule = new Rule(row.Name, range, row.Path, row.Users, row.Groups, actions, when, unless, ceiling, row.Say, row.Notify, row.NeedsReason);
        return true;
    }

    private static bool TryActions(IReadOnlyList<string> names, out RuleActions actions, out string problem)
    {
        actions = names.Count == 0 ? RuleActions.Usual : RuleActions.None;
        problem = "";
        foreach (string name in names)
        {
            if (!Spelling.TryAction(name, out AccessAction action))
            {
                problem = $"there is no action {name}; there is {string.Join(", ", Spelling.Actions.Select(Spelling.Of))}";
                return false;
            }

            actions |= (RuleActions)(1 << (int)action);
        }

        return true;
    }

    private static bool TryConditions(ConditionRow? row, out Conditions? conditions, out string problem)
    {
        conditions = null;
        problem = "";
        if (row is null or { IsEmpty: true })
        {
            return true;
        }

        Hours? hours = null;
        if (row.Hours is { } text && !Hours.TryParse(text, out hours, out problem))
        {
            return false;
        }

        if (hours is not null && !WallClocks.Knows(hours.Zone))
        {
            problem = $"this machine knows no time zone {hours.Zone}; write one of the IANA database, for example Europe/Berlin, Asia/Shanghai or UTC (on Linux they are in /usr/share/zoneinfo, package tzdata)";
            return false;
        }

        conditions = new Conditions(row.Programs, hours, row.Hosts, row.Online, row.Sessions);
        return true;
    }

    private static RuleRow RowOf(Rule rule) => new(
        rule.Name, rule.Labels.ToString(), rule.Path, rule.Users, rule.Groups,
        [.. Spelling.Actions.Where(a => rule.Actions.HasFlag((RuleActions)(1 << (int)a))).Select(Spelling.Of)],
        RowOf(rule.When), RowOf(rule.Unless), Spelling.Of(rule.Ceiling), rule.Say, rule.Notify, rule.NeedsReason)
    {
        Summary = string.Join(", ", new[] { rule.When is null ? "" : $"when {rule.When}", rule.Unless is null ? "" : $"unless {rule.Unless}", rule.NeedsReason ? "unless a reason is given" : "" }.Where(t => t.Length > 0)),
    };

    private static ConditionRow? RowOf(Conditions? conditions) =>
        conditions is null ? null : new ConditionRow(conditions.Programs, conditions.Hours?.ToString(), conditions.Hosts, conditions.Online, conditions.Sessions);
}
