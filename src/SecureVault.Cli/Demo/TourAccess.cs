using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Demo;

/// <summary>The step that shows what each person gets for each file, by really opening it as them.</summary>
internal sealed class TourAccess(Workspace workspace, Narrator say)
{
    public void Show(IReadOnlyList<Person> people, IReadOnlyList<Document> documents)
    {
        bool all = workspace.IsMounted && people.All(p => p.IsReal);
        say.Step(all ? "Each person opens each file, for reading and for writing" : "What each person gets for each file");
        var columns = people.Select(p => Outcomes(p, documents)).ToList();
        var listing = new Listing([.. people.Select(p => p.Name).Prepend("label").Prepend("file")]);
        for (int row = 0; row < documents.Count; row++)
        {
            string label = workspace.Vault.ShowLabel(documents[row].Inside) is { Result.IsOk: true } shown ? shown.Value.Label : "";
            listing.Add([Path.GetFileName(documents[row].Inside), label, .. columns.Select(c => c[row])]);
        }

        say.Table(listing);
        if (!all)
        {
            string asked = string.Join(", ", people.Where(p => !workspace.IsMounted || !p.IsReal).Select(p => p.Name));
            say.Warn($"For {asked}: as 'securevault explain' says; only root, on a drive, can open as others.");
        }

        Answer<Explanation> why = workspace.Vault.Explain(documents[0].Inside, "carol", null);
        if (why.Result.IsOk)
        {
            say.Command($"securevault explain vault --user carol {documents[0].Inside}");
            say.Say($"{why.Value.Mode}: {why.Value.Reason}.");
        }
    }

    private string[] Outcomes(Person person, IReadOnlyList<Document> documents)
    {
        if (workspace.IsMounted && person.IsReal)
        {
            return [.. AccessProbe.Ask(person.Uid, [.. documents.Select(d => workspace.OnDrive(d.Inside))]).Select(a => a.Outcome)];
        }

        return [.. documents.Select(d => workspace.Vault.Explain(d.Inside, person.Name, null) is { Result.IsOk: true } e ? e.Value.Mode : "?")];
    }
}
