using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using SecureVault.Cli.Output;
using SecureVault.Cli.Passphrases;
using SecureVault.Service.Drives;
using SecureVault.Vaults;

namespace SecureVault.Cli.Drives;

/// <summary>
/// A drive in a process of its own. The parent writes the passphrase to the child's standard input and closes it; the child
/// answers on its standard output: a line "warning MESSAGE" for each thing a person should know, then "live", or "error NUMBER MESSAGE". Then it lets go of all three streams.
/// </summary>
internal static class BackgroundDrive
{
    private const string Live = "live";
    private const string Warning = "warning ";

    /// <summary>Parent: starts the drive and returns when it is live or has failed.</summary>
    /// <param name="warn">Told what a person should know of the drive, a sentence each.</param>
    /// <param name="pid">The drive's process.</param>
    public static VaultResult Start(DriveOrder order, Passphrase passphrase, Action<string> warn, out int pid)
    {
        using Process child = SelfStart.Start([SelfStart.Drive, .. order.ToArguments()]);
        pid = child.Id;
        try
        {
            using Stream input = child.StandardInput.BaseStream;
            input.Write(passphrase.Bytes);
        }
        catch (IOException)
        {
            // It ended early: its answer, or the lack of one, says why.
        }

        string? line = child.StandardOutput.ReadLine();
        while (line is not null && line.StartsWith(Warning, StringComparison.Ordinal))
        {
            warn(line[Warning.Length..]);
            line = child.StandardOutput.ReadLine();
        }

        return ReadAnswer(line, child);
    }

    /// <summary>Child: runs the drive until it is unmounted.</summary>
    public static int Run(DriveOrder order)
    {
        using Passphrase passphrase = ReadPassphrase();
        bool live = false;
        VaultResult result = order.Run(passphrase.Bytes, foreground: false, warnings =>
        {
            live = true;
            foreach (string warning in warnings)
            {
                Answer($"{Warning}{Printable.OneLine(warning)}");
            }

            Answer(Live);
            DriveHost.LeaveTerminal();
        });
        if (!live && !result.IsOk)
        {
            Answer(string.Create(CultureInfo.InvariantCulture, $"error {(int)result.Error} {Printable.OneLine(result.Message)}"));
        }

        return ExitCodes.Of(result.Error);
    }

    /// <summary>The child's line as a result.</summary>
    internal static VaultResult ParseAnswer(string? line)
    {
        if (line == Live)
        {
            return VaultResult.Ok;
        }

        string[] parts = (line ?? "").Split(' ', 3);
        bool sound = parts.Length == 3 && parts[0] == "error" && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return sound && Enum.TryParse(parts[1], out VaultError error) && Enum.IsDefined(error) && error != VaultError.None
            ? new VaultResult(error, parts[2])
            : new VaultResult(VaultError.Failed, "");
    }

    private static VaultResult ReadAnswer(string? line, Process child)
    {
        VaultResult result = ParseAnswer(line);
        if (result.IsOk || result.Message.Length > 0)
        {
            return result;
        }

        string said = child.StandardError.ReadToEnd().Trim();
        return new VaultResult(VaultError.Failed, $"The drive's process ended before the drive was live{(said.Length > 0 ? $": {said}" : "; see its log (securevault mount --foreground shows it)")}.");
    }

    private static Passphrase ReadPassphrase()
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(Passphrase.MaxLength, pinned: true);
        using Stream input = Console.OpenStandardInput();
        int length = input.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var passphrase = new Passphrase(buffer.AsSpan(0, length));
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(buffer);
        return passphrase;
    }

    private static void Answer(string line)
    {
        using Stream output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes($"{line}\n"));
    }
}
