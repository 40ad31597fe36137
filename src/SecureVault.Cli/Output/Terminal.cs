using System;
using System.IO;
using System.Text;
using SecureVault.Vaults;

namespace SecureVault.Cli.Output;

/// <summary>Where a command speaks: results on Output, everything else on Error.</summary>
internal sealed record Terminal(TextWriter Output, TextWriter Error, bool OutputIsTerminal, bool ErrorIsTerminal, bool InputIsTerminal)
{
    /// <summary>The process's own three streams, in UTF-8 also where the console had another encoding.</summary>
    public static Terminal OfProcess()
    {
        if (Console.OutputEncoding.CodePage != Encoding.UTF8.CodePage)
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        return new Terminal(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected, !Console.IsInputRedirected);
    }

    /// <summary>One line on Error and the exit code that goes with it.</summary>
    public int Fail(VaultResult result)
    {
        Complain(result.Message);
        return ExitCodes.Of(result.Error);
    }

    /// <summary>One line on Error, and exit code 2.</summary>
    public int Misused(string message)
    {
        Complain(message);
        return ExitCodes.Usage;
    }

    /// <summary>One line on Error, prefixed with the program's name.</summary>
    public void Complain(string message) => Error.WriteLine($"securevault: {Printable.OneLine(message)}");

    /// <summary>One line on Output.</summary>
    public void Say(string message) => Output.WriteLine(Printable.OneLine(message));
}

/// <summary>Makes text from a vault harmless to a terminal: names may hold anything.</summary>
internal static class Printable
{
    /// <summary>Line breaks become spaces; control, format and direction characters, and code points that are no characters, become U+FFFD.</summary>
    public static string OneLine(string text)
    {
        int first = 0;
        while (first < text.Length && text[first] is >= ' ' and < (char)0x7f)
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value is '\n' or '\r' or '\t' ? " " : IsHarmful(rune) ? "\ufffd" : rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>"1 file", "2 files".</summary>
    public static string Counted(ulong count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static bool IsHarmful(Rune rune) =>
        Rune.IsControl(rune)
        || rune.Value is 0x200e or 0x200f or 0x2028 or 0x2029 or 0xfeff or 0x61c
        || (rune.Value & 0xfffe) == 0xfffe || rune.Value is >= 0xfdd0 and <= 0xfdef // noncharacters: the table library fails on some
        || rune.Value is (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069);
}
