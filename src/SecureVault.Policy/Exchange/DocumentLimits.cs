namespace SecureVault.Policy.Exchange;

/// <summary>What a document that people edit may be at most.</summary>
public static class DocumentLimits
{
    /// <summary>Bytes: 10 MiB.</summary>
    public const int Size = 10 * 1024 * 1024;

    /// <summary>How deep values may lie in each other; a policy needs 6.</summary>
    public const int Depth = 16;

    /// <summary>The sentence for one that is larger.</summary>
    public static string TooLarge => $"the file is larger than {Size / (1024 * 1024)} MiB, which no policy needs: is it the right one?";

    /// <summary>The sentence for one that is deeper.</summary>
    public static string TooDeep => $"values lie deeper than {Depth} in each other, and no policy needs that: what is below is not read.";
}
