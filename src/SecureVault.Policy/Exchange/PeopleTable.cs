using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Naming;

namespace SecureVault.Policy.Exchange;

/// <summary>A table of people and what they may do, put into a policy: who is there is changed, who is not is added, and nobody and nothing is taken away.</summary>
/// <remarks>Columns by the header line, in any order: name, uid, sid, groups, departments, levels, mode, expires, encryption. Several in one cell are parted by ';'. An empty cell leaves what is there; "none" and "never" take it away.</remarks>
public sealed class PeopleTable
{
    private static readonly string[] Columns = ["name", "uid", "sid", "groups", "departments", "levels", "mode", "expires", "encryption"];
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase) { ["user"] = "name", ["group"] = "groups", ["department"] = "departments", ["level"] = "levels", ["expiry"] = "expires" };

    private readonly PolicyDocument _policy;
    private readonly DocumentFaults _faults;
    private readonly bool _makeGroups;
    private readonly Dictionary<string, User> _users;
    private readonly Dictionary<string, Group> _groups;
    private readonly Dictionary<string, TextPlace> _rows = new(PolicyName.Comparer);

    private PeopleTable(PolicyDocument policy, DocumentFaults faults, bool makeGroups)
    {
        _policy = policy;
        _faults = faults;
        _makeGroups = makeGroups;
        _users = policy.Users.ToDictionary(u => u.Name, PolicyName.Comparer);
        _groups = policy.Groups.ToDictionary(g => g.Name, PolicyName.Comparer);
    }

    /// <summary>The policy with the people of the table; null when something is wrong, which the faults say.</summary>
    /// <param name="rows">The header first.</param>
    /// <param name="makeGroups">Groups that there are not are made; else they are faults.</param>
    public static PolicyEdit Into(PolicyDocument policy, IReadOnlyList<IReadOnlyList<CsvCell>> rows, bool makeGroups, DocumentFaults faults)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(faults);
        var table = new PeopleTable(policy, faults, makeGroups);
        if (table.Header(rows) is { } header)
        {
            foreach (IReadOnlyList<CsvCell> row in rows.Skip(1))
            {
                table.Row(header, row);
            }

            table.CheckIdentities();
        }

        return faults.Any ? new PolicyEdit(null, faults.All()[0].ToString())
            : policy.Replaced(policy.Content with { Users = [.. table._users.Values], Groups = [.. table._groups.Values] });
    }

    private string[]? Header(IReadOnlyList<IReadOnlyList<CsvCell>> rows)
    {
        if (rows.Count == 0)
        {
            _faults.Add(new TextPlace(1, 1), $"the table is empty; its first line names the columns, of {string.Join(", ", Columns)}.");
            return null;
        }

        var header = new List<string>();
        foreach (CsvCell cell in rows[0])
        {
            string column = Synonyms.GetValueOrDefault(cell.Text, cell.Text.ToLowerInvariant());
            string? problem = !Columns.Contains(column) ? $"there is no column '{DocumentText.Shown(cell.Text)}'{NearestName.Hint(cell.Text, Columns)}; there is {string.Join(", ", Columns)}{(cell.Text.Contains(';') ? ", parted by commas" : "")}."
                : header.Contains(column) ? $"column {column} is here twice." : null;
            if (problem is not null)
            {
                _faults.Add(cell.Place, problem);
            }

            header.Add(column);
        }

        if (!header.Contains("name"))
        {
            _faults.Add(rows[0][0].Place, "the first line names the columns, and none of them is name.");
        }

        return _faults.Any ? null : [.. header];
    }

    private void Row(string[] header, IReadOnlyList<CsvCell> row)
    {
        if (row.Count != header.Length)
        {
            _faults.Add(row[0].Place, $"this row has {row.Count} cells, and there are {header.Length} columns.");
            return;
        }

        CsvCell Cell(string column) => Array.IndexOf(header, column) is >= 0 and var at ? row[at] : new CsvCell("", row[0].Place);
        CsvCell name = Cell("name");
        string? problem = PolicyName.Problem("user", name.Text) ?? (_rows.TryAdd(name.Text, name.Place) ? null : $"{name.Text} is in line {_rows[name.Text].Line} already.")
            ?? (_groups.ContainsKey(name.Text) ? $"'{name.Text}' is a group: users and groups share one list of names." : null);
        if (problem is not null)
        {
            _faults.Add(name.Place, problem);
            return;
        }

        User user = _users.GetValueOrDefault(name.Text) ?? new User(name.Text, null, null, null, EncryptionMode.Mandatory, []);
        user = user with
        {
            Uid = Read(Cell("uid"), user.Uid, t => uint.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? uid : null, "no uid; write a whole number"),
            Sid = Cell("sid").Text switch { "" => user.Sid, "none" => null, var sid => sid.ToUpperInvariant() },
            Expires = Read(Cell("expires"), user.Expires, t => ExchangeDates.TryRead(t, out DateTimeOffset end) ? PolicyContent.WholeSeconds(end) : null, "no end; write the last day (2026-12-31), an instant (2026-12-31T18:00:00Z), or never"),
            Encryption = Word(Cell("encryption"), user.Encryption, t => Spelling.TryEncryption(t, out EncryptionMode mode) ? mode : null, "no encryption mode; there is mandatory, optional, read-only"),
            Grants = Grants(user.Grants, Cell("departments"), Cell("levels"), Cell("mode")),
        };
        _users[user.Name] = user;
        Join(user.Name, Cell("groups"));
    }

    private Grant[] Grants(IReadOnlyList<Grant> grants, CsvCell departments, CsvCell levels, CsvCell modes)
    {
        string[] zones = Several(departments);
        string[] ranks = Several(levels);
        AccessMode mode = Word(modes, AccessMode.Plaintext, t => Spelling.TryMode(t, out AccessMode known) ? known : null, "no mode of a grant; there is plaintext, read-only");
        if (ranks.Length != 1 && ranks.Length != zones.Length)
        {
            _faults.Add(levels.Place, $"there are {zones.Length} departments and {ranks.Length} levels: give one level for all, or one for each.");
            return [.. grants];
        }

        var all = new List<Grant>(grants);
        for (int i = 0; i < zones.Length; i++)
        {
            if (Scopes.TryResolve(_policy.Index, $"{zones[i]}:{(ranks.Length == 1 ? ranks[0] : ranks[i])}", allowAll: true, out Scope scope, out string? error))
            {
                var grant = new Grant(scope.Department, scope.Level, scope.Compartment, mode, null);
                all.RemoveAll(g => PolicyName.Comparer.Equals(g.Scope, grant.Scope));
                all.Add(grant);
            }
            else
            {
                _faults.Add(departments.Place, $"{error}{NearestName.Hint(zones[i], _policy.Departments)}");
            }
        }

        return [.. all];
    }

    private void Join(string user, CsvCell cell)
    {
        foreach (string name in Several(cell))
        {
            Group? group = _groups.GetValueOrDefault(name);
            string? problem = group is not null ? null
                : !_makeGroups ? $"there is no group '{DocumentText.Shown(name)}'{NearestName.Hint(name, _groups.Keys)}; add it, or make groups on the way (--make-groups)."
                : PolicyName.Problem("group", name) ?? (_users.ContainsKey(name) ? $"'{name}' is a user: users and groups share one list of names." : null);
            if (problem is not null)
            {
                _faults.Add(cell.Place, problem);
                continue;
            }

            group ??= new Group(name, null, null, [], []);
            _groups[group.Name] = group.Members.Contains(user) ? group : group with { Members = [.. group.Members, user] };
        }
    }

    /// <summary>Two people with one number, and the like, at the row of the second.</summary>
    private void CheckIdentities()
    {
        var names = new Dictionary<string, string>(PolicyName.Comparer);
        var uids = new Dictionary<uint, string>();
        var sids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (User user in _users.Values)
        {
            if (PolicyInvariants.Identity("user", user.Name, user.Uid, "uid", user.Sid, names, uids, sids) is { } problem)
            {
                _faults.Add(_rows.GetValueOrDefault(user.Name, new TextPlace(1, 1)), problem);
            }
        }
    }

    private T? Read<T>(CsvCell cell, T? now, Func<string, T?> read, string problem)
        where T : struct => cell.Text is "none" or "never" ? null : cell.Text.Length == 0 ? now : Word<T>(cell, default, read, problem);

    private T Word<T>(CsvCell cell, T now, Func<string, T?> read, string problem)
        where T : struct
    {
        if (cell.Text.Length == 0)
        {
            return now;
        }

        if (read(cell.Text) is { } value)
        {
            return value;
        }

        _faults.Add(cell.Place, $"'{DocumentText.Shown(cell.Text)}' is {problem}.");
        return now;
    }

    private static string[] Several(CsvCell cell) => cell.Text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
