using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>A group: name, system identities, members by user name, grants.</summary>
public sealed record Group(string Name, uint? Gid, string? Sid, IReadOnlyList<string> Members, IReadOnlyList<Grant> Grants);
