namespace SecureVault.Dokan;

/// <summary>What a drive on Windows says of itself.</summary>
public sealed record NtDriveOptions
{
    /// <summary>Volume label, at most 32 characters.</summary>
    public string Label { get; init; } = "SecureVault";

    /// <summary>Volume serial number: taken from the vault's id by the host.</summary>
    public uint Serial { get; init; }

    /// <summary>
    /// SID that owns every object where the policy knows no better: of the user or service that runs the drive. Administrators by default.
    /// </summary>
    public string OwnerSid { get; init; } = "S-1-5-32-544";
}
