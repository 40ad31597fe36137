using System;

namespace SecureVault.Policy.Decisions;

/// <summary>What a decision is asked about. On the stack, so the path may be too.</summary>
public readonly ref struct AccessRequest
{
    public required Subject Subject { get; init; }
    public required Label Label { get; init; }
    public required AccessAction Action { get; init; }
    public required Circumstances At { get; init; }

    /// <summary>Path inside the vault, beginning with /; empty when it is not known, and then every pattern of paths covers it.</summary>
    public ReadOnlySpan<char> Path { get; init; }
}
