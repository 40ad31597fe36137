using System.CommandLine;
using System.Globalization;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>restored, adopt and where: backups, copies, and one file out of them.</summary>
internal static class RecoveryCommands
{
    public static VaultFolderCommand Restored(Terminal terminal)
    {
        var asJson = Parts.Json();
        var command = new VaultFolderCommand(
            terminal,
            "restored",
            "Say that a vault is a backup you put back: recorded in its log, and this machine takes it for the newest from then on.",
            "restored /srv/vault");
        command.Add(asJson);
        return command.Does((parse, folder, passphrase) =>
        {
            Answer<RestoreRow> answer = VaultRecovery.Restored(folder, passphrase);
            return answer.Result.IsOk ? Show(terminal, folder, answer.Value, parse.GetValue(asJson)) : terminal.Fail(answer.Result);
        });
    }

    public static VaultFolderCommand Adopt(Terminal terminal)
    {
        var asJson = Parts.Json();
        var command = new VaultFolderCommand(
            terminal,
            "adopt",
            "Make a copy of a vault a vault of its own: a new id, a new audit log that begins with what it was a copy of. Files and keys stay as they are.",
            "adopt /srv/vault-copy");
        command.Add(asJson);
        return command.Does((parse, folder, passphrase) =>
        {
            Answer<AdoptionRow> answer = VaultRecovery.Adopt(folder, passphrase);
            return answer.Result.IsOk ? Show(terminal, folder, answer.Value, parse.GetValue(asJson)) : terminal.Fail(answer.Result);
        });
    }

    public static Command Where(Terminal terminal)
    {
        var path = Parts.Inside();
        var asJson = Parts.Json();
        return new VaultCommand(
            terminal,
            "where",
            "Print the path under which a file or folder is stored, to take one back from a backup.",
            "where /srv/vault /Payroll/q3.xlsx")
            .With(path, asJson)
            .Does((parse, vault) =>
            {
                Answer<StoredRow> answer = vault.Where(parse.GetRequiredValue(path));
                if (!answer.Result.IsOk)
                {
                    return terminal.Fail(answer.Result);
                }

                StoredRow row = answer.Value;
                if (!parse.GetValue(asJson))
                {
                    terminal.Say(row.Stored);
                    return ExitCodes.Done;
                }

                Json.PrintObject(terminal, json =>
                {
                    json.WriteString("path", row.Path);
                    json.WriteString("kind", row.Kind);
                    json.WriteString("stored", row.Stored);
                    json.WriteString("companion", row.Companion);
                });
                return ExitCodes.Done;
            });
    }

    private static int Show(Terminal terminal, string folder, RestoreRow row, bool asJson)
    {
        if (asJson)
        {
            Json.PrintObject(terminal, json =>
            {
                json.WriteBoolean("changed", row.Changed);
                json.WriteNumber("policyVersionBefore", row.PolicyBefore);
                json.WriteNumber("auditSequenceBefore", row.SequenceBefore);
                json.WriteNumber("policyVersion", row.Policy);
                json.WriteNumber("auditSequence", row.Sequence);
                Json.WriteTexts(json, "found", row.Found);
            });
            return ExitCodes.Done;
        }

        terminal.Say(!row.Changed
            ? $"{folder} is what this machine remembers already; nothing was changed."
            : string.Create(CultureInfo.InvariantCulture, $"{folder} is the newest for this machine now: policy version {row.Policy}, audit record {row.Sequence}; it remembered policy version {row.PolicyBefore}, record {row.SequenceBefore}. The restore is on record."));
        Found(terminal, folder, row.Found);
        return ExitCodes.Done;
    }

    private static int Show(Terminal terminal, string folder, AdoptionRow row, bool asJson)
    {
        if (asJson)
        {
            Json.PrintObject(terminal, json =>
            {
                json.WriteString("id", row.Id);
                json.WriteString("copyOf", row.CopyOf);
                Json.WriteTexts(json, "found", row.Found);
            });
            return ExitCodes.Done;
        }

        terminal.Say(row.CopyOf.Length > 0
            ? $"{folder} is a vault of its own now: {row.Id}. It was a copy of {row.CopyOf}, whose log stays beside its own."
            : $"An adoption that was interrupted is finished: {folder} is vault {row.Id} now.");
        Found(terminal, folder, row.Found);
        return ExitCodes.Done;
    }

    private static void Found(Terminal terminal, string folder, System.Collections.Generic.IReadOnlyList<string> found)
    {
        foreach (string one in found)
        {
            terminal.Complain($"{folder}: found that {one}");
        }

        if (found.Count > 0)
        {
            terminal.Complain($"{folder}: this is on record too; see what else may be amiss with: securevault verify {ShellWord.Of(folder)}");
        }
    }
}
