namespace SecureVault.Service.Machines;

/// <summary>A user as the system tells users apart.</summary>
/// <param name="Uid">Number on Linux, else null.</param>
/// <param name="Sid">Security identifier on Windows, else empty.</param>
/// <param name="IsAdministrator">root, or an elevated administrator: its drives serve every user.</param>
internal sealed record Account(uint? Uid, string Sid, bool IsAdministrator);
