using SecureVault.Terms;

namespace SecureVault.Storage.Windows;

/// <summary>Times of the system: a FILETIME counts 100 ns since 1601-01-01 UTC (MS-DTYP 2.3.3).</summary>
internal static class WindowsTime
{
    private const long TicksPerSecond = 10_000_000;
    private const long SecondsTo1970 = 11_644_473_600;
    private const uint NanosecondsPerTick = 100;

    /// <summary>What a FILETIME says. Any value, be it before 1601.</summary>
    internal static FileTime Read(long ticks)
    {
        long seconds = ticks / TicksPerSecond;
        long rest = ticks % TicksPerSecond;
        if (rest < 0)
        {
            seconds--;
            rest += TicksPerSecond;
        }

        return new FileTime(seconds - SecondsTo1970, (uint)rest * NanosecondsPerTick);
    }

    /// <summary>The nearest FILETIME not after the time. A time before 1601 or past the year 30828 becomes the first or last that can be stored.</summary>
    internal static long Write(FileTime time)
    {
        const long first = 1; // 0 and negative values do not set a time
        const long lastSecond = (long.MaxValue / TicksPerSecond) - 1;
        if (time.Seconds < -SecondsTo1970)
        {
            return first;
        }

        if (time.Seconds >= lastSecond - SecondsTo1970)
        {
            return lastSecond * TicksPerSecond;
        }

        long ticks = ((time.Seconds + SecondsTo1970) * TicksPerSecond) + (time.Nanoseconds / NanosecondsPerTick);
        return long.Max(ticks, first);
    }
}
