using System;
using System.Globalization;

namespace SecureVault.Cli.Output;

/// <summary>Instants as people type and read them. A date alone means a whole day, in UTC.</summary>
internal static class Instants
{
    private static readonly string[] Exact =
    [
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
    ];

    /// <summary>The instant something ends: "2026-12-31" is the end of that day, "7d" and "24h" are from now.</summary>
    public static bool TryParseEnd(string text, DateTimeOffset now, out DateTimeOffset end)
    {
        if (TryDay(text, out DateTimeOffset day))
        {
            end = day < DateTimeOffset.MaxValue.AddDays(-1) ? day.AddDays(1) : day;
            return true;
        }

        return TryInstant(text, out end) || TrySpan(text, out TimeSpan span) && TryAdd(now, span, out end);
    }

    /// <summary>The instant something begins: "2026-12-31" is the beginning of that day, "7d" and "24h" are ago.</summary>
    public static bool TryParseStart(string text, DateTimeOffset now, out DateTimeOffset start) =>
        TryDay(text, out start) || TryInstant(text, out start) || (TrySpan(text, out TimeSpan span) && TryAdd(now, -span, out start));

    /// <summary>The instant up to which something is asked for: "2026-12-31" is the end of that day, "7d" and "24h" are ago.</summary>
    public static bool TryParseUntil(string text, DateTimeOffset now, out DateTimeOffset until) =>
        TryDay(text, out _) ? TryParseEnd(text, now, out until) : TryParseStart(text, now, out until);

    /// <summary>"2026-12-31 18:00:05", UTC.</summary>
    public static string Shown(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>"2026-12-31T18:00:05.123Z": the spelling in JSON.</summary>
    public static string Machine(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static bool TryDay(string text, out DateTimeOffset day) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out day);

    private static bool TryInstant(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, Exact, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);

    private static bool TrySpan(string text, out TimeSpan span)
    {
        span = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            return false;
        }

        double minutes = text[^1] switch { 'm' => 1, 'h' => 60, 'd' => 24 * 60, 'w' => 7 * 24 * 60, _ => 0 };
        span = minutes * count < 100 * 366.0 * 24 * 60 ? TimeSpan.FromMinutes(minutes * count) : default;
        return span > TimeSpan.Zero;
    }

    private static bool TryAdd(DateTimeOffset now, TimeSpan span, out DateTimeOffset moved)
    {
        moved = new DateTimeOffset(now.UtcTicks, TimeSpan.Zero) + span;
        return true;
    }
}
