using System;
using System.IO;
using SecureVault.Cli;
using SecureVault.Cli.Output;

namespace SecureVault.Tests.Cli;

/// <summary>Runs the command line in this process, with no terminal, and keeps what it says.</summary>
internal sealed class RecordedTerminal
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public RecordedTerminal() => Terminal = new Terminal(_output, _error, false, false, false);

    public Terminal Terminal { get; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        var recorded = new RecordedTerminal();
        int exitCode = CommandTree.Run(arguments, recorded.Terminal, new StoppedClock());
        return (exitCode, recorded.Output, recorded.Error);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
