using System;
using System.Linq;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Documents;

/// <summary>Edits of programs, rules, layers, locks and the attributes of levels. Names are taken as people type them and kept as the policy spells them.</summary>
public sealed partial class PolicyDocument
{
    /// <summary>The rule of that name, case ignored, or null.</summary>
    public Rule? FindRule(string name) => Rules.FirstOrDefault(r => PolicyName.Comparer.Equals(r.Name, name));

    /// <summary>The program of that name, case ignored, or null.</summary>
    public TrustedProgram? FindProgram(string name) => Programs.FirstOrDefault(p => PolicyName.Comparer.Equals(p.Name, name));

    /// <summary>Adds a rule, or puts it in place of the one of its name.</summary>
    public PolicyEdit SetRule(Rule rule) => Make(Next() with { Rules = [.. Rules.Where(r => !PolicyName.Comparer.Equals(r.Name, rule.Name)), Spelled(rule)] });

    public PolicyEdit RemoveRule(string name) => FindRule(name) is not { } rule
        ? Refuse($"Rule {name} does not exist; there is {Existing([.. Rules.Select(r => r.Name)])}.")
        : Make(Next() with { Rules = [.. Rules.Where(r => r != rule)] });

    /// <summary>Adds a program, or puts it in place of the one of its name.</summary>
    public PolicyEdit SetProgram(TrustedProgram program) =>
        Make(Next() with { Programs = [.. Programs.Where(p => !PolicyName.Comparer.Equals(p.Name, program.Name)), program] });

    /// <summary>Refused while a condition names it.</summary>
    public PolicyEdit RemoveProgram(string name)
    {
        if (FindProgram(name) is not { } program)
        {
            return Refuse($"Program {name} does not exist; there is {Existing([.. Programs.Select(p => p.Name)])}.");
        }

        string[] naming = [.. _content.NamingProgram(program.Name)];
        return naming.Length > 0
            ? Refuse($"Program {program.Name} is named by {Scopes.Listed(naming)}; take it away there first.")
            : Make(Next() with { Programs = [.. Programs.Where(p => p != program)] });
    }

    /// <summary>Changes the settings of a department; those that say nothing any more are gone.</summary>
    public PolicyEdit ChangeLayer(string department, Func<Layer, Layer> change)
    {
        if (!Index.TryDepartment(department, out string? known))
        {
            return Refuse($"Department {department} does not exist; there is {Existing(Departments)}.");
        }

        Layer? old = Layers.FirstOrDefault(l => l.Department == known);
        Layer changed = change(old ?? new Layer(known!, null, null, null, null));
        return Make(Next() with { Layers = [.. Layers.Where(l => l != old), changed with { ObservesUntil = PolicyContent.WholeSeconds(changed.ObservesUntil) }] });
    }

    /// <summary>Changes the attributes of a level; name and aliases stay.</summary>
    public PolicyEdit ChangeLevel(string name, Func<Level, Level> change) => FindLevel(name) is not { } level
        ? Refuse($"Level {name} does not exist; there is {Scopes.Listed(Index.LevelNames)}.")
        : Make(Next() with { Levels = [.. Levels.Select(l => l == level ? change(l) with { Name = l.Name, Aliases = l.Aliases } : l)] });

    /// <summary>What must be so for a user to get anything; null = nothing.</summary>
    public PolicyEdit SetUserConditions(string name, Conditions? when) => FindUser(name) is not { } user
        ? UnknownUser(name)
        : Replace(user, user with { When = when is null ? null : Spelled(when) });

    /// <summary>Locks somebody out, or puts the lock in place of the one of the same target.</summary>
    public PolicyEdit Lock(IncidentLock locked)
    {
        string name = locked.Kind switch
        {
            LockKind.User => FindUser(locked.Name)?.Name ?? locked.Name,
            LockKind.Department => Index.TryDepartment(locked.Name, out string? known) ? known! : locked.Name,
            _ => locked.Name,
        };
        IncidentLock spelled = locked with { Name = name, Since = PolicyContent.WholeSeconds(locked.Since)!.Value, Until = PolicyContent.WholeSeconds(locked.Until) };
        return Make(Next() with { Locks = [.. Locks.Where(l => !IsOf(l, spelled.Kind, name)), spelled] });
    }

    /// <summary>Takes a lock off.</summary>
    public PolicyEdit Unlock(LockKind kind, string name) => Locks.Any(l => IsOf(l, kind, name))
        ? Make(Next() with { Locks = [.. Locks.Where(l => !IsOf(l, kind, name))] })
        : Refuse($"There is no incident lock of {new IncidentLock(kind, name, "", "", default, null).Target}; there is {Existing([.. Locks.Select(l => l.Target)])}.");

    private static bool IsOf(IncidentLock locked, LockKind kind, string name) => locked.Kind == kind && PolicyName.Comparer.Equals(locked.Name, name);

    private Rule Spelled(Rule rule) => rule with
    {
        Labels = rule.Labels with
        {
            Department = Index.TryDepartment(rule.Labels.Department, out string? known) ? known! : rule.Labels.Department,
            From = LevelSpelled(rule.Labels.From),
            To = LevelSpelled(rule.Labels.To),
            Compartment = PolicyName.FoldCompartment(rule.Labels.Compartment),
        },
        Users = [.. rule.Users.Select(u => FindUser(u)?.Name ?? u)],
        Groups = [.. rule.Groups.Select(g => FindGroup(g)?.Name ?? g)],
        When = rule.When is null ? null : Spelled(rule.When),
        Unless = rule.Unless is null ? null : Spelled(rule.Unless),
    };

    private Conditions Spelled(Conditions conditions) => conditions with { Programs = [.. conditions.Programs.Select(p => FindProgram(p)?.Name ?? p)] };

    private string LevelSpelled(string level) => FindLevel(level)?.Name ?? level;
}
