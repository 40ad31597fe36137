using System;
using System.CommandLine;
using SecureVault.Cli.Output;
using SecureVault.Cli.Passphrases;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>A command that unlocks a vault first.</summary>
internal sealed class VaultCommand : TaughtCommand
{
    private readonly Terminal _terminal;
    private readonly Option<string?> _passphraseFile = Parts.PassphraseFile();

    private bool _forAudit;

    public VaultCommand(Terminal terminal, string name, string description, params string[] examples)
        : base(name, description, examples)
    {
        _terminal = terminal;
        Add(Vault);
        Add(_passphraseFile);
    }

    public Argument<string> Vault { get; } = Parts.Vault();

    /// <summary>What it does once the vault is open; the result is the exit code.</summary>
    public VaultCommand Does(Func<ParseResult, VaultAdministration, int> work)
    {
        SetAction(parse => Run(parse, work));
        return this;
    }

    /// <summary>Opens the vault also when its audit log is damaged: to show and check it.</summary>
    public VaultCommand ForAudit()
    {
        _forAudit = true;
        return this;
    }

    /// <summary>An edit, and the line that says it was done.</summary>
    public VaultCommand Edits(Func<ParseResult, VaultAdministration, VaultResult> edit, Func<ParseResult, string> done) => Does((parse, vault) =>
    {
        VaultResult result = edit(parse, vault);
        if (!result.IsOk)
        {
            return _terminal.Fail(result);
        }

        _terminal.Say(done(parse));
        return ExitCodes.Done;
    });

    /// <summary>Adds arguments and options in the order of the help.</summary>
    public VaultCommand With(params Symbol[] parts)
    {
        foreach (Symbol part in parts)
        {
            if (part is Argument argument)
            {
                Add(argument);
            }
            else
            {
                Add((Option)part);
            }
        }

        return this;
    }

    private int Run(ParseResult parse, Func<ParseResult, VaultAdministration, int> work)
    {
        string folder = parse.GetRequiredValue(Vault);
        VaultResult result = PassphraseSource.TryFindFor(_terminal, parse.GetValue(_passphraseFile), folder, out Passphrase? passphrase);
        VaultAdministration? vault = null;
        using (passphrase)
        {
            if (result.IsOk)
            {
                result = _forAudit ? VaultAdministration.OpenForAudit(folder, passphrase!.Bytes, out vault) : VaultAdministration.Open(folder, passphrase!.Bytes, out vault);
            }
        }

        using (vault)
        {
            return result.IsOk ? work(parse, vault!) : _terminal.Fail(result);
        }
    }
}
