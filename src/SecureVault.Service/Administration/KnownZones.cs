using System;
using SecureVault.Policy;

namespace SecureVault.Service.Administration;

/// <summary>The time zones that this machine's database has.</summary>
internal sealed class KnownZones : IZones
{
    public bool TryLocal(string zone, DateTimeOffset now, out DateTime local)
    {
        bool known = TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found);
        local = known ? TimeZoneInfo.ConvertTime(now, found!).DateTime : default;
        return known;
    }
}
