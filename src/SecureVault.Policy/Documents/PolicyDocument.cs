using System;
using System.Collections.Generic;

namespace SecureVault.Policy.Documents;

/// <summary>The whole policy: immutable, versioned. Edits give a new document with the next version, or a message saying what is wrong.</summary>
/// <remarks>Any thread. Lookups by uid, gid and name are indexed. Serialized as JSON; the envelope signs and seals it.</remarks>
public sealed partial class PolicyDocument
{
    private readonly PolicyContent _content;

    private PolicyDocument(PolicyContent content, bool closed = false)
    {
        _content = content;
        IsClosed = closed;
        Index = new PolicyIndex(content);
    }

    public ulong Version => _content.Version;

    /// <summary>The least keyring version this policy goes with: an older keyring put back is refused.</summary>
    public ulong KeyringVersion => _content.KeyringVersion;

    /// <summary>Grows when labels of folders or files were changed: a drive drops what it remembers of labels.</summary>
    public ulong LabelEpoch => _content.LabelEpoch;

    /// <summary>The least version of the list of given labels that this policy goes with: an older list put back is refused. 0 = none is needed.</summary>
    public ulong LabelsVersion => _content.LabelsVersion;

    /// <summary>Ascending: the least sensitive first.</summary>
    public IReadOnlyList<Level> Levels => _content.Levels;

    /// <summary>Paths, sorted; each has its parents in the list.</summary>
    public IReadOnlyList<string> Departments => _content.Departments;

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<User> Users => _content.Users;

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<Group> Groups => _content.Groups;

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<TrustedProgram> Programs => _content.Programs;

    /// <summary>Sorted by name; their order means nothing.</summary>
    public IReadOnlyList<Rule> Rules => _content.Rules;

    /// <summary>Sorted by department.</summary>
    public IReadOnlyList<Layer> Layers => _content.Layers;

    /// <summary>Incident locks, those that have ended too, until somebody takes them off.</summary>
    public IReadOnlyList<IncidentLock> Locks => _content.Locks;

    /// <summary>Whether content of a label is kept in no cache of the system's.</summary>
    public bool IsStrict(Label label) => Index.Rules.HasStrictLevels && !label.IsNone && Index.TryRank(label.Level, out int rank) && Levels[rank].Strict;

    /// <summary>Whether what it gives may change as time goes on: something ends, or depends on hours.</summary>
    public bool DependsOnTime => Index.Rules.NeedsTime;

    /// <summary>Whether there is any rule.</summary>
    public bool HasRules => !Index.Rules.IsEmpty;

    /// <summary>Whether something depends on the program that asks.</summary>
    public bool AsksForPrograms => Index.Rules.NeedsProgram;

    /// <summary>Whether something depends on an object's path.</summary>
    public bool AsksForPaths => Index.Rules.Patterns.Length > 0;

    /// <summary>Which of the policy's patterns of paths cover a path: all that a decision takes from it, so decisions on paths with the same set are the same. Does not allocate.</summary>
    /// <param name="path">Empty = not known; then all do.</param>
    /// <returns>False when there are too many patterns to tell them in one number.</returns>
    public bool TryPatternsOf(ReadOnlySpan<char> path, out ulong patterns)
    {
        string[] all = Index.Rules.Patterns;
        patterns = 0;
        if (all.Length > 64)
        {
            return false;
        }

        for (int i = 0; i < all.Length; i++)
        {
            patterns |= path.IsEmpty || PathGlob.Covers(all[i], path) ? 1UL << i : 0;
        }

        return true;
    }

    /// <summary>Whether something depends on the kind of session that asks.</summary>
    public bool AsksForSessions => Index.Rules.NeedsSession;

    /// <summary>Whether some rule lets go on who gives a reason.</summary>
    public bool AsksForReasons => Index.Rules.NeedsReason;

    /// <summary>Stands for a policy that cannot be read: the same words, and nothing is granted.</summary>
    public bool IsClosed { get; }

    internal PolicyIndex Index { get; }

    /// <summary>This policy with nothing granted, for as long as the one in force cannot be read.</summary>
    public PolicyDocument Closed() => new(_content, closed: true);

    /// <summary>Version 1: five levels with their Chinese aliases, nothing else.</summary>
    public static PolicyDocument Initial() => new(new PolicyContent(
        Version: 1,
        KeyringVersion: 0,
        LabelEpoch: 0,
        LabelsVersion: 0,
        Levels:
        [
            new Level("public", ["公开"]),
            new Level("internal", ["内部"]),
            new Level("confidential", ["秘密"]),
            new Level("secret", ["机密"]),
            new Level("top-secret", ["绝密"]),
        ],
        Departments: [],
        Users: [],
        Groups: []));

    /// <summary>Reads what ToJson wrote, and nothing else: a byte that ToJson would have written differently makes it false.</summary>
    /// <remarks>Never throws for hostile input; every invariant of a policy is checked again.</remarks>
    public static bool TryParse(ReadOnlySpan<byte> json, out PolicyDocument? policy)
    {
        policy = null;
        if (PolicyJson.TryRead(json) is not { } content || PolicyInvariants.FirstBroken(content) is not null)
        {
            return false;
        }

        var read = new PolicyDocument(content.Sorted());
        if (!json.SequenceEqual(read.ToJson()))
        {
            return false;
        }

        policy = read;
        return true;
    }

    /// <summary>True for what TryParse refuses because a later version of the program wrote it.</summary>
    public static bool IsOfLaterFormat(ReadOnlySpan<byte> json) => PolicyJson.IsOfLaterFormat(json);

    /// <summary>Canonical UTF-8 JSON: one document has one spelling.</summary>
    public byte[] ToJson() => PolicyJson.Write(_content);

    /// <summary>Canonical label for what a person typed (aliases, case of levels); error says which part is unknown and what exists.</summary>
    public bool TryResolve(string text, out Label? label, out string? error)
    {
        label = null;
        if (!Scopes.TryResolve(Index, text, allowAll: false, out var scope, out error))
        {
            return false;
        }

        label = new Label(scope.Department, scope.Level, scope.Compartment);
        return true;
    }

    /// <summary>Name of the user of that uid or, without a uid, of that SID; empty when there is none.</summary>
    public string NameOf(uint? uid, string? sid) => Index.Find(new Subject(uid, sid, []))?.User.Name ?? "";

    /// <summary>The user of that name, case ignored, or null.</summary>
    public User? FindUser(string name) => Index.UserNamed(name);

    /// <summary>The group of that name, case ignored, or null.</summary>
    public Group? FindGroup(string name) => Index.GroupNamed(name);

    /// <summary>The policy's spelling of a level's name or alias, or null.</summary>
    public Level? FindLevel(string nameOrAlias) => Index.TryRank(nameOrAlias, out int rank) ? Levels[rank] : null;

    /// <summary>Checked in the order of the edit, so that what was there before is named as what was there before.</summary>
    private static PolicyEdit Make(PolicyContent content) =>
        PolicyInvariants.FirstBroken(content) is { } error ? new PolicyEdit(null, error) : new PolicyEdit(new PolicyDocument(content.Sorted()), null);
}

/// <summary>Result of an edit: a new document, or an error for the person who asked.</summary>
public readonly record struct PolicyEdit(PolicyDocument? Policy, string? Error);
