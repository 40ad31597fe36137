using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.Extensions.Configuration;
using SecureVault.Service.Machines;
using SecureVault.Vaults;

namespace SecureVault.Service.Configuration;

/// <summary>Reads the settings: a file, then SECUREVAULT_* variables, then the command line; the later wins.</summary>
public static class ServiceConfiguration
{
    /// <summary>Read when it exists and no other file is named.</summary>
    public static string DefaultFile => Machine.This.Folders.SettingsFile;

    private static readonly string[] Levels = ["verbose", "debug", "information", "warning", "error", "fatal"];

    /// <summary>Reads all three sources.</summary>
    /// <param name="file">A settings file that must exist, or null for the default one, which need not.</param>
    /// <param name="overrides">"key=value" each, from the command line.</param>
    /// <param name="options">What is in force; the defaults when the result is not Ok.</param>
    /// <returns>Ok; Usage for a malformed override; Failed for a file that is missing or malformed, for a key that is none and for a value out of range.</returns>
    public static VaultResult Load(string? file, IReadOnlyList<string> overrides, out ServiceOptions options)
    {
        options = new ServiceOptions();
        if (Overrides(overrides, out List<KeyValuePair<string, string?>> pairs) is { } usage)
        {
            return new VaultResult(VaultError.Usage, usage);
        }

        IConfigurationRoot configuration;
        try
        {
            if (file is null && File.Exists(DefaultFile) && !Machine.This.Files.IsTrusted(DefaultFile))
            {
                return Failed($"{DefaultFile}: belongs to another user, who could decide what this program does; delete it, or let an administrator take it over");
            }

            IConfigurationRoot written = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file ?? DefaultFile), optional: file is null, reloadOnChange: false).Build();
            if (SettingKeys.ProblemOf(written) is { } unknown)
            {
                return Failed($"{file ?? DefaultFile}: {unknown}");
            }

            configuration = new ConfigurationBuilder()
                .AddConfiguration(written)
                .Add(new EnvironmentSource())
                .AddInMemoryCollection(pairs)
                .Build();
        }
        catch (FileNotFoundException)
        {
            return Failed($"{file}: no such settings file");
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            return Failed($"{file ?? DefaultFile}: cannot be read as JSON settings");
        }

        string? problem = SettingKeys.ProblemOf(Environment.GetEnvironmentVariables()) ?? Bind(configuration, ref options);
        return problem is null ? VaultResult.Ok : Failed(problem);
    }

    private static string? Overrides(IReadOnlyList<string> overrides, out List<KeyValuePair<string, string?>> pairs)
    {
        pairs = [];
        foreach (string text in overrides)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string key = equals > 0 ? text[..equals].Replace('.', ':') : "";
            if (!SettingKeys.IsKnown(key))
            {
                return $"{text}: not a setting; give key=value; {SettingKeys.Advice(equals > 0 ? key : text)}";
            }

            pairs.Add(new KeyValuePair<string, string?>(key, text[(equals + 1)..]));
        }

        return null;
    }

    private static string? Bind(IConfigurationRoot configuration, ref ServiceOptions options)
    {
        string level = (configuration["log:level"] ?? options.LogLevel).ToLowerInvariant();
        if (!Levels.Contains(level))
        {
            return $"log:level is '{level}': one of {string.Join(", ", Levels)}";
        }

        if (!TryNumber(configuration["threads"], 0, 0, 64, out double threads) || threads != Math.Floor(threads))
        {
            return $"threads is '{configuration["threads"]}': a whole number from 1 to 64, or 0 to choose by the processors";
        }

        if (!TryNumber(configuration["entryTimeout"], options.EntryTimeout.TotalSeconds, 0, 60, out double seconds))
        {
            return $"entryTimeout is '{configuration["entryTimeout"]}': seconds from 0 to 60";
        }

        if (!bool.TryParse(Text(configuration["mountManager"], "false"), out bool mountManager))
        {
            return $"mountManager is '{configuration["mountManager"]}': true or false";
        }

        if (!bool.TryParse(Text(configuration["accessLists"], "false"), out bool accessLists))
        {
            return $"accessLists is '{configuration["accessLists"]}': true or false";
        }

        foreach (string key in new[] { "log:folder", "stateFolder", "runFolder" })
        {
            if (configuration[key] is { Length: > 0 } folder && !Path.IsPathFullyQualified(folder))
            {
                return $"{key} is '{folder}': a full path";
            }
        }

        options = options with
        {
            LogLevel = level,
            LogFolder = configuration["log:folder"] ?? options.LogFolder,
            StateFolder = Text(configuration["stateFolder"], options.StateFolder),
            RunFolder = Text(configuration["runFolder"], options.RunFolder),
            Threads = (int)threads,
            EntryTimeout = TimeSpan.FromSeconds(seconds),
            MountManager = mountManager,
            AccessLists = accessLists,
            Source = configuration,
        };
        return null;
    }

    private static string Text(string? value, string otherwise) => string.IsNullOrEmpty(value) ? otherwise : value;

    private static bool TryNumber(string? text, double otherwise, double least, double most, out double number)
    {
        number = otherwise;
        return string.IsNullOrEmpty(text) || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && number >= least && number <= most);
    }

    private static VaultResult Failed(string message) => new(VaultError.Failed, message);
}
