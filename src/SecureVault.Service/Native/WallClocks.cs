using System;
using System.Collections.Concurrent;

namespace SecureVault.Service.Native;

/// <summary>Wall clocks of the time zones that this machine knows: on Linux those of /usr/share/zoneinfo.</summary>
/// <remarks>Any thread. A zone is looked up once; a changed database counts from the next start. Windows without ICU knows its own names only, and then no zone of the IANA database.</remarks>
internal static class WallClocks
{
    private const int MostZones = 1024;
    private static readonly ConcurrentDictionary<string, TimeZoneInfo?> Known = new(StringComparer.Ordinal);

    public static bool Knows(string zone) => Find(zone) is not null;

    public static bool TryLocal(string zone, DateTimeOffset now, out DateTime local)
    {
        local = default;
        if (Find(zone) is not { } known)
        {
            return false;
        }

        local = TimeZoneInfo.ConvertTime(now, known).DateTime;
        return true;
    }

    private static TimeZoneInfo? Find(string zone)
    {
        if (Known.TryGetValue(zone, out TimeZoneInfo? known))
        {
            return known;
        }

        if (Known.Count >= MostZones)
        {
            Known.Clear();
        }

        TimeZoneInfo? found = zone == "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? named) ? named : null;
        Known[zone] = found;
        return found;
    }
}
