using System.Globalization;
using System.Runtime.Versioning;
using SecureVault.Storage.Windows.Native;

namespace SecureVault.Storage.Windows;

/// <summary>When Windows started, as text: tells one start from the next.</summary>
[SupportedOSPlatform("windows")]
public static unsafe class WindowsBoot
{
    /// <summary>Empty where the system does not tell.</summary>
    public static string Read()
    {
        SYSTEM_TIMEOFDAY_INFORMATION time;
        uint length;
        int status = NtDll.NtQuerySystemInformation(Nt.SystemTimeOfDayInformation, &time, (uint)sizeof(SYSTEM_TIMEOFDAY_INFORMATION), &length);

        // The system moves BootTime along when its clock is set, and keeps by how much.
        long started = unchecked(time.BootTime - (long)time.BootTimeBias);
        return NtStatus.IsOk(status) ? started.ToString("x16", CultureInfo.InvariantCulture) : "";
    }
}
