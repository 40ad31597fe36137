namespace SecureVault.Terms;

/// <summary>What somebody may do with an object by its label. Ordered: higher is more.</summary>
public enum AccessRight : byte
{
    None = 0,

    /// <summary>Read content, list a folder.</summary>
    Read = 1,

    /// <summary>Everything.</summary>
    ReadWrite = 2,
}

/// <summary>What one identity of the policy may do.</summary>
/// <param name="Sid">A user's or a group's.</param>
/// <param name="Right">Never None.</param>
public readonly record struct SidRight(string Sid, AccessRight Right);
