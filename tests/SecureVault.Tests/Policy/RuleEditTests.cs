using System;
using System.Linq;
using System.Text;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using Xunit;

namespace SecureVault.Tests.Policy;

/// <summary>What becomes of rules and what they name when a policy is edited, and what is refused.</summary>
public sealed class RuleEditTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Rule Office = new("only in office", new LabelRange("Finance", "机密", "", "*"), "", ["ALICE"], ["tellers"], RuleActions.Usual, null, Conditions.None with { Programs = ["OFFICE"] }, AccessMode.Denied, "open it in the office program", true, false);
    private static readonly PolicyDocument Example = PolicyDecisionTests.Build(
        p => p.AddDepartment("finance/treasury"),
        p => p.AddUser("alice", 1001, null, null, EncryptionMode.Mandatory),
        p => p.AddGroup("tellers", 50, null),
        p => p.SetProgram(new TrustedProgram("office", [new Digest256(1, 2, 3, 4)], ["/usr/bin/office"], [], [])),
        p => p.SetRule(Office));

    [Fact]
    public void A_rule_is_kept_as_the_policy_spells_its_names()
    {
        Rule rule = Assert.Single(Example.Rules);
        Assert.Equal(new LabelRange("finance", "secret", "", "*"), rule.Labels);
        Assert.Equal(("alice", "tellers", "office"), (rule.Users[0], rule.Groups[0], rule.Unless!.Programs[0]));
        Assert.True(PolicyDocument.TryParse(Example.ToJson(), out PolicyDocument? read));
        Assert.Equal(Example.ToJson(), read!.ToJson());
        Assert.Contains("\"format\":4", Encoding.UTF8.GetString(Example.ToJson()), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_follow_what_is_called_otherwise()
    {
        PolicyDocument renamed = Build(Example, p => p.RenameDepartment("finance", "money"), p => p.RenameLevel("secret", "hush"), p => p.ChangeUser("alice", u => u with { Name = "alice.b" }), p => p.ChangeGroup("tellers", g => g with { Name = "counter" }));
        Rule rule = Assert.Single(renamed.Rules);
        Assert.Equal(("money", "hush", "alice.b", "counter"), (rule.Labels.Department, rule.Labels.From, rule.Users[0], rule.Groups[0]));
    }

    [Fact]
    public void A_rule_that_spoke_of_people_who_are_gone_does_not_come_to_speak_of_everybody()
    {
        PolicyDocument without = Build(Example, p => p.RemoveUser("alice"));
        Assert.Equal(["tellers"], Assert.Single(without.Rules).Groups);
        Assert.Empty(Build(without, p => p.RemoveGroup("tellers")).Rules);
        PolicyDocument all = Build(Example, p => p.SetRule(Office with { Users = [], Groups = [] }), p => p.RemoveUser("alice"));
        Assert.Single(all.Rules);
    }

    [Fact]
    public void What_rules_name_cannot_be_removed()
    {
        Assert.Contains("rule only in office", Build(Example, p => p.RemoveDepartment("finance/treasury")).RemoveDepartment("finance").Error, StringComparison.Ordinal);
        Assert.Contains("rule only in office", Example.RemoveProgram("Office").Error, StringComparison.Ordinal);
        Assert.Contains("rule only in office", Example.SetLevels(["public", "internal"]).Error, StringComparison.Ordinal);
        PolicyDocument granted = Build(Example, p => p.RemoveRule("ONLY IN OFFICE"), p => p.GrantUser("alice", "finance:public", AccessMode.ReadOnly, null, Conditions.None with { Programs = ["office"] }));
        Assert.Contains("grant finance:public of alice", granted.RemoveProgram("office").Error, StringComparison.Ordinal);
        PolicyDocument layered = Build(Example, p => p.RemoveRule("only in office"), p => p.ChangeLayer("finance/treasury", l => l with { Audit = AuditExtent.Denials }));
        Assert.Contains("settings of department finance/treasury", layered.RemoveDepartment("finance/treasury").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("label", "no such department or level")]
    [InlineData("range", "is above")]
    [InlineData("user", "there is alice")]
    [InlineData("program", "there is office")]
    [InlineData("glob", "no pattern of paths")]
    [InlineData("nothing", "takes nothing away")]
    [InlineData("actions", "no action")]
    [InlineData("say", "control or invisible")]
    [InlineData("session", "there is console, remote, service")]
    [InlineData("host", "no name of a machine")]
    public void A_rule_that_makes_no_sense_is_refused_in_a_sentence(string what, string says)
    {
        Rule rule = what switch
        {
            "label" => Office with { Labels = new LabelRange("sales", "", "", "*") },
            "range" => Office with { Labels = new LabelRange("", "secret", "public", "*") },
            "user" => Office with { Users = ["bob"] },
            "program" => Office with { Unless = Conditions.None with { Programs = ["word"] } },
            "glob" => Office with { Path = "Payroll" },
            "nothing" => Office with { Ceiling = AccessMode.Plaintext, Notify = false },
            "actions" => Office with { Actions = RuleActions.None },
            "say" => Office with { Say = "one\u202Etwo" },
            "session" => Office with { When = Conditions.None with { Sessions = ["telnet"] } },
            _ => Office with { When = Conditions.None with { Hosts = ["a b"] } },
        };
        PolicyEdit edit = Example.SetRule(rule);
        Assert.Null(edit.Policy);
        Assert.Contains(says, edit.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_is_taken_off_by_its_target_and_follows_a_renamed_user()
    {
        PolicyDocument locked = Build(Example, p => p.Lock(new IncidentLock(LockKind.User, "Alice", "left with a disk", "carol", Now.AddMilliseconds(7), null)));
        Assert.Equal(("alice", Now), (locked.Locks[0].Name, locked.Locks[0].Since));
        PolicyDocument renamed = Build(locked, p => p.ChangeUser("alice", u => u with { Name = "a" }));
        Assert.Equal("user a", Assert.Single(renamed.Locks).Target);
        Assert.Empty(Build(renamed, p => p.Unlock(LockKind.User, "A")).Locks);
        Assert.Contains("there is user a", renamed.Unlock(LockKind.All, "").Error, StringComparison.Ordinal);
        Assert.Contains("needs a reason", Example.Lock(new IncidentLock(LockKind.All, "", "", "carol", Now, null)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Observing_has_an_end()
    {
        Assert.Contains("has an end", Example.ChangeLayer("finance", l => l with { Observes = true }).Error, StringComparison.Ordinal);
        PolicyDocument observing = Build(Example, p => p.ChangeLayer("finance", l => l with { Observes = true, ObservesUntil = Now }));
        Assert.Empty(Build(observing, p => p.ChangeLayer("finance", l => l with { Observes = null, ObservesUntil = null })).Layers);
    }

    [Fact]
    public void A_level_keeps_its_attributes_when_the_list_is_set_anew()
    {
        PolicyDocument marked = Build(Example, p => p.ChangeLevel("top-secret", l => l with { Strict = true, NotOnHosts = ["pc2", "PC1"] }));
        PolicyDocument set = Build(marked, p => p.SetLevels(["public", "internal", "confidential", "secret", "top-secret=绝密"]));
        Assert.Equal((true, "PC1,pc2"), (set.Levels[4].Strict, string.Join(',', set.Levels[4].NotOnHosts)));
    }

    [Theory]
    [InlineData("mon-fri 08:00-18:00 Europe/Berlin", "2026-05-01T08:00", true)]
    [InlineData("mon-fri 08:00-18:00 Europe/Berlin", "2026-05-01T18:00", false)]
    [InlineData("mon-fri 08:00-18:00 Europe/Berlin", "2026-05-02T12:00", false)]
    [InlineData("fri 22:00-06:00 UTC", "2026-05-02T05:59", true)]
    [InlineData("fri 22:00-06:00 UTC", "2026-05-02T06:00", false)]
    [InlineData("sat-mon 00:00-24:00 UTC", "2026-05-03T23:59", true)]
    [InlineData("sat-mon 00:00-24:00 UTC", "2026-05-05T00:00", false)]
    [InlineData("Mon 08:00-09:00,fri 10:00-11:00 UTC", "2026-05-01T10:30", true)]
    public void Hours_are_of_a_wall_clock(string text, string local, bool within)
    {
        Assert.True(Hours.TryParse(text, out Hours? hours, out string problem), problem);
        Assert.Equal(within, hours!.Contain(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(Hours.TryParse(hours.ToString(), out Hours? again, out _));
        Assert.Equal(hours.ToString(), again!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("mon-fri 08:00-18:00")]
    [InlineData("mon-fri Europe/Berlin")]
    [InlineData("mon-fri 8-18 Europe/Berlin")]
    [InlineData("fun 08:00-18:00 UTC")]
    [InlineData("mon 08:00-08:00 UTC")]
    [InlineData("mon 24:00-08:00 UTC")]
    [InlineData("mon 08:60-09:00 UTC")]
    [InlineData("mon 08:00-25:00 UTC")]
    [InlineData("mon 08:00-18:00 ../../etc/passwd")]
    public void What_are_no_hours_is_refused_in_a_sentence(string text)
    {
        Assert.False(Hours.TryParse(text, out _, out string problem));
        Assert.True(problem.Length > 20 && problem.EndsWith('.'), problem);
    }

    [Fact]
    public void Patterns_cover_what_a_regular_expression_says()
    {
        string[] names = ["a", "b", "ab", "*", "?", "a*", "**", "*b", "x.xlsx", "*.xlsx"];
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            string glob = "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => names[random.Next(names.Length)]));
            string path = "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => names[random.Next(3)] + (random.Next(3) == 0 ? ".XLSX" : "")));
            Assert.Null(PathGlob.Problem(glob));
            Assert.True(PathGlob.Covers(glob, path) == NaiveGlob.Covers(glob, path), $"{glob} and {path}");
        }
    }

    private static PolicyDocument Build(PolicyDocument policy, params Func<PolicyDocument, PolicyEdit>[] edits)
    {
        foreach (Func<PolicyDocument, PolicyEdit> edit in edits)
        {
            PolicyEdit done = edit(policy);
            Assert.Null(done.Error);
            policy = done.Policy!;
        }

        return policy;
    }
}
