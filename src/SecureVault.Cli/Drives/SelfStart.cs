using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using SecureVault.Cli.Passphrases;
using SecureVault.Service.Drives;

namespace SecureVault.Cli.Drives;

/// <summary>Starts this very program again, with an internal first argument that no help shows.</summary>
internal static class SelfStart
{
    /// <summary>The background process of a drive.</summary>
    public const string Drive = "--internal-drive";

    /// <summary>The demo's process that opens files as another user.</summary>
    public const string Probe = "--internal-probe";

    /// <summary>How a person starts this program: the executable, or dotnet and the assembly.</summary>
    public static IReadOnlyList<string> CommandLine()
    {
        string process = Environment.ProcessPath ?? "securevault";
        bool host = Path.GetFileNameWithoutExtension(process) == "dotnet";
        return host ? [process, Path.Combine(AppContext.BaseDirectory, "securevault.dll")] : [process];
    }

    /// <summary>Starts it with all three streams piped; without a window, and nothing else of this process is inherited.</summary>
    public static Process Start(params IEnumerable<string> arguments)
    {
        IReadOnlyList<string> command = CommandLine();
        var start = new ProcessStartInfo(command[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, CreateNoWindow = true };
        for (int i = 1; i < command.Count; i++)
        {
            start.ArgumentList.Add(command[i]);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove(PassphraseSource.Variable); // it would stay readable in the environment of a process that lives for months
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0"; // a fresh drive's busy methods get their final code as soon as they are seen to be busy
        start.Environment[DriveHost.DiagnosticsVariable] = "0";
        DriveHost.InheritNothing();
        return Process.Start(start) ?? throw new InvalidOperationException("The program could not start itself.");
    }
}
