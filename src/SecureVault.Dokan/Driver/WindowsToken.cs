using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Security.Principal;
using SecureVault.Dokan.Native;
using SecureVault.Dokan.Requestors;

namespace SecureVault.Dokan.Driver;

/// <summary>A token that the driver opened for the process that asks. Borrows the identity. Reads SIDs, never names.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsToken(WindowsIdentity identity) : ITokenReader
{
    public bool TryReadKey(out TokenKey key, out TokenLevel level)
    {
        key = default;
        level = TokenLevel.Anonymous;
        TOKEN_STATISTICS statistics;
        if (identity.User is not { } user || !AdvApi32.GetTokenInformation(identity.AccessToken, AdvApi32.TokenStatistics, &statistics, (uint)sizeof(TOKEN_STATISTICS), out _))
        {
            return false;
        }

        level = statistics.TokenType == AdvApi32.TokenPrimary ? TokenLevel.Primary : (TokenLevel)Math.Clamp(statistics.ImpersonationLevel, (int)TokenLevel.Anonymous, (int)TokenLevel.Delegation);
        key = new TokenKey(statistics.TokenId, statistics.ModifiedId, statistics.AuthenticationId, user.Value);
        return true;
    }

    /// <summary>Groups gives those that are enabled: what a token has for denying only, it leaves out.</summary>
    public IReadOnlyList<string>? ReadGroups() => identity.Groups?.Select(group => group.Value).ToArray();
}
