using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using SecureVault.Cli.Output;

namespace SecureVault.Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal class TaughtCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines without the program's name.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>The usual help, then the examples of the command asked about.</summary>
internal sealed class TeachingHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is TaughtCommand { Examples.Count: > 0 } command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (string example in command.Examples)
            {
                output.WriteLine($"  securevault {example}");
            }

            output.WriteLine();
        }

        return ExitCodes.Done;
    }
}
