using System;

namespace SecureVault.Crypto;

/// <summary>scrypt (RFC 7914) cost: N a power of two, block size r, parallelization p.</summary>
public readonly record struct ScryptCost(int N, int R, int P)
{
    /// <summary>What `init` writes and the least that is accepted: N=65536, r=8, p=1 (64 MiB).</summary>
    public static ScryptCost Default => new(1 << 16, 8, 1);

    /// <summary>True when this cost is at least <paramref name="floor"/> in N, r and p, N is a power of two, and 128*N*r*p is at most 1 GiB.</summary>
    public bool IsAcceptable(ScryptCost floor) => throw new NotSupportedException();
}

/// <summary>Turns a passphrase into a key.</summary>
public static class PassphraseKdf
{
    /// <summary>Runs scrypt over the UTF-8 passphrase bytes; returns a 32-byte key. Takes about a quarter of a second.</summary>
    public static SecretKey Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, ScryptCost cost) => throw new NotSupportedException();
}
