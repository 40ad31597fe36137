using System;
using System.CommandLine;
using SecureVault.Cli.Output;
using SecureVault.Cli.Passphrases;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>A command on a vault that does not open as it is: it gets the folder and the passphrase.</summary>
internal sealed class VaultFolderCommand : TaughtCommand
{
    /// <summary>The work; its result is the exit code.</summary>
    public delegate int Work(ParseResult parse, string folder, ReadOnlySpan<byte> passphrase);

    private readonly Terminal _terminal;
    private readonly Argument<string> _vault = Parts.Vault();
    private readonly Option<string?> _passphraseFile = Parts.PassphraseFile();

    public VaultFolderCommand(Terminal terminal, string name, string description, params string[] examples)
        : base(name, description, examples)
    {
        _terminal = terminal;
        Add(_vault);
        Add(_passphraseFile);
    }

    public VaultFolderCommand Does(Work work)
    {
        SetAction(parse =>
        {
            string folder = parse.GetRequiredValue(_vault);
            VaultResult result = PassphraseSource.TryFindFor(_terminal, parse.GetValue(_passphraseFile), folder, out Passphrase? passphrase);
            using (passphrase)
            {
                return result.IsOk ? work(parse, folder, passphrase!.Bytes) : _terminal.Fail(result);
            }
        });
        return this;
    }
}
