using System.Collections.Generic;

namespace SecureVault.Dokan.Requestors;

/// <summary>What tells two tokens apart without reading their groups.</summary>
/// <param name="TokenId">The token itself (TOKEN_STATISTICS.TokenId): a restricted token shares its logon session with the full one.</param>
/// <param name="ModifiedId">Changes whenever the token's groups are adjusted (TOKEN_STATISTICS.ModifiedId).</param>
/// <param name="LogonId">Logon session (TOKEN_STATISTICS.AuthenticationId).</param>
/// <param name="UserSid">Spelled "S-1-...".</param>
public readonly record struct TokenKey(ulong TokenId, ulong ModifiedId, ulong LogonId, string UserSid);

/// <summary>What may be done with a token (SECURITY_IMPERSONATION_LEVEL), and the token of a process, with which everything may.</summary>
public enum TokenLevel
{
    Anonymous,
    Identification,
    Impersonation,
    Delegation,
    Primary,
}

/// <summary>An open token of the process that asks. Only SIDs are read: a look-up of names may take seconds.</summary>
public interface ITokenReader
{
    /// <summary>False when the token cannot be read.</summary>
    bool TryReadKey(out TokenKey key, out TokenLevel level);

    /// <summary>Enabled groups, without those that are there for denying only. Null when they cannot be read.</summary>
    IReadOnlyList<string>? ReadGroups();
}
