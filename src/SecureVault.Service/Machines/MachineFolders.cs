namespace SecureVault.Service.Machines;

/// <summary>Full paths.</summary>
/// <param name="State">What this machine saw of each vault.</param>
/// <param name="Log">The operational log.</param>
/// <param name="Run">Where drives are found.</param>
/// <param name="SettingsFile">Read when it exists and no other is named.</param>
internal sealed record MachineFolders(string State, string Log, string Run, string SettingsFile);
