using System;
using System.Collections.Generic;
using SecureVault.Storage.Linux.Native;

namespace SecureVault.Storage.Local;

/// <summary>Where threads run.</summary>
public static unsafe class ThreadPlace
{
    private const int SetWords = 16; // 1,024 processors, as cpu_set_t

    /// <summary>Numbers of the processors that this process may use, as <see cref="System.Threading.Thread.GetCurrentProcessorId"/> counts them.</summary>
    public static IEnumerable<int> Processors()
    {
        ulong[] set = Allowed();
        for (int processor = 0; processor < 64 * set.Length; processor++)
        {
            if ((set[processor / 64] >> (processor % 64) & 1) != 0)
            {
                yield return processor;
            }
        }
    }

    /// <summary>Keeps the calling thread on one processor (sched_setaffinity(2)). Without effect on Windows, which spreads threads itself.</summary>
    public static void StayOn(int processor)
    {
        if (OperatingSystem.IsLinux())
        {
            ulong* set = stackalloc ulong[SetWords];
            set[processor / 64] = 1UL << (processor % 64);
            _ = LibC.sched_setaffinity(0, SetWords * sizeof(ulong), set);
        }
    }

    private static ulong[] Allowed()
    {
        ulong[] set = new ulong[SetWords];
        fixed (ulong* first = set)
        {
            if (!OperatingSystem.IsLinux() || LibC.sched_getaffinity(0, SetWords * sizeof(ulong), first) < 0)
            {
                set[0] = ulong.MaxValue >> (64 - Math.Min(Environment.ProcessorCount, 64));
            }
        }

        return set;
    }
}
