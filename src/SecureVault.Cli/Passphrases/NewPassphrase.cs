using System;
using System.IO;
using System.Text;
using System.Text.Unicode;

namespace SecureVault.Cli.Passphrases;

/// <summary>What is asked of the passphrase of a new vault: that the same one, typed, has the same bytes. CLI.md, "The passphrase". An old vault's is taken as it is.</summary>
internal static class NewPassphrase
{
    /// <summary>Why these bytes would lock people out, as a sentence after where they came from; null when they would not.</summary>
    public static string? Problem(ReadOnlySpan<byte> passphrase)
    {
        if (passphrase.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]))
        {
            return "begins with a byte order mark, which nobody can type: save it as UTF-8 without one (PowerShell: -Encoding utf8NoBOM)";
        }

        if (!Utf8.IsValid(passphrase) || passphrase.Contains((byte)0))
        {
            return "is not UTF-8 (UTF-16, as some editors and shells write it?): save it as UTF-8";
        }

        if (passphrase.ContainsAnyInRange((byte)0, (byte)0x1f))
        {
            return "has more than one line, or a control character: only one line break, at its end, is left out";
        }

        return IsComposed(passphrase) ? null : "has letters that are made of several characters (Unicode form NFD, as from a macOS file name), which a keyboard elsewhere makes as one: save it in form NFC";
    }

    /// <summary>Whether others than its owner may read a file, as a sentence after its name; null when not, or where the system has no such bits.</summary>
    public static string? OpenToOthers(string file)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & others) != 0 ? $"others may read this passphrase file; close it: chmod 600 {file}" : null;
        }
        catch (IOException)
        {
            return null; // it was a pipe, or was removed as soon as it was read
        }
    }

    // Char by char on the stack, as no string of the passphrase is to be left behind: composed forms are looked for by what may follow a letter.
    private static bool IsComposed(ReadOnlySpan<byte> passphrase)
    {
        while (!passphrase.IsEmpty)
        {
            Rune.DecodeFromUtf8(passphrase, out Rune rune, out int taken);
            if (rune.Value is >= 0x300 and <= 0x36f or >= 0x3099 and <= 0x309a or >= 0x1161 and <= 0x11ff)
            {
                return false;
            }

            passphrase = passphrase[taken..];
        }

        return true;
    }
}
