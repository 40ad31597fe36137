using System;
using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>A user: name, system identities, expiry, encryption mode, grants.</summary>
public sealed record User(string Name, uint? Uid, string? Sid, DateTimeOffset? Expires, EncryptionMode Encryption, IReadOnlyList<Grant> Grants)
{
    /// <summary>What must be so for the user to get anything at all, through groups too; null = nothing. What cannot be told is not so.</summary>
    public Conditions? When { get; init; }
}
