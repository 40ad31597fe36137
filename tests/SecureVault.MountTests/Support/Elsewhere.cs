using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using SecureVault.Tests;

namespace SecureVault.MountTests.Support;

/// <summary>A user's shell in a mount namespace of its own, which keeps a copy of every mount there is when it begins: a container, in small.</summary>
public sealed class Elsewhere : IDisposable
{
    private readonly Process _process;

    public Elsewhere(uint uid)
    {
        string user = uid.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("unshare", ["-m", "--propagation", "private", "setpriv", "--reuid", user, "--regid", user, "--clear-groups", "sh"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        _process = Process.Start(start)!;
        Xunit.Assert.Equal(0, Do("true", out _));
    }

    /// <summary>The shell's process.</summary>
    public int Pid => _process.Id;

    /// <summary>Runs a command in that very shell.</summary>
    /// <returns>Its exit code.</returns>
    public int Do(string command, out string output)
    {
        const string end = "ended-with ";
        _process.StandardInput.Write($"{command}\necho \"{end}$?\"\n");
        _process.StandardInput.Flush();
        var said = new StringBuilder();
        while (true)
        {
            string line = Patience.Of(Task.Run(_process.StandardOutput.ReadLine), $"the end of {command}") ?? throw new IOException($"the shell ended at: {command}");
            if (line.StartsWith(end, StringComparison.Ordinal))
            {
                output = said.ToString();
                return int.Parse(line.AsSpan(end.Length), CultureInfo.InvariantCulture);
            }

            said.Append(line).Append('\n');
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Patience.Long))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
