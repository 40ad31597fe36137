using System;
using SecureVault.Terms;

namespace SecureVault.Dokan.Values;

/// <summary>A time as NT has it: 100 ns units since 1601-01-01 UTC (MS-FSCC 2.1.1).</summary>
public readonly record struct NtTime(long Ticks)
{
    /// <summary>1970-01-01 in these units.</summary>
    private const long UnixEpoch = 116_444_736_000_000_000;

    /// <summary>Last second whose ticks fit.</summary>
    private const long LargestSeconds = (long.MaxValue - UnixEpoch) / TimeSpan.TicksPerSecond - 1;

    /// <summary>The nearest time NT can show: what lies before 1601 is 1601.</summary>
    public static NtTime From(FileTime time)
    {
        long seconds = Math.Clamp(time.Seconds, -(UnixEpoch / TimeSpan.TicksPerSecond), LargestSeconds);
        return new NtTime(UnixEpoch + seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>The same instant for the engine. Ticks must not be negative.</summary>
    public FileTime ToFileTime()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Ticks);
        long since = Ticks - UnixEpoch;
        long seconds = since / TimeSpan.TicksPerSecond;
        long rest = since % TimeSpan.TicksPerSecond;
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        return new FileTime(seconds, (uint)(rest * TimeSpan.NanosecondsPerTick));
    }
}
