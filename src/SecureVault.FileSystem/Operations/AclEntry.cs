namespace SecureVault.FileSystem.Operations;

/// <summary>Whom an entry of an access control list is for; the numbers are Linux's (linux/posix_acl.h), and their order is that of a list.</summary>
internal enum AclTag : ushort
{
    Owner = 0x01,
    User = 0x02,
    OwningGroup = 0x04,
    Group = 0x08,
    Mask = 0x10,
    Other = 0x20,
}

/// <summary>One entry of an access control list.</summary>
/// <param name="Permissions">Read 4, write 2, execute 1.</param>
/// <param name="Id">The user's or group's number; without meaning for the other tags.</param>
internal readonly record struct AclEntry(AclTag Tag, uint Permissions, uint Id)
{
    public bool IsNamed => Tag is AclTag.User or AclTag.Group;
}
