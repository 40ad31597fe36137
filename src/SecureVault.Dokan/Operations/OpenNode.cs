using System.Collections.Generic;
using SecureVault.FileSystem.Gate;

namespace SecureVault.Dokan.Operations;

/// <summary>An object that is open, or about to be. All of it under OpenNodes' lock.</summary>
internal sealed class OpenNode
{
    /// <summary>Handles that are not closed yet; those whose Create is still under way are not among them.</summary>
    public List<NtHandle> Handles { get; } = [];

    /// <summary>Opens that are not cleaned up yet, those under way included.</summary>
    public int Uses { get; set; }

    /// <summary>Handles that are not closed, those under way included; at 0 the entry goes.</summary>
    public int Lives { get; set; }

    public ShareCounts Shares;

    /// <summary>Of its names, at most one for each.</summary>
    public List<AskedDeletion> Deletions { get; } = [];

    /// <summary>Writes late pages for handles that could not write themselves; chosen once, released with the last handle of content.</summary>
    public OpenFile? Pager { get; set; }

    /// <summary>A rename is about to replace it.</summary>
    public bool Replacing { get; set; }
}
