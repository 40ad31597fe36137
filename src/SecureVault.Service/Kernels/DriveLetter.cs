using System;
using System.Linq;
using SecureVault.Vaults;

namespace SecureVault.Service.Kernels;

/// <summary>Drive letters as mount points: "X:", one spelling for X, x:, X:\ and X:/.</summary>
internal static class DriveLetter
{
    /// <summary>From the last down: A and B are diskettes to many programs, C is the system's.</summary>
    private const string InOrder = "ZYXWVUTSRQPONMLKJIHGFED";

    /// <summary>Letters in use on this machine, in capitals.</summary>
    public static string Taken() => string.Concat(Environment.GetLogicalDrives().Select(d => char.ToUpperInvariant(d[0])));

    /// <summary>The letter given, which must be free, or the last free one.</summary>
    /// <param name="given">Null for any.</param>
    /// <param name="taken">Capitals.</param>
    /// <param name="place">"X:"; empty unless Ok.</param>
    public static VaultResult Choose(string? given, string taken, out string place)
    {
        place = "";
        if (given is null)
        {
            char? free = InOrder.Where(l => !taken.Contains(l, StringComparison.Ordinal)).Select(l => (char?)l).FirstOrDefault();
            place = free is { } letter ? $"{letter}:" : "";
            return free is null ? Failed("No drive letter is free: unmount a drive, or disconnect a network drive with: net use X: /delete") : VaultResult.Ok;
        }

        if (!TryParse(given, out string parsed))
        {
            return Failed($"{given}: not a drive letter; on Windows a vault is mounted at a letter like X:, or at the last free one when none is given");
        }

        if (taken.Contains(parsed[0], StringComparison.Ordinal))
        {
            return Failed($"{parsed} is taken: give another letter, or none for the last that is free");
        }

        place = parsed;
        return VaultResult.Ok;
    }

    public static bool TryParse(string mountPoint, out string place)
    {
        string letter = mountPoint.TrimEnd('\\', '/').TrimEnd(':');
        place = letter.Length == 1 && char.IsAsciiLetter(letter[0]) && mountPoint.Length <= 3 ? $"{char.ToUpperInvariant(letter[0])}:" : "";
        return place.Length > 0;
    }

    private static VaultResult Failed(string message) => new(VaultError.Failed, message);
}
