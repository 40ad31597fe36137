using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>What must be so: everything that is named. Of programs, hosts and sessions, one of those listed.</summary>
/// <param name="Programs">Names of trusted programs; empty = any.</param>
/// <param name="Hours">Days and hours on a wall clock; null = any time.</param>
/// <param name="Hosts">Names of machines, case ignored; empty = any.</param>
/// <param name="Online">Whether the machine reaches its control plane; null = either.</param>
/// <param name="Sessions">"console", "remote", "service"; empty = any.</param>
public sealed record Conditions(IReadOnlyList<string> Programs, Hours? Hours, IReadOnlyList<string> Hosts, bool? Online, IReadOnlyList<string> Sessions)
{
    /// <summary>Nothing is asked.</summary>
    public static Conditions None { get; } = new([], null, [], null, []);

    public bool IsNone => Programs.Count == 0 && Hours is null && Hosts.Count == 0 && Online is null && Sessions.Count == 0;

    /// <summary>The kinds of sessions there are.</summary>
    public static IReadOnlyList<string> SessionKinds { get; } = ["console", "remote", "service"];

    /// <summary>As people read it: "in office, mon-fri 08:00-18:00 Europe/Berlin, on host pc7".</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Programs.Count > 0)
        {
            parts.Add("in " + string.Join(" or ", Programs));
        }

        if (Hours is not null)
        {
            parts.Add(Hours.ToString());
        }

        if (Hosts.Count > 0)
        {
            parts.Add("on " + string.Join(" or ", Hosts));
        }

        if (Online is { } online)
        {
            parts.Add(online ? "online" : "offline");
        }

        if (Sessions.Count > 0)
        {
            parts.Add($"from a {string.Join(" or ", Sessions)} session");
        }

        return string.Join(", ", parts);
    }
}
