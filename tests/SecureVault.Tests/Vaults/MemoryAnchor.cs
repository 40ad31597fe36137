using System;
using System.IO;
using SecureVault.Vaults.Audit;

namespace SecureVault.Tests.Vaults;

/// <summary>What a machine remembers of one vault, in memory.</summary>
/// <param name="folder">The machine's own folder for it; null = it has none.</param>
internal sealed class MemoryAnchor(string? folder = null) : ITrustAnchor
{
    private bool _held;

    public TrustedState State { get; set; } = new(0, 0, "");

    /// <summary>Another process of the machine serves a drive of the vault.</summary>
    public bool IsHeldElsewhere { get; set; }

    public TrustedState Read(string vaultId) => State;

    public void Write(string vaultId, TrustedState state) => State = state;

    public bool Replace(string vaultId, TrustedState state)
    {
        State = state;
        return true;
    }

    public string Describe(string vaultId) => "/anchors/of-this-vault";

    public IDisposable? TryHold(string vaultId)
    {
        if (_held || IsHeldElsewhere)
        {
            return null;
        }

        _held = true;
        return new Hold(() => _held = false);
    }

    public string? FolderFor(string vaultId) => folder is null ? null : Directory.CreateDirectory(folder).FullName;

    private sealed class Hold(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
