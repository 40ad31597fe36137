using System;
using System.Security.Cryptography;
using System.Text;
using SecureVault.Cli.Output;

namespace SecureVault.Cli.Passphrases;

/// <summary>Asks on the terminal without showing what is typed.</summary>
internal static class HiddenPrompt
{
    private const int MaxCharacters = 4096;

    /// <summary>Reads up to Enter; Backspace and Ctrl-U work; Ctrl-C ends the program as everywhere.</summary>
    public static Passphrase Ask(Terminal terminal, string question)
    {
        char[] typed = GC.AllocateUninitializedArray<char>(MaxCharacters, pinned: true);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(MaxCharacters * 3, pinned: true);
        try
        {
            terminal.Error.Write(Printable.OneLine(question));
            int length = Read(typed);
            terminal.Error.WriteLine();
            return new Passphrase(bytes.AsSpan(0, Encoding.UTF8.GetBytes(typed.AsSpan(0, length), bytes)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            Array.Clear(typed);
        }
    }

    private static int Read(char[] typed)
    {
        int length = 0;
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    return length;
                case ConsoleKey.Backspace:
                    length = Math.Max(0, length - 1);
                    break;
                case ConsoleKey.U when key.Modifiers == ConsoleModifiers.Control:
                    length = 0;
                    break;
                default:
                    if (!char.IsControl(key.KeyChar) && length < typed.Length)
                    {
                        typed[length++] = key.KeyChar;
                    }

                    break;
            }
        }
    }
}
