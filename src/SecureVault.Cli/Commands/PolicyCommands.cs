using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>policy: the whole of it as one document, and its history.</summary>
internal static class PolicyCommands
{
    public static Command Build(Terminal terminal) => new TaughtCommand("policy", "The policy as one document: export it, edit it, apply it; its history, and the way back.")
    {
        Export(terminal), Check(terminal), Apply(terminal), History(terminal), Show(terminal), Diff(terminal), Undo(terminal),
    };

    private static VaultCommand Export(Terminal terminal)
    {
        var format = Format();
        return new VaultCommand(terminal, "export", "Print everything an admin may change, as policy apply reads it.", "policy export /srv/vault", "policy export /srv/vault --format yaml")
            .With(format)
            .Does((parse, vault) => Print(terminal, vault.Policies.Export(null, parse.GetValue(format) == "yaml")));
    }

    private static TaughtCommand Check(Terminal terminal)
    {
        var file = Parts.Text("FILE", "A policy as JSON or YAML.");
        var asJson = Parts.Json();
        var command = new TaughtCommand("check", "Tell every fault of a policy document, with line and column, and what it says to no effect. Needs no vault.", "policy check policy.yaml") { file, asJson };
        command.SetAction(parse =>
        {
            string path = parse.GetRequiredValue(file);
            Answer<PolicyCheck> answer = PolicyFiles.Check(path);
            if (!answer.Result.IsOk)
            {
                return terminal.Fail(answer.Result);
            }

            IReadOnlyList<FaultRow> faults = answer.Value.Faults;
            if (parse.GetValue(asJson))
            {
                Json.PrintObject(terminal, json => Write(json, answer.Value));
                return faults.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
            }

            PlanOutput.Faults(terminal.Output, path, faults);
            PlanOutput.Remarks(terminal, answer.Value.Remarks);
            if (faults.Count > 0)
            {
                terminal.Complain($"{path}: {Printable.Counted((ulong)faults.Count, "fault")}.");
                return ExitCodes.Failed;
            }

            terminal.Say($"{path} has no fault.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static VaultCommand Apply(Terminal terminal)
    {
        var file = Parts.Text("FILE", "A policy as JSON or YAML.");
        var dryRun = PlanOutput.DryRun();
        var yes = PlanOutput.Yes();
        return new VaultCommand(terminal, "apply", "Put a whole policy in place of the one in force: shows the difference, then one edit, all or nothing. What is not in the file is taken away.", "policy apply /srv/vault policy.yaml --dry-run", "policy apply /srv/vault policy.yaml --yes")
            .With(file, dryRun, yes)
            .Does((parse, vault) => PlanOutput.Run(terminal, vault.Policies, vault.Policies.PlanFile(parse.GetRequiredValue(file)), parse.GetRequiredValue(file), parse.GetValue(dryRun), parse.GetValue(yes)));
    }

    private static VaultCommand History(Terminal terminal)
    {
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "history", "List the versions of the policy: when, by whom, what was done.", "policy history /srv/vault").With(asJson).Does((parse, vault) =>
        {
            IReadOnlyList<PolicyVersionRow> rows = vault.Policies.History();
            if (parse.GetValue(asJson))
            {
                Json.PrintArray(terminal, rows, (json, row) =>
                {
                    json.WriteNumber("version", row.Version);
                    Json.WriteInstant(json, "time", row.Time);
                    json.WriteString("by", row.By);
                    json.WriteString("what", row.What);
                    json.WriteBoolean("inForce", row.InForce);
                    json.WriteBoolean("kept", row.Kept);
                });
                return ExitCodes.Done;
            }

            var listing = new Listing("version", "time (UTC)", "by", "what", "state");
            foreach (PolicyVersionRow row in rows)
            {
                listing.Add(row.Version.ToString(CultureInfo.InvariantCulture), row.Time is { } time ? Instants.Shown(time) : "", row.By, row.What, row.InForce ? "in force" : row.Kept ? "kept" : "not kept");
            }

            listing.Print(terminal, "No version.");
            return ExitCodes.Done;
        });
    }

    private static VaultCommand Show(Terminal terminal)
    {
        var version = Version("--version", "This version; without it the one in force.");
        var format = Format();
        return new VaultCommand(terminal, "show", "Print a version of the policy as policy export does.", "policy show /srv/vault --version 12")
            .With(version, format)
            .Does((parse, vault) => Print(terminal, vault.Policies.Export(parse.GetValue(version), parse.GetValue(format) == "yaml")));
    }

    private static VaultCommand Diff(Terminal terminal)
    {
        var from = VersionArgument("A", "A version; without it the newest that is kept beside the one in force.");
        var to = VersionArgument("B", "A version; without it the one in force.");
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "diff", "Tell what one version of the policy says otherwise than another.", "policy diff /srv/vault", "policy diff /srv/vault 12 15").With(from, to, asJson).Does((parse, vault) =>
        {
            Answer<IReadOnlyList<string>> answer = vault.Policies.Differences(parse.GetValue(from) ?? vault.Policies.Before, parse.GetValue(to));
            if (!answer.Result.IsOk)
            {
                return terminal.Fail(answer.Result);
            }

            if (parse.GetValue(asJson))
            {
                Json.PrintArray(terminal, answer.Value, (json, change) => json.WriteString("change", change));
                return ExitCodes.Done;
            }

            foreach (string change in answer.Value.DefaultIfEmpty("They say the same."))
            {
                terminal.Say(change);
            }

            return ExitCodes.Done;
        });
    }

    private static VaultCommand Undo(Terminal terminal)
    {
        var to = Version("--to", "The version whose content is to hold again; without it the newest kept one that says something else.");
        var dryRun = PlanOutput.DryRun();
        var yes = PlanOutput.Yes();
        return new VaultCommand(terminal, "undo", "Go back: a new version that says what an older one said. Incident locks stay as they are.", "policy undo /srv/vault", "policy undo /srv/vault --to 12 --yes")
            .With(to, dryRun, yes)
            .Does((parse, vault) => PlanOutput.Run(terminal, vault.Policies, vault.Policies.PlanUndo(parse.GetValue(to)), "", parse.GetValue(dryRun), parse.GetValue(yes)));
    }

    private static int Print(Terminal terminal, Answer<string> answer)
    {
        if (!answer.Result.IsOk)
        {
            return terminal.Fail(answer.Result);
        }

        terminal.Output.Write(answer.Value);
        return ExitCodes.Done;
    }

    private static void Write(Utf8JsonWriter json, PolicyCheck check)
    {
        json.WriteStartArray("faults");
        foreach (FaultRow fault in check.Faults)
        {
            json.WriteStartObject();
            json.WriteNumber("line", fault.Line);
            json.WriteNumber("column", fault.Column);
            json.WriteString("problem", fault.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Json.WriteTexts(json, "remarks", check.Remarks);
    }

    private static Option<string?> Format() => Parts.OneOf("--format", "json, or yaml.", "json", "json", "yaml");

    private static Option<ulong?> Version(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "VERSION",
        CustomParser = result => Number(result, name),
    };

    private static Argument<ulong?> VersionArgument(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => Number(result, name),
    };

    private static ulong? Number(ArgumentResult result, string name)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number > 0)
        {
            return number;
        }

        if (text.Length > 0)
        {
            result.AddError($"{name} is the number of a version, from 1, not '{text}'.");
        }

        return null;
    }
}
