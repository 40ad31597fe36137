using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;

namespace SecureVault.Policy.Documents;

/// <summary>The rules of one document by whom they speak of; built once, read by any thread.</summary>
internal sealed class RuleIndex
{
    private const int MostLabels = 4096;
    private static readonly CompiledRule[] NoRules = [];

    private readonly CompiledRule[] _forAll;
    private readonly Dictionary<string, List<CompiledRule>> _byUser = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, CompiledRule[]> _byGid = [];
    private readonly Dictionary<string, CompiledRule[]> _byGroupSid = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, EffectiveLayer> _layers = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Label, CompiledRule[]> _byLabel = new();

    public RuleIndex(PolicyContent content)
    {
        var compiler = new RuleCompiler(content);
        CompiledRule[] all = [.. content.Rules.Select(compiler.Compile)];
        _forAll = [.. all.Where(r => r.Rule.IsForAll)];
        foreach (CompiledRule rule in all.Where(r => !r.Rule.IsForAll))
        {
            AddNamed(content, rule);
        }

        AddLayers(content);
        IsEmpty = all.Length == 0;
        SpeaksOfUnlabelled = all.Any(r => r.CoversUnlabelled);
        NeedsReason = all.Any(r => r.Rule.NeedsReason);
        Patterns = [.. all.Select(r => r.Rule.Path).Where(p => p.Length > 0).Distinct(StringComparer.Ordinal)];
        Conditions[] conditions = [.. AllConditions(content)];
        NeedsProgram = conditions.Any(c => c.Programs.Count > 0);
        NeedsTime = conditions.Any(c => c.Hours is not null) || Ends(content).Any(e => e is not null);
        HasStrictLevels = content.Levels.Any(l => l.Strict);
        NeedsSession = conditions.Any(c => c.Sessions.Count > 0);
        Locks = [.. content.Locks];
    }

    /// <summary>Whether there is no rule at all.</summary>
    public bool IsEmpty { get; }

    /// <summary>Whether some rule speaks of objects without a label.</summary>
    public bool SpeaksOfUnlabelled { get; }

    /// <summary>Each pattern of paths once.</summary>
    public string[] Patterns { get; }

    public bool NeedsTime { get; }

    public bool HasStrictLevels { get; }

    public bool NeedsReason { get; }

    public bool NeedsProgram { get; }

    public bool NeedsSession { get; }

    public IncidentLock[] Locks { get; }

    /// <summary>Rules for everybody that cover a label. rank: of the label's level, or -1 for no label.</summary>
    public CompiledRule[] ForAll(Label label, int rank)
    {
        if (_forAll.Length == 0)
        {
            return NoRules;
        }

        return _byLabel.TryGetValue(label, out CompiledRule[]? known) ? known : Remember(label, rank);
    }

    private CompiledRule[] Remember(Label label, int rank)
    {
        if (_byLabel.Count >= MostLabels)
        {
            _byLabel.Clear();
        }

        CompiledRule[] covering = [.. _forAll.Where(r => r.Covers(label, rank))];
        _byLabel[label] = covering;
        return covering;
    }

    /// <summary>Rules that name the user, or a group that lists the user.</summary>
    public CompiledRule[] OfUser(string name) => _byUser.TryGetValue(name, out List<CompiledRule>? rules) ? [.. rules] : NoRules;

    /// <summary>Rules that name the group of that number, or null.</summary>
    public CompiledRule[]? OfGid(uint gid) => _byGid.GetValueOrDefault(gid);

    /// <summary>Rules that name the group of that SID, or null.</summary>
    public CompiledRule[]? OfGroupSid(string sid) => _byGroupSid.GetValueOrDefault(sid);

    /// <summary>How strong the forces are for a department of the policy.</summary>
    public EffectiveLayer LayerOf(string department) => _layers.Count > 0 && _layers.TryGetValue(department, out EffectiveLayer layer) ? layer : default;

    private static IEnumerable<DateTimeOffset?> Ends(PolicyContent content) =>
        content.Users.Select(u => u.Expires)
            .Concat(content.Users.SelectMany(u => u.Grants).Concat(content.Groups.SelectMany(g => g.Grants)).Select(g => g.Expires))
            .Concat(content.Locks.Select(l => l.Until))
            .Concat(content.Layers.Select(l => l.ObservesUntil));

    private static IEnumerable<Conditions> AllConditions(PolicyContent content) =>
        content.Rules.SelectMany(r => new[] { r.When, r.Unless })
            .Concat(content.Users.Select(u => u.When))
            .Concat(content.Users.SelectMany(u => u.Grants).Concat(content.Groups.SelectMany(g => g.Grants)).Select(g => g.When))
            .OfType<Conditions>();

    private void AddNamed(PolicyContent content, CompiledRule rule)
    {
        var users = rule.Rule.Users.ToHashSet(StringComparer.Ordinal);
        foreach (Group group in content.Groups.Where(g => rule.Rule.Groups.Contains(g.Name)))
        {
            users.UnionWith(group.Members);
            if (group.Gid is { } gid)
            {
                _byGid[gid] = [.. _byGid.GetValueOrDefault(gid) ?? [], rule];
            }

            if (group.Sid is { } sid)
            {
                _byGroupSid[sid] = [.. _byGroupSid.GetValueOrDefault(sid) ?? [], rule];
            }
        }

        foreach (string user in users)
        {
            if (!_byUser.TryGetValue(user, out List<CompiledRule>? rules))
            {
                _byUser.Add(user, rules = []);
            }

            rules.Add(rule);
        }
    }

    /// <summary>Departments are sorted, so what is above one comes before it.</summary>
    private void AddLayers(PolicyContent content)
    {
        if (content.Layers.Count == 0)
        {
            return;
        }

        foreach (string department in content.Departments)
        {
            int cut = department.LastIndexOf('/');
            EffectiveLayer above = cut < 0 ? default : _layers[department[..cut]];
            Layer? own = content.Layers.FirstOrDefault(l => l.Department == department);
            _layers.Add(department, new EffectiveLayer(
                own?.Audit ?? above.Audit,
                own?.Observes is { } observes ? (observes ? own.ObservesUntil : null) : above.ObservesUntil,
                own?.Encryption ?? above.Encryption));
        }
    }
}

/// <summary>What holds for a department: its own settings, else those of the one above.</summary>
internal readonly record struct EffectiveLayer(AuditExtent Audit, DateTimeOffset? ObservesUntil, EncryptionMode? Encryption);
