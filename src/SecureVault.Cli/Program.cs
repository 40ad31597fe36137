using System;
using System.Globalization;
using System.IO;
using System.Linq;
using SecureVault.Cli.Demo;
using SecureVault.Cli.Drives;
using SecureVault.Cli.Output;
using SecureVault.Service.Configuration;
using SecureVault.Service.Drives;

namespace SecureVault.Cli;

/// <summary>The program: its commands, and the two processes it starts of itself.</summary>
internal static class Program
{
    /// <summary>First words of what needs no key and no passphrase, and so answers at once.</summary>
    private static readonly string[] WithoutSecrets = ["", "status", "unmount", "version", "help", "--version", "--help", "-h", "-?"];

    private static int Main(string[] arguments)
    {
        try
        {
            if (!WithoutSecrets.Contains(arguments.FirstOrDefault("")))
            {
                DriveHost.Conceal();
            }

            return arguments switch
            {
                [SelfStart.Drive, .. { Length: >= 3 } order] => BackgroundDrive.Run(DriveOrder.FromArguments(order)),
                [SelfStart.Probe, string task, string uid, .. string[] more] => ProbeChild.Run(task, uint.Parse(uid, CultureInfo.InvariantCulture), more),
                _ => CommandTree.Run(RawArguments.Restore(arguments), Terminal.OfProcess(), TimeProvider.System),
            };
        }
        catch (Exception fault)
        {
            string logged = Log(fault);
            Console.Error.WriteLine($"securevault: {Printable.OneLine(fault.Message).TrimEnd('.')}. {(fault is NotSupportedException ? "This is not available here" : "This should not happen")}; {logged}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>Appends the fault to the log folder and says where; a person gets one line and no stack.</summary>
    private static string Log(Exception fault)
    {
        try
        {
            ServiceConfiguration.Load(null, [], out ServiceOptions options);
            string path = Path.Combine(options.LogFolder, "command.log");
            var create = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(options.LogFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var log = new StreamWriter(path, create);
            log.WriteLine($"{Instants.Machine(TimeProvider.System.GetUtcNow())} {fault}");
            return $"details are in {path}.";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return "details could not be logged.";
        }
    }
}
