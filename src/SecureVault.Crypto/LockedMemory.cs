using SecureVault.Crypto.Memory;

namespace SecureVault.Crypto;

/// <summary>How the process's secrets are held, for the service to log. Any thread.</summary>
public static class LockedMemory
{
    /// <summary>True when every page that may hold a <see cref="SecretKey"/> is locked in memory (never swapped out).</summary>
    public static bool AllLocked => UnlockedBytes == 0;

    /// <summary>Bytes of pages set aside for secrets, used or free.</summary>
    public static long TotalBytes => SecretArena.RegionBytes;

    /// <summary>Bytes of those pages that the system refused to lock; on Linux the limit is RLIMIT_MEMLOCK.</summary>
    public static long UnlockedBytes => SecretArena.UnlockedBytes;
}
