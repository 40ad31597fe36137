using System;

namespace SecureVault.Policy;

/// <summary>What is recorded of what a department's people do.</summary>
public enum AuditExtent : byte
{
    All = 0,

    /// <summary>Reads that are allowed are not recorded.</summary>
    Changes = 1,

    /// <summary>Only what is denied, observed or of alert class.</summary>
    Denials = 2,
}

/// <summary>How strong the three forces are for a department and those below it. What is null is as the department above has it.</summary>
/// <param name="Department">A department of the policy.</param>
/// <param name="Audit">Null at the top: all.</param>
/// <param name="Observes">True: what would be denied is let through and marked, until ObservesUntil. Null at the top: false.</param>
/// <param name="ObservesUntil">When observing ends; not null where Observes is true.</param>
/// <param name="Encryption">Mandatory or optional, for new unlabelled files of folders of the department. Null at the top: as the folder has it.</param>
public sealed record Layer(string Department, AuditExtent? Audit, bool? Observes, DateTimeOffset? ObservesUntil, EncryptionMode? Encryption)
{
    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => Audit is null && Observes is null && Encryption is null;
}
