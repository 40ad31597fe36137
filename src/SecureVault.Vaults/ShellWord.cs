using System;
using System.Linq;

namespace SecureVault.Vaults;

/// <summary>Words of a command line that is told to a person, so that it can be copied into a shell as it stands.</summary>
public static class ShellWord
{
    private const string Plain = "-_./:@+,=\\";

    /// <summary>The word as it is, or quoted for this system's usual shell.</summary>
    public static string Of(string word) => Of(word, OperatingSystem.IsWindows());

    internal static string Of(string word, bool windows)
    {
        string safe = windows ? Plain : Plain[..^1];
        if (word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || safe.Contains(c)))
        {
            return word;
        }

        return windows ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
