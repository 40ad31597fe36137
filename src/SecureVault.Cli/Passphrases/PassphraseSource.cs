using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Passphrases;

/// <summary>Where a passphrase comes from: --passphrase-file, then the variable, then a hidden prompt. Never an argument.</summary>
internal static class PassphraseSource
{
    /// <summary>The variable; it is taken out of this process's environment, so no child has it.</summary>
    public const string Variable = "SECUREVAULT_PASSPHRASE";

    /// <summary>Finds the passphrase.</summary>
    /// <param name="terminal">Where to ask.</param>
    /// <param name="file">The file given, or null.</param>
    /// <param name="vault">Named in the prompt.</param>
    /// <param name="twice">Ask twice, and take only what can be typed again: the vault is new.</param>
    /// <param name="passphrase">The caller disposes it; null unless Ok.</param>
    /// <returns>Ok; Usage when there is nowhere to take it from or it is empty; Failed when the file cannot be read.</returns>
    public static VaultResult TryFind(Terminal terminal, string? file, string vault, bool twice, out Passphrase? passphrase)
    {
        string? variable = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        VaultResult found = file is not null ? FromFile(file, out passphrase)
            : variable is not null ? FromVariable(variable, out passphrase)
            : FromPrompt(terminal, vault, twice, out passphrase);
        if (found.IsOk && passphrase!.Bytes.IsEmpty)
        {
            return Usage("The passphrase is empty; give one with at least one character.");
        }

        if (found.IsOk && file is not null && OpenToOthers(file) is { } open)
        {
            terminal.Complain($"{file}: {open}");
        }

        if (found.IsOk && twice && NewPassphrase.Problem(passphrase!.Bytes) is { } problem)
        {
            passphrase.Dispose();
            passphrase = null;
            return Usage($"{file ?? "The passphrase"} {problem}. No vault was made.");
        }

        return found;
    }

    /// <summary>As TryFind for a vault that exists: says that it does not before anybody types a passphrase.</summary>
    public static VaultResult TryFindFor(Terminal terminal, string? file, string vault, out Passphrase? passphrase)
    {
        passphrase = null;
        return Directory.Exists(vault)
            ? TryFind(terminal, file, vault, twice: false, out passphrase)
            : new VaultResult(VaultError.NotAVault, vault.StartsWith(@"\\", StringComparison.Ordinal)
                ? $"{vault}: cannot be reached, or is no vault; is the share connected, and may you read it?"
                : $"{vault}: no such folder, so no vault; securevault init {ShellWord.Of(vault)} makes one.");
    }

    /// <summary>Whether others than its owner may read a file, as a sentence after its name; null when not, or where the system has no such bits.</summary>
    private static string? OpenToOthers(string file)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & others) != 0 ? $"others may read this passphrase file; close it: chmod 600 {ShellWord.Of(file)}" : null;
        }
        catch (IOException)
        {
            return null; // it was a pipe, or was removed as soon as it was read
        }
    }

    private static VaultResult FromFile(string file, out Passphrase? passphrase)
    {
        passphrase = null;
        byte[] buffer = GC.AllocateUninitializedArray<byte>(Passphrase.MaxLength + 3, pinned: true);
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, length);
            bytes = bytes.EndsWith("\r\n"u8) ? bytes[..^2] : bytes.EndsWith("\n"u8) ? bytes[..^1] : bytes;
            if (bytes.Length > Passphrase.MaxLength)
            {
                return new VaultResult(VaultError.Failed, $"{file}: too long for a passphrase file; at most {Passphrase.MaxLength} bytes are read.");
            }

            passphrase = new Passphrase(bytes);
            return VaultResult.Ok;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new VaultResult(VaultError.Failed, $"{file}: the passphrase file cannot be read ({unreadable.Message.TrimEnd('.')}).");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private static VaultResult FromVariable(string variable, out Passphrase? passphrase)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(variable);
        passphrase = new Passphrase(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return VaultResult.Ok;
    }

    private static VaultResult FromPrompt(Terminal terminal, string vault, bool twice, out Passphrase? passphrase)
    {
        passphrase = null;
        if (!terminal.InputIsTerminal)
        {
            return Usage($"No passphrase: there is no terminal to ask on; give --passphrase-file FILE or set {Variable}.");
        }

        Passphrase first = HiddenPrompt.Ask(terminal, twice ? $"New passphrase for {vault}: " : $"Passphrase for {vault}: ");
        if (twice)
        {
            using Passphrase second = HiddenPrompt.Ask(terminal, "The same once more: ");
            if (!first.Matches(second))
            {
                first.Dispose();
                return Usage("The two passphrases differ; nothing was done.");
            }
        }

        passphrase = first;
        return VaultResult.Ok;
    }

    private static VaultResult Usage(string message) => new(VaultError.Usage, message);
}
