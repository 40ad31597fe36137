using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using SecureVault.Cli.Passphrases;

namespace SecureVault.Cli.Drives;

/// <summary>Starts this very program again, with an internal first argument that no help shows.</summary>
internal static unsafe partial class SelfStart
{
    /// <summary>The background process of a drive.</summary>
    public const string Drive = "--internal-drive";

    /// <summary>The demo's process that opens files as another user.</summary>
    public const string Probe = "--internal-probe";

    private const nint CloseRange = 436;
    private const nuint CloseOnExec = 4;

    /// <summary>How a person starts this program: the executable, or dotnet and the assembly.</summary>
    public static IReadOnlyList<string> CommandLine()
    {
        string process = Environment.ProcessPath ?? "securevault";
        bool host = Path.GetFileNameWithoutExtension(process) == "dotnet";
        return host ? [process, Path.Combine(AppContext.BaseDirectory, "securevault.dll")] : [process];
    }

    /// <summary>Starts it with all three streams piped; no other descriptor of this process is inherited.</summary>
    public static Process Start(params IEnumerable<string> arguments)
    {
        IReadOnlyList<string> command = CommandLine();
        var start = new ProcessStartInfo(command[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        for (int i = 1; i < command.Count; i++)
        {
            start.ArgumentList.Add(command[i]);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove(PassphraseSource.Variable); // it would stay readable in the environment of a process that lives for months
        start.Environment["DOTNET_TC_QuickJit"] = "0"; // a drive lives long and its first thousand requests count: compile each method well at once
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0"; // and the framework's, once they turn out to be used
        if (OperatingSystem.IsLinux())
        {
            _ = close_range(CloseRange, 3, uint.MaxValue, CloseOnExec);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The program could not start itself.");
    }

    /// <summary>Marks inherited descriptors so that a child does not get them; older kernels do not know it, and then a child may.</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Style", "IDE1006", Justification = "The system call's own name.")]
    private static partial nint close_range(nint number, nuint first, nuint last, nuint flags);
}
