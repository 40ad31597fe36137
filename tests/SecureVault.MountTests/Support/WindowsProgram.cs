using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Tests;
using Xunit;

namespace SecureVault.MountTests.Support;

/// <summary>
/// The real securevault.exe, published for win-x64 once for all tests, with a Windows of its own under Wine: a prefix with nothing of an earlier run,
/// so its memory of vaults is not that of the Linux build.
/// </summary>
public sealed class WindowsProgram : IDisposable
{
    private readonly Lazy<string> _folder = new(Start);
    private readonly Lazy<string> _program;
    private readonly Lazy<string> _probe;
    private readonly Lazy<string> _storeProbe;

    public WindowsProgram()
    {
        _program = new(() => Publish("src/SecureVault.Cli", _folder.Value + "/program"));
        _probe = new(() => Publish("tests/SecureVault.MachineProbe", _folder.Value + "/probe"));
        _storeProbe = new(() => Publish("tests/SecureVault.WineProbe", _folder.Value + "/store"));
    }

    /// <summary>The folder that holds securevault.exe, as Linux spells it.</summary>
    public string Folder => _program.Value;

    /// <summary>Where this Windows remembers what it saw of vaults.</summary>
    public string StateFolder => _folder.Value + "/prefix/drive_c/ProgramData/SecureVault/state";

    /// <summary>A path of this machine as Windows programs spell it: Wine shows / as Z:.</summary>
    public static string Path(string path) => "Z:" + path.Replace('/', '\\');

    /// <summary>Runs securevault.exe with the tests' passphrase and waits for its end.</summary>
    public Ended Securevault(params string[] arguments) => SecurevaultAs(Programs.Passphrase, arguments);

    public Ended SecurevaultAs(string? passphrase, params string[] arguments)
    {
        Require.Tool("wine");
        return Run(Folder + "/securevault.exe", arguments, passphrase is null ? [] : new() { ["SECUREVAULT_PASSPHRASE"] = passphrase });
    }

    /// <summary>Runs the cases of the machine's contract on Windows; its exit code is the number of failures.</summary>
    public Ended Probe(params string[] arguments)
    {
        Require.Tool("wine");
        return Run(_probe.Value + "/machineprobe.exe", arguments, []);
    }

    /// <summary>Runs the cases of the store's and the engine's contracts on Windows; its exit code is the number of failures.</summary>
    public Ended StoreProbe(params string[] arguments)
    {
        Require.Tool("wine");
        return Run(_storeProbe.Value + "/wineprobe.exe", arguments, []);
    }

    /// <summary>Runs securevault.exe and fails the test with its words unless it exits 0.</summary>
    public string Done(params string[] arguments)
    {
        Ended ended = Securevault(arguments);
        Assert.True(ended.ExitCode == 0, $"securevault.exe {string.Join(' ', arguments)}: exit {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended.Output;
    }

    public void Dispose()
    {
        if (_folder.IsValueCreated)
        {
            Programs.Run("wineserver", ["-k", "-w"], Environment(_folder.Value));

            // Debian's Wine keeps its server's socket in a folder of /tmp that the prefix names, and leaves it there.
            string named = _folder.Value + "/prefix/wineserver";
            string left = File.Exists(named) ? "/tmp/" + File.ReadAllText(named).Trim() : "";
            if (left.StartsWith("/tmp/wine-", StringComparison.Ordinal) && Directory.Exists(left))
            {
                Directory.Delete(left, recursive: true);
            }

            Directory.Delete(_folder.Value, recursive: true);
        }
    }

    private Ended Run(string program, IReadOnlyList<string> arguments, Dictionary<string, string> more)
    {
        Dictionary<string, string> environment = Environment(_folder.Value);
        foreach ((string name, string value) in more)
        {
            environment[name] = value;
        }

        // The program never ends with 1 without a word, Wine under load sometimes does before it has begun: then it is begun again.
        Ended ended = Programs.Run("wine", [program, .. arguments], environment);
        for (int again = 0; again < 2 && ended is { ExitCode: 1, Output: "", Error: "" }; again++)
        {
            ended = Programs.Run("wine", [program, .. arguments], environment);
        }

        // What the loader of Wine itself says is not the program's; but when nobody else says anything, it is why the program did not run.
        string error = string.Concat(ended.Error.Split('\n').Where(l => l.Length > 0 && !l.StartsWith("wine: ", StringComparison.Ordinal)).Select(l => l.TrimEnd('\r') + "\n"));
        bool wineFailed = ended.ExitCode != 0 && ended.Output.Length + error.Length == 0;
        return ended with { Output = ended.Output.Replace("\r", "", StringComparison.Ordinal), Error = wineFailed ? ended.Error : error };
    }

    private static Dictionary<string, string> Environment(string folder) => new()
    {
        ["WINEPREFIX"] = folder + "/prefix",
        ["WINEDEBUG"] = "-all",
        ["WINEDLLOVERRIDES"] = "mshtml=",
        ["LC_ALL"] = "C.UTF-8",
        ["SECUREVAULT_STATEFOLDER"] = "",
        ["SECUREVAULT_RUNFOLDER"] = "",
        ["SECUREVAULT_LOG__FOLDER"] = @"C:\log",
    };

    /// <summary>A new Windows.</summary>
    private static string Start()
    {
        string folder = Directory.CreateTempSubdirectory("securevault-wine-").FullName;
        Ended started = Programs.Run("wineboot", ["--init"], Environment(folder));
        Assert.True(started.ExitCode == 0, started.Output + started.Error);
        return folder;
    }

    /// <summary>Builds apart from the repository's own output, so that nothing else that builds or runs there is disturbed; what the programs share, once.</summary>
    private string Publish(string project, string target)
    {
        string build = _folder.Value + "/build";
        string[] publish =
        [
            "publish", System.IO.Path.Combine(Programs.Repository, project), "-c", "Release", "-r", "win-x64", "--self-contained", "-p:RunAnalyzers=false",
            "-p:UseSharedCompilation=false", "-nodeReuse:false", "--nologo", "-v", "q", "--artifacts-path", build, "-o", target,
        ];
        Ended published = Programs.Run("dotnet", publish, new() { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" }, Patience.OfWork);
        Assert.True(published.ExitCode == 0, published.Output + published.Error);
        return target;
    }
}

/// <summary>One published program and one Windows for all test classes that name it.</summary>
[CollectionDefinition(Name)]
public sealed class OneWindows : ICollectionFixture<WindowsProgram>
{
    public const string Name = "Windows";
}
