namespace SecureVault.Content;

/// <summary>The hole map of one group in memory.</summary>
internal sealed class MapPage(byte[] bits)
{
    /// <summary>The map as it is now, BlockSize bytes.</summary>
    internal byte[] Bits { get; } = bits;

    /// <summary>The map as the last state record vouches for it; null when it is not different or none vouches.</summary>
    internal byte[]? Recorded { get; set; }

    /// <summary>Differs from what is stored.</summary>
    internal bool Dirty { get; set; }
}
