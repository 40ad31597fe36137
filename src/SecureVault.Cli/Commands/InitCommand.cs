using System.CommandLine;
using System.IO;
using SecureVault.Cli.Output;
using SecureVault.Cli.Passphrases;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>init: makes a vault.</summary>
internal static class InitCommand
{
    public static Command Build(Terminal terminal)
    {
        var vault = new Argument<string>("VAULT") { Description = "Folder to make; missing or empty." };
        Parts.RefuseUnspeakable(vault);
        var suite = Parts.OneOf("--suite", "How files are encrypted.", "aes-256-gcm", "aes-256-gcm", "sm4-gcm");
        var file = Parts.PassphraseFile();
        var command = new TaughtCommand(
            "init",
            "Make a new vault: a folder of ciphertext with its keys, policy and audit log. Keep the passphrase: without it the files are gone.",
            "init /srv/vault",
            "init /srv/vault --suite sm4-gcm --passphrase-file /root/passphrase") { vault, suite, file };
        command.SetAction(parse => Run(terminal, parse.GetRequiredValue(vault), parse.GetRequiredValue(suite)!, parse.GetValue(file)));
        return command;
    }

    private static int Run(Terminal terminal, string folder, string suite, string? file)
    {
        if (folder.Length > 0 && Directory.Exists(folder) && Directory.GetFileSystemEntries(folder).Length > 0)
        {
            return terminal.Fail(new VaultResult(VaultError.Failed, $"{folder}: not empty; a vault is made in a new or empty folder."));
        }

        VaultResult result = PassphraseSource.TryFind(terminal, file, folder, twice: true, out Passphrase? passphrase);
        using (passphrase)
        {
            if (result.IsOk)
            {
                result = VaultAdministration.Initialize(folder, suite, passphrase!.Bytes);
            }
        }

        if (!result.IsOk)
        {
            return terminal.Fail(result);
        }

        terminal.Say($"{folder} is a vault now ({suite}). Next: securevault department add {folder} finance");
        return ExitCodes.Done;
    }
}
