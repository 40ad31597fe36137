using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>verify: is everything stored authentic?</summary>
internal static class VerifyCommand
{
    private const int MostNotes = 20;

    public static Command Build(Terminal terminal)
    {
        var asJson = Parts.Json();
        return new VaultCommand(
            terminal,
            "verify",
            "Check every header, block and name of a vault. Exit code 4 and a list if something is damaged, forged or swapped.",
            "verify /srv/vault")
            .With(asJson)
            .Does((parse, vault) =>
            {
                Answer<VerifyVerdict> answer = ProgressBar.Run(terminal, "Verifying", vault.Verify);
                if (answer.Value is null)
                {
                    return terminal.Fail(answer.Result);
                }

                return Show(terminal, answer, parse.GetValue(asJson));
            });
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<Finding> findings)
    {
        json.WriteStartArray(name);
        foreach (Finding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("path", finding.Path);
            json.WriteString("problem", finding.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static int Show(Terminal terminal, Answer<VerifyVerdict> answer, bool asJson)
    {
        VerifyVerdict verdict = answer.Value;
        if (asJson)
        {
            Json.PrintObject(terminal, json =>
            {
                json.WriteNumber("files", verdict.Files);
                json.WriteNumber("folders", verdict.Folders);
                json.WriteNumber("bytes", verdict.Bytes);
                Write(json, "findings", verdict.Findings);
                Write(json, "notes", verdict.Notes);
            });
        }
        else if (verdict.Findings.Count > 0)
        {
            var listing = new Listing("path", "problem");
            foreach (Finding finding in verdict.Findings)
            {
                listing.Add(finding.Path, finding.Problem);
            }

            listing.Print(terminal, "");
        }

        foreach (Finding note in asJson ? [] : verdict.Notes.Take(MostNotes))
        {
            terminal.Complain($"{note.Path} {note.Problem}");
        }

        if (!asJson && verdict.Notes.Count > MostNotes)
        {
            terminal.Complain($"and {Printable.Counted((ulong)(verdict.Notes.Count - MostNotes), "note")} more, none of them damage; --json has them all");
        }

        string read = $"{Printable.Counted((ulong)verdict.Files, "file")}, {Printable.Counted((ulong)verdict.Folders, "folder")}, {ProgressBar.Bytes(verdict.Bytes)}";
        if (verdict.Findings.Count > 0)
        {
            terminal.Complain($"{Printable.Counted((ulong)verdict.Findings.Count, "finding")} in {read}; what is damaged is never served. Take it from a backup.");
            return ExitCodes.Damaged;
        }

        if (!answer.Result.IsOk)
        {
            return terminal.Fail(answer.Result);
        }

        if (!asJson)
        {
            terminal.Say($"All is authentic: {read}.");
        }

        return ExitCodes.Done;
    }
}
