using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using SecureVault.Tests;

namespace SecureVault.MountTests.Support;

/// <summary>How a program ended.</summary>
public sealed record Ended(int ExitCode, string Output, string Error);

/// <summary>Starts the programs under test: the built command line, the actor, and tools of the machine.</summary>
public static class Programs
{
    public const string Passphrase = "correct horse battery staple";

    private static readonly string Configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!);

    public static string Repository { get; } = FindRepository();

    public static string CommandLine { get; } = Built("src/SecureVault.Cli", "securevault.dll");

    public static string Actor { get; } = Built("tests/SecureVault.Actor", "actor.dll");

    public static string Probe { get; } = Built("tests/SecureVault.WineProbe", "wineprobe.dll");

    /// <summary>State, logs and sockets of the drives under test: their own, so that this machine remembers nothing of them.</summary>
    public static string Machine { get; } = MachineFolder();

    /// <summary>Runs securevault with the tests' passphrase in the environment and waits for its end.</summary>
    public static Ended Securevault(params string[] arguments) => SecurevaultAs(Passphrase, arguments);

    public static Ended SecurevaultAs(string? passphrase, params string[] arguments) =>
        Run("dotnet", [CommandLine, .. arguments], passphrase is null ? [] : new() { ["SECUREVAULT_PASSPHRASE"] = passphrase });

    /// <summary>Runs securevault and fails the test with its words unless it exits 0.</summary>
    public static string Done(params string[] arguments)
    {
        Ended ended = Securevault(arguments);
        Xunit.Assert.True(ended.ExitCode == 0, $"securevault {string.Join(' ', arguments)}: exit {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended.Output;
    }

    /// <summary>Runs securevault and tells the most memory that it had, in bytes. Needs python3.</summary>
    public static Ended Measured(string? passphrase, out long most, params string[] arguments)
    {
        const string measure = "import resource, subprocess, sys\ncode = subprocess.run(sys.argv[1:]).returncode\nprint(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\nsys.exit(code)";
        Ended ended = Run("python3", ["-c", measure, "dotnet", CommandLine, .. arguments], passphrase is null ? [] : new() { ["SECUREVAULT_PASSPHRASE"] = passphrase });
        most = 1024 * long.Parse(ended.Output.TrimEnd().Split('\n')[^1], CultureInfo.InvariantCulture);
        return ended;
    }

    public static Ended Shell(string command) => Run("/bin/sh", ["-c", command], []);

    /// <summary>Runs a program and waits for its end.</summary>
    /// <param name="patience">How long; <see cref="Patience.Long"/> when null.</param>
    public static Ended Run(string program, IReadOnlyList<string> arguments, Dictionary<string, string> environment, TimeSpan? patience = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("SECUREVAULT_PASSPHRASE");
        foreach ((string setting, string folder) in new[] { ("STATEFOLDER", "state"), ("RUNFOLDER", "run"), ("LOG__FOLDER", "log") })
        {
            start.Environment["SECUREVAULT_" + setting] = Path.Combine(Machine, folder);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        TimeSpan longest = patience ?? Patience.Long;
        if (!process.WaitForExit(longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in {longest.TotalSeconds} s");
        }

        return new Ended(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static string MachineFolder()
    {
        string folder = Directory.CreateTempSubdirectory("securevault-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static string Built(string project, string file) => Path.Combine(Repository, project, "bin", Configuration, "net10.0", file);

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "SecureVault.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
