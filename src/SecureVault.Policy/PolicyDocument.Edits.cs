using System;
using System.Collections.Generic;

namespace SecureVault.Policy;

public sealed partial class PolicyDocument
{
    public PolicyEdit AddDepartment(string path) => throw new NotSupportedException();
    public PolicyEdit RemoveDepartment(string path) => throw new NotSupportedException();

    /// <summary>Replaces the list of levels; each item "name" or "name=alias,alias"; a level that a grant names must stay.</summary>
    public PolicyEdit SetLevels(IReadOnlyList<string> items) => throw new NotSupportedException();
    public PolicyEdit AddUser(string name, uint? uid, string? sid, DateTimeOffset? expires, EncryptionMode encryption) => throw new NotSupportedException();
    public PolicyEdit RemoveUser(string name) => throw new NotSupportedException();
    public PolicyEdit AddGroup(string name, uint? gid, string? sid) => throw new NotSupportedException();
    public PolicyEdit RemoveGroup(string name) => throw new NotSupportedException();
    public PolicyEdit AddMember(string group, string user) => throw new NotSupportedException();
    public PolicyEdit RemoveMember(string group, string user) => throw new NotSupportedException();

    /// <summary>Adds or replaces the grant of the same department, level and compartment. scope is "department:level[:compartment]".</summary>
    public PolicyEdit GrantUser(string user, string scope, AccessMode mode, DateTimeOffset? expires) => throw new NotSupportedException();
    public PolicyEdit RevokeUser(string user, string scope) => throw new NotSupportedException();
    public PolicyEdit GrantGroup(string group, string scope, AccessMode mode, DateTimeOffset? expires) => throw new NotSupportedException();
    public PolicyEdit RevokeGroup(string group, string scope) => throw new NotSupportedException();

    /// <summary>The next version with LabelEpoch + 1 and the given keyring version.</summary>
    public PolicyDocument WithLabelsChanged(ulong keyringVersion) => throw new NotSupportedException();
}
