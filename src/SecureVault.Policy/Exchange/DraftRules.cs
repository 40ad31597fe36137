using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Exchange;

/// <summary>Reads rules, once everything that they may name is known.</summary>
internal sealed class DraftRules(DocumentFaults faults, DraftPeople people)
{
    public List<Rule> Read(Fields document, PolicyContent known)
    {
        var rules = new List<Rule>();
        var names = new HashSet<string>(PolicyName.Comparer);
        var index = new PolicyIndex(known with { Users = [], Groups = [] });
        foreach (Fields fields in document.List("rules").Select(n => Fields.Of(n, Shapes.Rule, faults)).OfType<Fields>())
        {
            string name = fields.Text("name") ?? "";
            string? problem = fields.Find("name") is null ? null : PolicyName.Problem("rule", name) ?? (names.Add(name) ? null : $"A rule named {name} exists already.");
            Tell(fields, "name", problem);
            rules.Add(RuleOf(fields, name, known, index));
        }

        if (rules.Count > RuleInvariants.MaxRules)
        {
            document.Fault("rules", $"a policy has at most {RuleInvariants.MaxRules} rules.");
        }

        return rules;
    }

    private Rule RuleOf(Fields fields, string name, PolicyContent known, PolicyIndex index)
    {
        var labels = new LabelRange(
            Department(fields, index), Level(fields, "from", index), Level(fields, "to", index),
            PolicyName.FoldCompartment(fields.Text("compartment") ?? PolicyName.AllCompartments));
        string ceiling = fields.Word("ceiling", "denied", "read-only", "plaintext") ?? "denied";
        string path = fields.Text("path") ?? "";
        var rule = new Rule(
            name, labels, path, people.Named(fields, "users", "user", people.Users), people.Named(fields, "groups", "group", people.Groups), Actions(fields),
            people.ConditionsOf(fields, "when", $"rule {name}"), people.ConditionsOf(fields, "unless", $"rule {name}"),
            Spelling.TryMode(ceiling, out AccessMode mode) ? mode : AccessMode.Denied, fields.Text("say") ?? "", fields.Truth("notify") ?? false, fields.Truth("reason") ?? false);
        Tell(fields, "path", path.Length == 0 ? null : PathGlob.Problem(path));
        Tell(fields, "say", rule.Say.Contains('\0') ? "the sentence has a NUL character." : null);
        Tell(fields, "from", RuleInvariants.Range(known, rule));
        Tell(fields, "ceiling", RuleInvariants.Effect(rule));
        return rule;
    }

    private static string Department(Fields fields, PolicyIndex index)
    {
        string text = fields.Text("department") ?? "";
        if (text.Length == 0 || index.TryDepartment(text, out string? spelled))
        {
            return text.Length == 0 ? "" : Spelled(index, text);
        }

        fields.Fault("department", $"there is no department '{DocumentText.Shown(text)}' in this document{NearestName.Hint(text, index.DepartmentNames)}.");
        return "";
    }

    private static string Spelled(PolicyIndex index, string department) => index.TryDepartment(department, out string? spelled) ? spelled! : department;

    private static string Level(Fields fields, string member, PolicyIndex index)
    {
        string text = fields.Text(member) ?? "";
        if (text.Length == 0 || index.TryRank(text, out int rank))
        {
            return text.Length == 0 ? "" : index.LevelNames[index.TryRank(text, out int known) ? known : 0];
        }

        fields.Fault(member, $"there is no level '{DocumentText.Shown(text)}' in this document{NearestName.Hint(text, index.LevelNames)}.");
        return "";
    }

    private RuleActions Actions(Fields fields)
    {
        if (fields.Find("actions") is null)
        {
            return RuleActions.Usual;
        }

        RuleActions all = RuleActions.None;
        foreach ((string text, TextPlace place) in fields.Texts("actions"))
        {
            if (Spelling.TryAction(text, out AccessAction action))
            {
                all |= (RuleActions)(1 << (int)action);
            }
            else
            {
                faults.Add(place, $"there is no action '{DocumentText.Shown(text)}'{NearestName.Hint(text, Spelling.Actions.Select(Spelling.Of))}; there is {string.Join(", ", Spelling.Actions.Select(Spelling.Of))}.");
            }
        }

        return all;
    }

    private static void Tell(Fields fields, string member, string? problem)
    {
        if (problem is not null)
        {
            fields.Fault(member, problem);
        }
    }
}
