using System.Numerics;

namespace SecureVault.Crypto;

/// <summary>scrypt (RFC 7914) cost: N a power of two, block size r, parallelization p.</summary>
public readonly record struct ScryptCost(int N, int R, int P)
{
    private const long MaxWork = 1L << 30;

    /// <summary>What `init` writes and the least that is accepted: N=65536, r=8, p=1 (64 MiB).</summary>
    public static ScryptCost Default => new(1 << 16, 8, 1);

    /// <summary>The least that scrypt is defined for.</summary>
    internal static ScryptCost Least => new(2, 1, 1);

    /// <summary>True when this cost is at least <paramref name="floor"/> in N, r and p, N is a power of two, and 128*N*r*p is at most 1 GiB.</summary>
    public bool IsAcceptable(ScryptCost floor)
    {
        if (N < floor.N || R < floor.R || P < floor.P || N < 2 || R < 1 || P < 1 || !BitOperations.IsPow2(N))
        {
            return false;
        }

        // Divided, not multiplied: a hostile file may name numbers whose product overflows. RFC 7914 asks N < 2^(16 r).
        long left = MaxWork / 128 / N;
        return left / R >= P && (R > 1 || N < 1 << 16);
    }
}
