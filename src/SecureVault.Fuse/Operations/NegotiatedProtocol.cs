using SecureVault.Fuse.Wire;

namespace SecureVault.Fuse.Operations;

/// <summary>What both sides agreed on at INIT.</summary>
/// <param name="Minor">ABI 7.Minor.</param>
/// <param name="Flags">Flags both know and we asked for.</param>
/// <param name="MaxRequestBytes">Largest read or write the kernel sends.</param>
internal sealed record NegotiatedProtocol(uint Minor, fuse_init_flags Flags, int MaxRequestBytes)
{
    public bool Has(fuse_init_flags flag) => (Flags & flag) == flag;
}
