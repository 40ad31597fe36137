namespace SecureVault.Terms;

/// <summary>Which of an object's access control lists.</summary>
public enum AclKind : byte
{
    /// <summary>Who may use it.</summary>
    Access,

    /// <summary>Of a folder: what is made in it begins with.</summary>
    Default,
}
