using SecureVault.Vaults.Audit;

namespace SecureVault.Tests.Vaults;

/// <summary>What a machine remembers, in memory.</summary>
internal sealed class MemoryAnchor : ITrustAnchor
{
    public TrustedState State { get; set; } = new(0, 0, "");

    public TrustedState Read(string vaultId) => State;

    public void Write(string vaultId, TrustedState state) => State = state;

    public string Describe(string vaultId) => "/anchors/of-this-vault";
}
