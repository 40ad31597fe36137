using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Exchange;

/// <summary>Reads levels, departments and programs, and has the rest read by those who need them known.</summary>
internal sealed class DraftReader(DocumentFaults faults, IZones? zones)
{
    public PolicyContent Read(Fields document)
    {
        if (document.Find("format") is { } format && format.Text != Shapes.Format)
        {
            document.Fault("format", $"this is a document of format {DocumentText.Shown(format.Text)}, and this program knows format {Shapes.Format}: use a later version of it.");
        }

        if (document.Find("version") is { Shape: not NodeShape.Number } version)
        {
            faults.Add(version.Place, "'version' is the number of the version that was exported; it may be left out.");
        }

        List<Level> levels = Levels(document);
        (List<string> departments, List<Layer> layers) = Departments(document);
        var known = PolicyDocument.Initial().Content with { Levels = levels, Departments = departments, Layers = layers };
        known = known with { Programs = Programs(document, known) };
        CheckLayers(document, known);
        var people = new DraftPeople(faults, zones, known);
        known = people.Read(document);
        Locks(document);
        return known with { Rules = new DraftRules(faults, people).Read(document, known) };
    }

    private List<Level> Levels(Fields document)
    {
        var levels = new List<Level>();
        var names = new HashSet<string>(PolicyName.Comparer);
        foreach (Fields level in Each(document, "levels", Shapes.Level))
        {
            if (Name(level, "level", PolicyName.Problem("level", level.Text("name") ?? "x"), names) is not { } name)
            {
                continue;
            }

            var also = new List<string>();
            foreach ((string alias, TextPlace place) in level.Texts("also"))
            {
                if (IsName(alias, place, PolicyName.Problem("level", alias), names))
                {
                    also.Add(alias);
                }
            }

            string[] hosts = [.. level.Texts("notOnHosts").Select(h => h.Text)];
            Tell(level, "notOnHosts", RuleInvariants.Hosts($"level {name}", hosts));
            levels.Add(new Level(name, also) { Strict = level.Truth("strict") ?? false, NoWriteDown = level.Truth("noWriteDown") ?? false, NotOnHosts = hosts });
        }

        if (levels.Count is 0 or > PolicyInvariants.MaxLevels)
        {
            document.Fault("levels", $"a policy has 1 to {PolicyInvariants.MaxLevels} levels, the least sensitive first.");
        }

        return levels.Count == 0 ? [.. PolicyDocument.Initial().Levels] : levels;
    }

    private (List<string> Departments, List<Layer> Layers) Departments(Fields document)
    {
        var names = new HashSet<string>(PolicyName.Comparer);
        var departments = new List<(string Path, TextPlace Place)>();
        var layers = new List<Layer>();
        foreach (DocumentNode item in document.List("departments"))
        {
            Fields? fields = item.Shape == NodeShape.Text ? null : Fields.Of(item, Shapes.Department, faults);
            string? path = item.Shape == NodeShape.Text ? item.Text : fields?.Text("name");
            if (path is null || !IsName(path, fields?.PlaceOf("name") ?? item.Place, PolicyName.PathProblem(path), names))
            {
                continue;
            }

            departments.Add((path, item.Place));
            if (fields is not null)
            {
                layers.Add(LayerOf(fields, path));
            }
        }

        foreach ((string path, TextPlace place) in departments)
        {
            string above = path.Contains('/') ? path[..path.LastIndexOf('/')] : "";
            if (above.Length > 0 && departments.All(d => d.Path != above))
            {
                faults.Add(place, $"department {path} needs {above} above it; list that, too.");
            }
        }

        return ([.. departments.Select(d => d.Path)], layers);
    }

    private static Layer LayerOf(Fields department, string path)
    {
        AuditExtent? audit = department.Word("audit", "all", "changes", "denials") is { } extent && Spelling.TryExtent(extent, out AuditExtent known) ? known : null;
        bool? observes = department.Word("access", "enforce", "observe") is { } access ? access == "observe" : null;
        EncryptionMode? encryption = department.Word("encryption", "mandatory", "optional") is { } mode && Spelling.TryEncryption(mode, out EncryptionMode chosen) ? chosen : null;
        DateTimeOffset? until = department.End("until");
        if (observes == true && until is null)
        {
            department.Fault("access", $"department {path} is to observe and not to enforce: that has an end; say when (until).");
        }
        else if (observes != true && until is not null)
        {
            department.Fault("until", $"until is the end of observing, and department {path} does not observe.");
        }

        return new Layer(path, audit, observes, until, encryption);
    }

    private void CheckLayers(Fields document, PolicyContent known)
    {
        if (!faults.Any)
        {
            Tell(document, "departments", RuleInvariants.Layers(known));
        }
    }

    private List<TrustedProgram> Programs(Fields document, PolicyContent known)
    {
        var programs = new List<TrustedProgram>();
        var names = new HashSet<string>(PolicyName.Comparer);
        foreach (Fields program in Each(document, "programs", Shapes.Program))
        {
            if (Name(program, "program", PolicyName.Problem("program", program.Text("name") ?? "x"), names) is not { } name)
            {
                continue;
            }

            var read = new TrustedProgram(name, Digests(program, "images"), Texts(program, "paths"), Digests(program, "scripts"), Texts(program, "scriptPaths"));
            if (!faults.Any)
            {
                Tell(program, "name", RuleInvariants.Programs([read]));
            }

            programs.Add(read);
        }

        return programs;
    }

    private List<Digest256> Digests(Fields program, string member)
    {
        var digests = new List<Digest256>();
        foreach ((string text, TextPlace place) in program.Texts(member))
        {
            if (Digest256.TryParse(text, out Digest256 digest))
            {
                digests.Add(digest);
            }
            else
            {
                faults.Add(place, $"'{DocumentText.Shown(text)}' is no SHA-256 of a program: that has 64 hexadecimal digits (sha256sum prints it).");
            }
        }

        return digests;
    }

    /// <summary>Locks are shown in exports and read by nobody: their shape is looked at, so that a misspelled one is not taken for one that holds.</summary>
    private void Locks(Fields document)
    {
        foreach (Fields locked in Each(document, "locks", Shapes.Lock))
        {
            locked.Text("target");
        }
    }

    private IEnumerable<Fields> Each(Fields document, string member, Shape shape) => document.List(member).Select(n => Fields.Of(n, shape, faults)).OfType<Fields>();

    private static string[] Texts(Fields fields, string member) => [.. fields.Texts(member).Select(t => t.Text)];

    private string? Name(Fields fields, string kind, string? problem, HashSet<string> names) =>
        fields.Text("name") is { } name && IsName(name, fields.PlaceOf("name"), problem, names) ? name : null;

    private bool IsName(string name, TextPlace place, string? problem, HashSet<string> names)
    {
        string? wrong = problem ?? (names.Add(name) ? null : $"'{name}' is here twice; give each a name of its own.");
        if (wrong is not null)
        {
            faults.Add(place, wrong);
        }

        return wrong is null;
    }

    private static void Tell(Fields fields, string member, string? problem)
    {
        if (problem is not null)
        {
            fields.Fault(member, problem);
        }
    }
}
