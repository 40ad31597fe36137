using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Threading;

namespace SecureVault.Crypto.Memory;

/// <summary>The process's slots of 64 bytes for secrets, cut from regions of locked pages; grows by a region when full.</summary>
/// <remarks>
/// One for the process because the limit on locked memory is the process's. Any thread. A free slot is all zeros.
/// Whether a slot is locked is the low bit of its address: slots are aligned to 64 bytes.
/// </remarks>
internal static unsafe class SecretArena
{
    /// <summary>Bytes of a slot: the longest secret, and one cache line.</summary>
    internal const int SlotSize = 64;

    private const int RegionSize = 64 * 1024;
    private const nint LockedBit = 1;

    // Protects Free, the counters' changes and the growth. A leaf: nothing is called under it but the system.
    private static readonly Lock Gate = new();
    private static readonly Stack<nint> Free = new();
    private static long _regionBytes;
    private static long _unlockedBytes;

    /// <summary>Bytes of all regions, used or free.</summary>
    internal static long RegionBytes => Volatile.Read(ref _regionBytes);

    /// <summary>Bytes of the regions that the system did not lock.</summary>
    internal static long UnlockedBytes => Volatile.Read(ref _unlockedBytes);

    /// <summary>Takes a zeroed slot.</summary>
    internal static nint Take()
    {
        lock (Gate)
        {
            if (!Free.TryPop(out nint slot))
            {
                Grow();
                slot = Free.Pop();
            }

            return slot;
        }
    }

    /// <summary>Wipes a slot and makes it free.</summary>
    internal static void Return(nint slot)
    {
        CryptographicOperations.ZeroMemory(Bytes(slot, SlotSize));
        lock (Gate)
        {
            Free.Push(slot);
        }
    }

    /// <summary>The first <paramref name="size"/> bytes of a slot.</summary>
    internal static Span<byte> Bytes(nint slot, int size) => new((void*)(slot & ~LockedBit), size);

    /// <summary>True when the slot's page is locked in memory.</summary>
    internal static bool IsLocked(nint slot) => (slot & LockedBit) != 0;

    private static void Grow()
    {
        nint region = NativePages.Map(RegionSize, out bool isLocked);
        _regionBytes += RegionSize;
        _unlockedBytes += isLocked ? 0 : RegionSize;
        for (int offset = RegionSize - SlotSize; offset >= 0; offset -= SlotSize)
        {
            Free.Push((region + offset) | (isLocked ? LockedBit : 0));
        }
    }
}
