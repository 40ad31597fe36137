using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace SecureVault.Tests.Programs;

/// <summary>A real process that waits for its input to end. Gone with this object.</summary>
internal sealed class Child : IDisposable
{
    public const string Sleep = "/bin/sleep";
    private readonly Process _process;

    /// <param name="variables">NAME=value, beside those of this process but for the ones interpreters heed.</param>
    public Child(string program, IEnumerable<string> arguments, IEnumerable<string>? variables = null, string folder = "/")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (string heeded in start.Environment.Keys.Where(k => k.StartsWith("PYTHON", StringComparison.Ordinal) || k is "ENV" or "BASH_ENV").ToArray())
        {
            start.Environment.Remove(heeded);
        }

        foreach (string[] variable in (variables ?? []).Select(v => v.Split('=', 2)))
        {
            start.Environment[variable[0]] = variable[1];
        }

        _process = Process.Start(start)!;
    }

    public int Id => _process.Id;

    public static Child Sleeping(string program = Sleep) => new(program, ["3600"]);

    /// <summary>python3 as the system has it: one in PATH may be a script that looks for it. Skips the test where there is none.</summary>
    public static string Python
    {
        get
        {
            const string Path = "/usr/bin/python3";
            bool missing = !File.Exists(Path);
            Assert.False(missing && Environment.GetEnvironmentVariable("SECUREVAULT_REQUIRE") == "all", $"{Path} is not installed, and SECUREVAULT_REQUIRE=all");
            Skip.If(missing, $"{Path} is not installed");
            return Path;
        }
    }

    /// <summary>
    /// Copies a file that is to be run. Another process does: one that this process had open for writing may be so still in a child that another test starts at that moment, and
    /// then cannot be run (ETXTBSY).
    /// </summary>
    public static void Copy(string file, string copy)
    {
        using Process cp = Process.Start("/bin/cp", ["-p", file, copy]);
        cp.WaitForExit();
        Assert.Equal(0, cp.ExitCode);
    }

    /// <summary>The next line it writes.</summary>
    public string Line() => Patience.Of(_process.StandardOutput.ReadLineAsync(), "a line of the child's") ?? "";

    /// <summary>The next line it writes, a number.</summary>
    public int Number() => int.Parse(Line(), CultureInfo.InvariantCulture);

    public void Tell(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>Waits until a file is mapped into it.</summary>
    public void Maps(string file) => Patience.Until(() => File.ReadAllText($"/proc/{Id}/maps").Contains(file, StringComparison.Ordinal), $"{file} in the child's memory");

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
