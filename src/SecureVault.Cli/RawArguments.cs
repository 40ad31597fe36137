using System;
using System.IO;
using System.Linq;
using SecureVault.Vaults;

namespace SecureVault.Cli;

/// <summary>The arguments as they were given: the runtime replaces what is no UTF-8, such as names from before everything was.</summary>
internal static class RawArguments
{
    private const char Replaced = '\ufffd';

    /// <summary>The same arguments; those that are no UTF-8 as RawText has them.</summary>
    public static string[] Restore(string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !arguments.Any(a => a.Contains(Replaced)))
        {
            return arguments;
        }

        return Restore(arguments, File.ReadAllBytes("/proc/self/cmdline"));
    }

    /// <param name="line">All words that the process was started with, each ended by a zero byte; the arguments are the last of them.</param>
    internal static string[] Restore(string[] arguments, ReadOnlySpan<byte> line)
    {
        string[] restored = [.. arguments];
        for (int i = restored.Length - 1; i >= 0 && line.EndsWith((byte)0); i--)
        {
            line = line[..^1];
            ReadOnlySpan<byte> word = line[(line.LastIndexOf((byte)0) + 1)..];
            line = line[..^word.Length];
            restored[i] = restored[i].Contains(Replaced) ? RawText.FromBytes(word) : restored[i];
        }

        return restored;
    }
}
