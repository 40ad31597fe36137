using System;

namespace SecureVault.Dokan.Names;

/// <summary>Names that Win32 takes for devices, in any case and with any extension (Naming Files, Paths, and Namespaces).</summary>
internal static class DeviceNames
{
    /// <summary>True for CON, PRN, AUX, NUL, CONIN$, CONOUT$, COM and LPT with 0 to 9 or a superscript 1, 2, 3; what follows the first dot, and spaces before it, do not count.</summary>
    public static bool Is(ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        ReadOnlySpan<char> stem = (dot < 0 ? name : name[..dot]).TrimEnd(' ');
        return stem.Length switch
        {
            3 => Equal(stem, "CON") || Equal(stem, "PRN") || Equal(stem, "AUX") || Equal(stem, "NUL"),
            4 => (Equal(stem[..3], "COM") || Equal(stem[..3], "LPT")) && (char.IsAsciiDigit(stem[3]) || stem[3] is '\u00B9' or '\u00B2' or '\u00B3'),
            6 => Equal(stem, "CONIN$"),
            7 => Equal(stem, "CONOUT$"),
            _ => false,
        };
    }

    private static bool Equal(ReadOnlySpan<char> a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
