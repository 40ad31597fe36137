using System;
using System.Globalization;

namespace SecureVault.Service.Administration;

/// <summary>Ends of accounts and grants as people read them: a day is the last on which something holds.</summary>
public static class Expiry
{
    /// <summary>"2026-12-31" when that is the last day (it ends at 2027-01-01T00:00:00Z), else "2026-12-31 18:00".</summary>
    public static string Shown(DateTimeOffset end)
    {
        DateTime utc = end.UtcDateTime;
        return utc.TimeOfDay == TimeSpan.Zero && utc > DateTime.MinValue
            ? utc.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : utc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>"with the end of 2026-12-31"; "at 2026-12-31 18:00 UTC"; "never".</summary>
    public static string When(DateTimeOffset? end) => end is not { } given ? "never"
        : given.UtcDateTime.TimeOfDay == TimeSpan.Zero ? $"with the end of {Shown(given)}"
        : $"at {Shown(given)} UTC";
}
