using System.Linq;
using System.Text.RegularExpressions;

namespace SecureVault.Tests.Policy;

/// <summary>Patterns of paths as a regular expression.</summary>
internal static class NaiveGlob
{
    public static bool Covers(string glob, string path)
    {
        string pattern = string.Concat(glob == "/" ? [] : glob[1..].Split('/').Select(n =>
            n == "**" ? "(/[^/]+)*" : "/" + Regex.Escape(n).Replace("\\*", "[^/]*").Replace("\\?", "[^/]")));
        return Regex.IsMatch(path == "/" ? "" : path, $"^{pattern}(/.*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
