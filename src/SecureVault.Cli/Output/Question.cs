using System;

namespace SecureVault.Cli.Output;

/// <summary>Asks a person before something is done.</summary>
internal static class Question
{
    /// <summary>True for "yes" or "y" typed on a terminal, in any case; false for all else, and where there is no terminal.</summary>
    public static bool IsAnsweredYes(Terminal terminal, string question)
    {
        if (!terminal.InputIsTerminal)
        {
            return false;
        }

        terminal.Error.Write($"{Printable.OneLine(question)} [yes/no] ");
        return Console.ReadLine()?.Trim().ToUpperInvariant() is "YES" or "Y";
    }
}
