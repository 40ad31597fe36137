using System;
using System.Collections;
using System.Linq;
using Microsoft.Extensions.Configuration;
using SecureVault.Policy.Exchange;

namespace SecureVault.Service.Configuration;

/// <summary>The settings there are; finds the one that was meant when another is named.</summary>
internal static class SettingKeys
{
    /// <summary>Variables that begin so are settings.</summary>
    public const string Prefix = "SECUREVAULT_";

    private const string Logging = "serilog";
    private const int Near = 2;
    private static readonly string[] All = ["log:level", "log:folder", "stateFolder", "runFolder", "entryTimeout", "threads", "mountManager", "accessLists"];

    /// <summary>All of them, for a person.</summary>
    public static string Listed => string.Join(", ", All);

    public static bool IsKnown(string key) =>
        All.Contains(key, StringComparer.OrdinalIgnoreCase) || key.StartsWith(Logging + ":", StringComparison.OrdinalIgnoreCase);

    /// <summary>"did you mean threads? There is ..."; without the question when nothing is near.</summary>
    public static string Advice(string key) =>
        Nearest(key, Math.Max(Near, key.Length / 3)) is { } near ? $"did you mean {near}? There is {Listed}" : $"there is {Listed}";

    /// <summary>What is wrong with the keys of a settings file, as a sentence after its name; null when nothing is.</summary>
    public static string? ProblemOf(IConfiguration file)
    {
        string[] keys = [.. file.AsEnumerable().Select(k => k.Key)];
        foreach (string key in keys)
        {
            bool section = keys.Concat(All).Append(Logging + ":").Any(k => k.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase));
            if (section || IsKnown(key))
            {
                continue;
            }

            return IsKnown(key.Replace('.', ':'))
                ? $"'{key}' is written with a dot; in a file it is {{ \"{key.Split('.')[0]}\": {{ \"{key.Split('.', 2)[1]}\": ... }} }}"
                : $"'{key}' is not a setting; {Advice(key)}";
        }

        return null;
    }

    /// <summary>A variable that is one letter or two away from a setting's, as a sentence; null when there is none. Other variables of the prefix may be somebody else's.</summary>
    public static string? ProblemOf(IDictionary environment)
    {
        foreach (string name in environment.Keys.Cast<string>().Where(n => n.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            string key = name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            if (!IsKnown(key) && Nearest(key, Near) is { } near)
            {
                return $"the variable {name} is not a setting; did you mean {Prefix}{near.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()}?";
            }
        }

        return null;
    }

    private static string? Nearest(string key, int most)
    {
        (string name, int distance) = All.Select(k => (k, NearestName.Distance(k.ToUpperInvariant(), key.ToUpperInvariant()))).MinBy(k => k.Item2);
        return distance <= most ? name : null;
    }
}
