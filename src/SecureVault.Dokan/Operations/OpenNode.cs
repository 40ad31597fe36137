using System.Collections.Generic;

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

    /// <summary>Removed when the last use ends; nobody may open it meanwhile.</summary>
    public bool DeletePending { get; set; }

    /// <summary>A rename is about to replace it.</summary>
    public bool Replacing { get; set; }
}
