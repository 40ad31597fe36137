namespace SecureVault.Service.Kernels;

/// <summary>A drive that the system shows mounted and that no found drive answers for.</summary>
/// <param name="Owner">Number of the user who mounted it; null when the system does not say.</param>
internal sealed record UnansweredPlace(string MountPoint, uint? Owner, PlaceState State);

/// <summary>What can be said of it from outside.</summary>
internal enum PlaceState : byte
{
    /// <summary>It is served, and does not answer commands.</summary>
    Silent,

    /// <summary>Its process has died.</summary>
    Dead,

    /// <summary>Another user's: it answers its owner and administrators alone.</summary>
    Foreign,
}
