using System;

namespace SecureVault.Service.Administration;

/// <summary>A value that is to be set; one that is not given leaves what is there.</summary>
public readonly record struct Given<T>(bool IsGiven, T Value)
{
    /// <summary>What holds afterwards.</summary>
    public T Or(T now) => IsGiven ? Value : now;
}

/// <summary>What is to be changed of a user. Null values take away: no uid, no SID, no end.</summary>
public sealed record UserChange
{
    public Given<uint?> Uid { get; init; }
    public Given<string?> Sid { get; init; }
    public Given<DateTimeOffset?> Expires { get; init; }

    /// <summary>mandatory, optional or read-only; null leaves it.</summary>
    public string? Encryption { get; init; }
}

/// <summary>What is to be changed of a group. Null values take away.</summary>
public sealed record GroupChange
{
    public Given<uint?> Gid { get; init; }
    public Given<string?> Sid { get; init; }
}
