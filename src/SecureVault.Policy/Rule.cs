using System;
using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>What a rule speaks of: labels of a department and those below it, between two levels, of one compartment or all.</summary>
/// <param name="Department">Empty = every department.</param>
/// <param name="From">Lowest level; empty = the lowest there is.</param>
/// <param name="To">Highest level; empty = the highest there is.</param>
/// <param name="Compartment">"*" = all and labels without one.</param>
public sealed record LabelRange(string Department, string From, string To, string Compartment)
{
    /// <summary>Everything, what has no label too.</summary>
    public static LabelRange All { get; } = new("", "", "", "*");

    /// <summary>Reads what ToString wrote, and "finance" for all its levels; false with a sentence for anything else. Whether the names exist is for the policy to say.</summary>
    /// <remarks>"finance:secret" is from secret up, "finance:secret..secret" that level alone, "finance:..internal" up to internal.</remarks>
    public static bool TryParse(string text, out LabelRange range, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        string levels = parts.Length > 1 ? parts[1] : "*";
        int dots = levels.IndexOf("..", StringComparison.Ordinal);
        (string from, string to) = levels == "*" ? ("", "") : dots < 0 ? (levels, "") : (levels[..dots], levels[(dots + 2)..]);
        range = new LabelRange(parts[0] == "*" ? "" : parts[0], from, to, parts.Length == 3 ? parts[2] : "*");
        bool sound = parts.Length <= 3 && Array.TrueForAll(parts, p => p.Length > 0) && levels != "..";
        problem = sound ? "" : $"'{text}' is no range of labels; write finance, finance:secret (from secret up), finance:internal..secret, *:secret or *.";
        return sound;
    }

    /// <summary>As it is typed: "finance:secret", "finance:internal..secret", "*:secret", "finance:*:customer-7".</summary>
    public override string ToString()
    {
        string levels = From.Length == 0 && To.Length == 0 ? "*" : To.Length == 0 ? From : $"{From}..{To}";
        string text = $"{(Department.Length == 0 ? "*" : Department)}:{levels}";
        return Compartment == "*" ? text : $"{text}:{Compartment}";
    }
}

/// <summary>The actions a rule speaks of.</summary>
[Flags]
public enum RuleActions : byte
{
    None = 0,
    Read = 1 << AccessAction.Read,
    Write = 1 << AccessAction.Write,
    List = 1 << AccessAction.List,
    Create = 1 << AccessAction.Create,
    Rename = 1 << AccessAction.Rename,
    Delete = 1 << AccessAction.Delete,
    Relabel = 1 << AccessAction.Relabel,

    /// <summary>All but listing: what a folder holds is no content, and programs that open files show folders first.</summary>
    Usual = Read | Write | Create | Rename | Delete | Relabel,
}

/// <summary>Takes rights away, never gives one: lowers what the best grant gives to its ceiling wherever it applies.</summary>
/// <param name="Name">Shares no list with users and groups.</param>
/// <param name="Labels">Which labels.</param>
/// <param name="Path">Pattern of paths inside the vault (PathGlob), or empty.</param>
/// <param name="Users">Users it speaks of; with Groups empty too: everybody.</param>
/// <param name="Groups">Groups whose members it speaks of.</param>
/// <param name="Actions">Which actions.</param>
/// <param name="When">Applies only when all of it is so, or cannot be told; null = always.</param>
/// <param name="Unless">Does not apply when all of it is so for certain; null = no exception.</param>
/// <param name="Ceiling">The most that is left. Plaintext: nothing is taken away, but Notify stands.</param>
/// <param name="Say">A sentence for the user, or empty.</param>
/// <param name="Notify">What it concerns is of alert class in the log.</param>
/// <param name="NeedsReason">Does not apply to who has given a reason that stands.</param>
public sealed record Rule(string Name, LabelRange Labels, string Path, IReadOnlyList<string> Users, IReadOnlyList<string> Groups, RuleActions Actions, Conditions? When, Conditions? Unless, AccessMode Ceiling, string Say, bool Notify, bool NeedsReason)
{
    /// <summary>UTF-16 units of the longest sentence.</summary>
    public const int MaxSay = 200;

    /// <summary>Whether it speaks of everybody.</summary>
    public bool IsForAll => Users.Count == 0 && Groups.Count == 0;
}
