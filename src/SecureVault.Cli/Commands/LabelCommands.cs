using System.CommandLine;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>label and explain: what a file is, and who gets it.</summary>
internal static class LabelCommands
{
    public static Command Labels(Terminal terminal) => new TaughtCommand("label", "Department and level of folders and files; bound to each file through its key.")
    {
        Set(terminal), Show(terminal),
    };

    public static Command Explain(Terminal terminal)
    {
        var path = Parts.Inside();
        var user = new Option<string>("--user") { Description = "Name in the policy.", HelpName = "USER", Required = true };
        var application = new Option<string?>("--application") { Description = "Path of the program that would open it.", HelpName = "EXE" };
        var asJson = Parts.Json();
        return new VaultCommand(
            terminal,
            "explain",
            "Say what a user gets for a file, which grant or rule decides, and what to do about it.",
            "explain /srv/vault --user alice /Payroll/q3.xlsx")
            .With(path, user, application, asJson)
            .Does((parse, vault) =>
            {
                Answer<Explanation> answer = vault.Explain(parse.GetRequiredValue(path), parse.GetRequiredValue(user), parse.GetValue(application));
                return answer.Result.IsOk ? Explained(terminal, answer.Value, parse.GetValue(asJson)) : terminal.Fail(answer.Result);
            });
    }

    private static VaultCommand Set(Terminal terminal)
    {
        var path = Parts.Inside();
        var label = Parts.Text("LABEL", "department:level or department:level:compartment; none takes the label away.");
        var encryption = Parts.OneOf("--encryption", "Of a folder. mandatory: new files are encrypted; optional: unlabelled ones may stay plain.", null, "mandatory", "optional");
        return new VaultCommand(
            terminal,
            "set",
            "Label a folder and all that is in it, or a file. Keys are rewrapped, data stays; an interrupted run is finished by the next.",
            "label set /srv/vault /Payroll finance:secret",
            "label set /srv/vault /Customers/7 finance:secret:customer-7",
            "label set /srv/vault /Payroll none")
            .With(path, label, encryption)
            .Does((parse, vault) =>
            {
                string inside = parse.GetRequiredValue(path);
                long done = 0;
                VaultResult result = ProgressBar.Run(terminal, $"Labelling {inside}", show => vault.SetLabel(inside, parse.GetRequiredValue(label), parse.GetValue(encryption), progress =>
                {
                    done = progress.Done;
                    show?.Invoke(progress);
                }));
                if (!result.IsOk)
                {
                    return terminal.Fail(result);
                }

                Answer<LabelRow> now = vault.ShowLabel(inside);
                terminal.Say($"{inside} is {(now.Result.IsOk ? now.Value.Label : parse.GetRequiredValue(label))} now{(done > 1 ? $", with {done} files in it" : "")}.");
                return ExitCodes.Done;
            });
    }

    private static VaultCommand Show(Terminal terminal)
    {
        var path = Parts.Inside();
        var asJson = Parts.Json();
        return new VaultCommand(terminal, "show", "Show the label of a folder or file.", "label show /srv/vault /Payroll/q3.xlsx").With(path, asJson).Does((parse, vault) =>
        {
            Answer<LabelRow> answer = vault.ShowLabel(parse.GetRequiredValue(path));
            if (!answer.Result.IsOk)
            {
                return terminal.Fail(answer.Result);
            }

            LabelRow row = answer.Value;
            if (parse.GetValue(asJson))
            {
                Json.PrintObject(terminal, json =>
                {
                    json.WriteString("path", row.Path);
                    json.WriteString("kind", row.Kind);
                    json.WriteString("label", row.Label);
                    json.WriteString("encryption", row.Encryption);
                });
                return ExitCodes.Done;
            }

            var listing = new Listing("path", "kind", "label", "encryption");
            listing.Add(row.Path, row.Kind, row.Label, row.Encryption);
            listing.Print(terminal, "");
            return ExitCodes.Done;
        });
    }

    private static int Explained(Terminal terminal, Explanation explanation, bool asJson)
    {
        if (asJson)
        {
            Json.PrintObject(terminal, json =>
            {
                json.WriteString("path", explanation.Path);
                json.WriteString("user", explanation.User);
                json.WriteString("label", explanation.Label);
                json.WriteString("mode", explanation.Mode);
                json.WriteString("reason", explanation.Reason);
                json.WriteString("grantedTo", explanation.GrantedTo);
                json.WriteString("grant", explanation.Grant);
                json.WriteString("advice", explanation.Advice);
                json.WriteNumber("policyVersion", explanation.PolicyVersion);
            });
            return ExitCodes.Done;
        }

        string gets = explanation.Mode switch
        {
            "plaintext" => "may read and write",
            "read-only" => "may read, but not change",
            _ => "may not open",
        };
        terminal.Say($"{explanation.User} {gets} {explanation.Path} ({explanation.Label}): {explanation.Mode}.");
        terminal.Say($"Why: {explanation.Reason}.");
        if (explanation.Advice.Length > 0)
        {
            terminal.Say($"What to do: {explanation.Advice}");
        }

        terminal.Say($"Decided by policy version {explanation.PolicyVersion}; the file's ordinary permissions hold on top.");
        return ExitCodes.Done;
    }
}
