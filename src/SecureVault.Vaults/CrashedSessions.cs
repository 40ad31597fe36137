using System.Collections.Frozen;
using System.Collections.Generic;
using SecureVault.Content;

namespace SecureVault.Vaults;

/// <summary>A fixed set of session numbers. Any thread.</summary>
internal sealed class CrashedSessions(IEnumerable<ulong> sessions) : ICrashedSessions
{
    private readonly FrozenSet<ulong> _sessions = sessions.ToFrozenSet();

    public bool Contains(ulong session) => _sessions.Contains(session);
}
