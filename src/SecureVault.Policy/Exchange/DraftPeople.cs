using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Exchange;

/// <summary>Reads users, groups, grants and conditions. Names are taken in any case and kept as they are spelled where they are defined.</summary>
internal sealed class DraftPeople(DocumentFaults faults, IZones? zones, PolicyContent known)
{
    private readonly PolicyIndex _index = new(known);
    private readonly Dictionary<string, string> _programs = known.Programs.ToDictionary(p => p.Name, p => p.Name, PolicyName.Comparer);
    private readonly Dictionary<string, string> _names = new(PolicyName.Comparer);
    private readonly Dictionary<string, string> _sids = new(StringComparer.Ordinal);

    public Dictionary<string, string> Users { get; } = new(PolicyName.Comparer);

    public Dictionary<string, string> Groups { get; } = new(PolicyName.Comparer);

    public PolicyContent Read(Fields document)
    {
        var uids = new Dictionary<uint, string>();
        var gids = new Dictionary<uint, string>();
        var users = new List<User>();
        foreach (Fields fields in document.List("users").Select(n => Fields.Of(n, Shapes.User, faults)).OfType<Fields>())
        {
            if (Identity(fields, "user", "uid", uids, Users) is var (name, uid, sid))
            {
                EncryptionMode mode = fields.Word("encryption", "mandatory", "optional", "read-only") is { } word && Spelling.TryEncryption(word, out EncryptionMode spelled) ? spelled : EncryptionMode.Mandatory;
                users.Add(new User(name, uid, sid, PolicyContent.WholeSeconds(fields.End("expires")), mode, Grants(fields, name)) { When = ConditionsOf(fields, "when", $"user {name}") });
            }
        }

        var groups = new List<Group>();
        foreach (Fields fields in document.List("groups").Select(n => Fields.Of(n, Shapes.Group, faults)).OfType<Fields>())
        {
            if (Identity(fields, "group", "gid", gids, Groups) is var (name, gid, sid))
            {
                groups.Add(new Group(name, gid, sid, Named(fields, "members", "user", Users), Grants(fields, name)));
            }
        }

        return known with { Users = users, Groups = groups };
    }

    /// <summary>Names of a list, as they are spelled where they are defined; one that is not defined is a fault.</summary>
    public List<string> Named(Fields fields, string member, string kind, Dictionary<string, string> defined)
    {
        var names = new List<string>();
        foreach ((string text, TextPlace place) in fields.Texts(member))
        {
            if (!defined.TryGetValue(text, out string? spelled))
            {
                faults.Add(place, faults.IsFull ? "" : $"there is no {kind} '{DocumentText.Shown(text)}' in this document{NearestName.Hint(text, defined.Keys)}.");
            }
            else if (names.Contains(spelled))
            {
                faults.Add(place, $"{kind} {spelled} is listed here already.");
            }
            else
            {
                names.Add(spelled);
            }
        }

        return names;
    }

    /// <summary>Null where there are none, or where they ask nothing.</summary>
    public Conditions? ConditionsOf(Fields holder, string member, string of)
    {
        if (holder.Find(member) is not { } node || Fields.Of(node, Shapes.Conditions, faults) is not { } fields)
        {
            return null;
        }

        var kinds = Conditions.SessionKinds.ToDictionary(k => k, k => k, StringComparer.Ordinal);
        var read = new Conditions(Named(fields, "programs", "program", _programs), HoursOf(fields), [.. fields.Texts("hosts").Select(h => h.Text)], fields.Truth("online"), Named(fields, "sessions", "kind of session (console, remote, service)", kinds));
        string? problem = RuleInvariants.Hosts(of, read.Hosts) ?? (read.IsNone && !faults.Any ? $"the conditions of {of} ask nothing; leave '{member}' out." : null);
        if (problem is not null)
        {
            faults.Add(node.Place, problem);
        }

        return read.IsNone ? null : read;
    }

    /// <summary>"finance:secret", which is plaintext for ever, or members.</summary>
    private List<Grant> Grants(Fields holder, string name)
    {
        var grants = new List<Grant>();
        foreach (DocumentNode item in holder.List("grants"))
        {
            Fields? fields = item.Shape == NodeShape.Text ? null : Fields.Of(item, Shapes.Grant, faults);
            string? scope = item.Shape == NodeShape.Text ? item.Text : fields?.Text("scope");
            if (scope is not null && GrantOf(scope, fields, item.Place, name) is { } grant)
            {
                if (grants.Any(g => PolicyName.Comparer.Equals(g.Scope, grant.Scope)))
                {
                    faults.Add(item.Place, $"{name} has {grant.Scope} already; keep one of the two.");
                }

                grants.Add(grant);
            }
        }

        return grants;
    }

    private Grant? GrantOf(string text, Fields? fields, TextPlace place, string holder)
    {
        if (!Scopes.TryResolve(_index, text, allowAll: true, out Scope scope, out string? error))
        {
            string department = text.Split(':')[0];
            string hint = faults.IsFull || _index.TryDepartment(department, out _) ? "" : NearestName.Hint(department, _index.DepartmentNames);
            faults.Add(fields?.PlaceOf("scope") ?? place, $"{error}{hint}");
            return null;
        }

        AccessMode mode = fields?.Word("mode", "plaintext", "read-only") == "read-only" ? AccessMode.ReadOnly : AccessMode.Plaintext;
        return new Grant(scope.Department, scope.Level, scope.Compartment, mode, PolicyContent.WholeSeconds(fields?.End("expires")))
        {
            When = fields is null ? null : ConditionsOf(fields, "when", $"the grant {text} of {holder}"),
        };
    }

    private Hours? HoursOf(Fields fields)
    {
        if (fields.Text("hours") is not { } text)
        {
            return null;
        }

        string problem = Hours.TryParse(text, out Hours? hours, out string wrong) ? "" : wrong;
        if (hours is not null && zones is not null && !zones.TryLocal(hours.Zone, DateTimeOffset.UnixEpoch, out _))
        {
            problem = $"this machine knows no time zone {hours.Zone}; write one of the IANA database, for example Europe/Berlin, Asia/Shanghai or UTC.";
        }

        if (problem.Length > 0)
        {
            fields.Fault("hours", problem);
        }

        return hours;
    }

    private (string Name, uint? Number, string? Sid)? Identity(Fields fields, string kind, string numberKind, Dictionary<uint, string> numbers, Dictionary<string, string> defined)
    {
        string? name = fields.Text("name");
        uint? number = fields.Number(numberKind);
        string? sid = fields.Text("sid")?.ToUpperInvariant();
        if (name is null)
        {
            return null;
        }

        bool first = !_names.ContainsKey(name);
        if (PolicyInvariants.Identity(kind, name, number, numberKind, sid, _names, numbers, _sids) is { } problem)
        {
            bool named = !first || PolicyName.Problem(kind, name) is not null;
            fields.Fault(named ? "name" : problem.Contains("SID", StringComparison.Ordinal) ? "sid" : numberKind, problem);
        }

        if (first)
        {
            defined.TryAdd(name, name);
        }

        return (name, number, sid);
    }
}
