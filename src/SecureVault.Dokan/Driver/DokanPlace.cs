namespace SecureVault.Dokan.Driver;

/// <summary>Where a drive is to be.</summary>
/// <param name="Letter">Such as "X:".</param>
/// <param name="Everyone">Shown in every session of the machine, not only in this one.</param>
/// <param name="MountManager">The system's mount manager knows it, and with it every session.</param>
public sealed record DokanPlace(string Letter, bool Everyone, bool MountManager);
