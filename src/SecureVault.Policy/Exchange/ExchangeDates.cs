using System;
using System.Globalization;

namespace SecureVault.Policy.Exchange;

/// <summary>Ends as people write them in documents and tables: a day alone is the last one, in UTC.</summary>
public static class ExchangeDates
{
    private const string Day = "yyyy-MM-dd";
    private static readonly string[] Exact = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>What TryRead reads as the same instant.</summary>
    public static string Of(DateTimeOffset end)
    {
        DateTime utc = end.UtcDateTime;
        return utc.TimeOfDay == TimeSpan.Zero && utc > DateTime.MinValue
            ? utc.AddDays(-1).ToString(Day, CultureInfo.InvariantCulture)
            : utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>False for what is neither a day nor an instant.</summary>
    public static bool TryRead(string text, out DateTimeOffset end)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, Day, CultureInfo.InvariantCulture, utc, out end))
        {
            bool last = end >= DateTimeOffset.MaxValue.AddDays(-1);
            end = last ? end : end.AddDays(1);
            return !last;
        }

        return DateTimeOffset.TryParseExact(text, Exact, CultureInfo.InvariantCulture, utc, out end);
    }
}
