using System;
using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using SecureVault.Cli.Output;

namespace SecureVault.Cli.Commands;

/// <summary>version, and --version at the root.</summary>
internal static class VersionCommand
{
    public static Command Build(Terminal terminal)
    {
        var asJson = Parts.Json();
        var command = new TaughtCommand("version", "Print the version of the program and of what it runs on.", "version") { asJson };
        command.SetAction(parse =>
        {
            if (parse.GetValue(asJson))
            {
                Json.PrintObject(terminal, json =>
                {
                    json.WriteString("version", Number);
                    json.WriteString("runtime", Environment.Version.ToString());
                    json.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
                });
            }
            else
            {
                terminal.Say($"{Line} (.NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier})");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>"securevault 1.0.0".</summary>
    public static string Line => $"securevault {Number}";

    /// <summary>The version without the commit the build adds.</summary>
    private static string Number =>
        (typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+')[0];
}
