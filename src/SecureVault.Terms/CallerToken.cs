using System;
using System.Collections.Generic;

namespace SecureVault.Terms;

/// <summary>A Windows identity as its token had it when a file was opened: SIDs only, no names. Immutable; compared by reference.</summary>
public sealed class CallerToken
{
    /// <param name="userSid">Spelled "S-1-...".</param>
    /// <param name="groupSids">Enabled groups; groups that the token has for denying only do not belong here.</param>
    /// <param name="logonId">The logon session (a LUID).</param>
    public CallerToken(string userSid, IReadOnlyList<string> groupSids, ulong logonId)
    {
        ArgumentNullException.ThrowIfNull(userSid);
        ArgumentNullException.ThrowIfNull(groupSids);
        UserSid = userSid;
        GroupSids = groupSids;
        LogonId = logonId;
    }

    public string UserSid { get; }
    public IReadOnlyList<string> GroupSids { get; }
    public ulong LogonId { get; }
}
