using System;
using System.IO;
using Microsoft.Extensions.Configuration;
using SecureVault.Service.Native;

namespace SecureVault.Service.Configuration;

/// <summary>How this machine runs drives: nothing in here weakens a vault.</summary>
public sealed record ServiceOptions
{
    /// <summary>Least level of the operational log: verbose, debug, information, warning, error or fatal.</summary>
    public string LogLevel { get; init; } = "information";

    /// <summary>Folder of the operational log; empty = none is written.</summary>
    public string LogFolder { get; init; } = Defaults.LogFolder;

    /// <summary>Where this machine remembers what it saw of each vault.</summary>
    public string StateFolder { get; init; } = Defaults.StateFolder;

    /// <summary>Where drives have their control sockets.</summary>
    public string RunFolder { get; init; } = Defaults.RunFolder;

    /// <summary>How long the kernel may keep names and attributes of unlabelled trees; 0 to 60 seconds.</summary>
    public TimeSpan EntryTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Threads that serve requests, 1 to 64; 0 = by the number of processors.</summary>
    public int Threads { get; init; }

    /// <summary>All that was configured, for the log's own section; null when nothing was.</summary>
    internal IConfiguration? Source { get; init; }

    private static class Defaults
    {
        private static readonly bool Root = Libc.geteuid() == 0;

        public static string StateFolder { get; } = Root ? "/var/lib/securevault" : Path.Combine(UserState(), "securevault");

        public static string LogFolder { get; } = Root ? "/var/log/securevault" : StateFolder;

        public static string RunFolder { get; } = Root ? "/run/securevault" : Path.Combine(UserRun(), "securevault");

        private static string UserState()
        {
            string? set = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            if (Path.IsPathRooted(set))
            {
                return set;
            }

            string? home = Environment.GetEnvironmentVariable("HOME");
            home = Path.IsPathRooted(home) ? home : UserDatabase.Find(Libc.geteuid())?.Home;
            return Path.Combine(Path.IsPathRooted(home) ? home : "/", ".local", "state");
        }

        private static string UserRun()
        {
            string? set = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
            return Path.IsPathRooted(set) ? set : Path.Combine(StateFolder, "run");
        }
    }
}
