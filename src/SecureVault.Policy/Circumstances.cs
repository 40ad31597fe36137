using System;

namespace SecureVault.Policy;

/// <summary>What a decision knows beside who asks, for what and how. What is not known is left out, and then counts against who asks.</summary>
/// <param name="Now">UTC.</param>
public readonly record struct Circumstances(DateTimeOffset Now)
{
    public ProgramFacts Program { get; init; }

    /// <summary>Name of this machine; empty or null when not known.</summary>
    public string? Host { get; init; }

    /// <summary>Whether the machine reaches its control plane; null when nobody can tell.</summary>
    public bool? Online { get; init; }

    /// <summary>Kind of the session that asks: console, remote or service; empty or null when not known.</summary>
    public string? Session { get; init; }

    /// <summary>The reason that the user has given and that still stands; empty or null without one.</summary>
    public string? Reason { get; init; }

    /// <summary>Wall clocks; null when there are none.</summary>
    public IZones? Zones { get; init; }
}

/// <summary>The wall clocks of time zones. Any thread; does not allocate once a zone was asked for.</summary>
public interface IZones
{
    /// <summary>What a clock shows in a zone (a name of the IANA time zone database); false when this machine does not know the zone.</summary>
    bool TryLocal(string zone, DateTimeOffset now, out DateTime local);
}
