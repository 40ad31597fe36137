using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SecureVault.Service.Kernels;

/// <summary>Processes as a person is told of them.</summary>
internal static class ProgramNames
{
    private const int MostNamed = 5;

    /// <summary>"vim (900)"; "a process (900)" where the program is not known.</summary>
    /// <param name="program">Its name, or its path on either system.</param>
    public static string Of(string program, int pid)
    {
        string name = program[(program.LastIndexOfAny(['/', '\\']) + 1)..];
        return $"{(name.Length > 0 ? name : "a process")} ({pid.ToString(CultureInfo.InvariantCulture)})";
    }

    /// <summary>"bash (812), vim (900)", with "and 2 more" after the fifth; empty for none.</summary>
    public static string Join(IReadOnlyCollection<string> programs) =>
        string.Join(", ", programs.Take(MostNamed)) + (programs.Count > MostNamed ? $" and {programs.Count - MostNamed} more" : "");
}
