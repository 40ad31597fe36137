using System;
using System.Text;
using System.Text.Unicode;
using SecureVault.Policy.Naming;

namespace SecureVault.Service.Administration;

/// <summary>What is asked of the passphrase of a new vault: that the same one, typed, has the same bytes. CLI.md, "The passphrase". An old vault's is taken as it is.</summary>
public static class NewPassphrase
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

        return IsComposed(passphrase) ? null : "has letters that are made of several characters (Unicode form NFD, as from a macOS file name), which a keyboard elsewhere makes as one: save it in form NFC, or choose other letters";
    }

    // Rune by rune, as no string of the passphrase is to be left behind.
    private static bool IsComposed(ReadOnlySpan<byte> passphrase)
    {
        int previous = 0;
        while (!passphrase.IsEmpty)
        {
            Rune.DecodeFromUtf8(passphrase, out Rune rune, out int taken);
            if (!ComposedForm.Allows(previous, rune.Value))
            {
                return false;
            }

            previous = rune.Value;
            passphrase = passphrase[taken..];
        }

        return true;
    }
}
