using System;

namespace SecureVault.Policy;

/// <summary>Whom an incident lock shuts out.</summary>
public enum LockKind : byte
{
    /// <summary>Everybody, everywhere.</summary>
    All = 0,

    /// <summary>One user of the policy.</summary>
    User = 1,

    /// <summary>All files of a department and those below it.</summary>
    Department = 2,

    /// <summary>All that is asked on one machine.</summary>
    Host = 3,
}

/// <summary>Shuts somebody out of everything labelled, at once, until it is taken off.</summary>
/// <param name="Kind">Whom.</param>
/// <param name="Name">The user, department or host; empty for all.</param>
/// <param name="Because">Why, for people.</param>
/// <param name="By">Who did it.</param>
/// <param name="Since">When; UTC, whole seconds.</param>
/// <param name="Until">When it ends by itself, exclusive; null = when somebody takes it off.</param>
public sealed record IncidentLock(LockKind Kind, string Name, string Because, string By, DateTimeOffset Since, DateTimeOffset? Until)
{
    /// <summary>As it is typed and told: "all", "user bob".</summary>
    public string Target => Kind == LockKind.All ? "all" : $"{Spelling.Of(Kind)} {Name}";
}
