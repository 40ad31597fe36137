using System;
using SecureVault.FileSystem.Vaults;

namespace SecureVault.Tests.FileSystem.Vaults;

/// <summary>What a machine remembers, in memory.</summary>
internal sealed class MemoryAnchor : ITrustAnchor
{
    public TrustedState State { get; set; } = new(0, 0, "");

    public TrustedState Read(UInt128 vaultId) => State;

    public void Write(UInt128 vaultId, TrustedState state) => State = state;

    public string Describe(UInt128 vaultId) => "/anchors/of-this-vault";
}
