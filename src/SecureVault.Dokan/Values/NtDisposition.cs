namespace SecureVault.Dokan.Values;

/// <summary>What a Create does when the name exists and when it does not (wdm.h, FILE_SUPERSEDE and the following).</summary>
public enum NtDisposition : uint
{
    /// <summary>Empties what exists, with new attributes; else makes it.</summary>
    Supersede = 0,

    /// <summary>Opens what exists.</summary>
    Open = 1,

    /// <summary>Makes; fails when the name exists.</summary>
    Create = 2,

    /// <summary>Opens what exists, else makes it.</summary>
    OpenIf = 3,

    /// <summary>Empties what exists.</summary>
    Overwrite = 4,

    /// <summary>Empties what exists, else makes it.</summary>
    OverwriteIf = 5,
}
