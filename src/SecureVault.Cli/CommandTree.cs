using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Linq;
using SecureVault.Cli.Commands;
using SecureVault.Cli.Demo;
using SecureVault.Cli.Output;

namespace SecureVault.Cli;

/// <summary>All commands: reads the command line, runs the command, answers with its exit code.</summary>
internal static class CommandTree
{
    private const string About = """
        An encrypted drive that checks department and level of every file at every open.

        Begin with 'securevault demo', a guided tour on a vault of its own, or with 'securevault init VAULT'.
        The passphrase comes from --passphrase-file, $SECUREVAULT_PASSPHRASE or a prompt, never from an argument.
        Exit codes: 0 done, 1 failed, 2 usage, 3 wrong passphrase, 4 damage found, 5 not permitted.
        """;

    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, TimeProvider clock)
    {
        RootCommand root = Build(terminal, clock);
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Output, Error = terminal.Error };
        ParseResult parse = root.Parse(arguments.Count > 0 && arguments[0] == "help" ? [.. arguments.Skip(1), "--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count == 0)
        {
            return parse.Invoke(configuration);
        }

        List<string> path = PathOf(parse);
        if (parse.CommandResult.Command.Subcommands.Count > 0 && parse.UnmatchedTokens.Count == 0)
        {
            configuration.Output = terminal.Error;
            root.Parse([.. path, "--help"]).Invoke(configuration);
            return ExitCodes.Usage;
        }

        string message = parse.UnmatchedTokens.Count > 0 ? $"'{parse.UnmatchedTokens[0]}' is not understood."
            : Missing(parse) is { } missing ? $"{missing} is missing."
            : parse.Errors[0].Message;
        return terminal.Misused($"{message} See: securevault {string.Join(' ', [.. path, "--help"])}");
    }

    internal static RootCommand Build(Terminal terminal, TimeProvider clock)
    {
        var root = new RootCommand(About)
        {
            DemoCommand.Build(terminal),
            InitCommand.Build(terminal),
            StructureCommands.Departments(terminal, clock),
            StructureCommands.Levels(terminal),
            PeopleCommands.Users(terminal, clock),
            PeopleCommands.Groups(terminal, clock),
            LabelCommands.Labels(terminal),
            ProgramCommands.Build(terminal),
            RuleCommands.Build(terminal),
            IncidentCommands.Build(terminal, clock),
            DriveCommands.Mount(terminal),
            DriveCommands.Unmount(terminal),
            DriveCommands.Status(terminal),
            LabelCommands.Explain(terminal),
            AccessCommand.Build(terminal, clock),
            PolicyCommands.Build(terminal),
            AuditCommands.Build(terminal, clock),
            VerifyCommand.Build(terminal),
            RecoveryCommands.Restored(terminal),
            RecoveryCommands.Adopt(terminal),
            RecoveryCommands.Where(terminal),
            VersionCommand.Build(terminal),
        };
        foreach (Option option in root.Options)
        {
            if (option is HelpOption help)
            {
                help.Action = new TeachingHelp((HelpAction)help.Action!);
            }
            else if (option is VersionOption version)
            {
                version.Action = new PrintVersion(terminal);
            }
        }

        return root;
    }

    /// <summary>The first argument that was not given, as help spells it, or null.</summary>
    private static string? Missing(ParseResult parse) =>
        parse.CommandResult.Command.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0 && parse.GetResult(a) is not { Tokens.Count: > 0 }) is { } argument
            ? argument.HelpName ?? argument.Name
            : null;

    private static List<string> PathOf(ParseResult parse)
    {
        List<string> path = [];
        for (SymbolResult? at = parse.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
        {
            path.Insert(0, command.Command.Name);
        }

        return path;
    }

    private sealed class PrintVersion(Terminal terminal) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            terminal.Say(VersionCommand.Line);
            return ExitCodes.Done;
        }
    }
}
