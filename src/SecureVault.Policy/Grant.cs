using System;

namespace SecureVault.Policy;

/// <summary>A grant: department (and all below it), highest level, compartment ("" = files without one, "*" = all), mode, expiry.</summary>
/// <remarks>The grant has expired at the instant Expires and after. Expires is UTC, whole seconds.</remarks>
public sealed record Grant(string Department, string Level, string Compartment, AccessMode Mode, DateTimeOffset? Expires)
{
    /// <summary>What must be so for the grant to give anything; null = nothing. What cannot be told is not so.</summary>
    public Conditions? When { get; init; }

    /// <summary>Spelled as on the command line: "finance:secret", "finance:secret:customer-7", "finance:secret:*".</summary>
    public string Scope => Compartment.Length == 0 ? $"{Department}:{Level}" : $"{Department}:{Level}:{Compartment}";
}
