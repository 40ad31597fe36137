using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;
using SecureVault.Policy.Exchange;
using SecureVault.Policy.Review;
using Xunit;

namespace SecureVault.Tests.Policy;

/// <summary>What a policy says to no effect, where one gives more than another, who may do what, and tables of people.</summary>
public sealed class PolicyReviewTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Conditions InOffice = Conditions.None with { Sessions = ["console"] };
    private static readonly PolicyDocument Firm = PolicyDecisionTests.Build(
        p => p.AddDepartment("finance/treasury"),
        p => p.AddUser("alice", 1001, null, null, EncryptionMode.Mandatory),
        p => p.AddUser("bob", 1002, null, Now.AddDays(9), EncryptionMode.ReadOnly),
        p => p.AddUser("ghost", null, null, null, EncryptionMode.Mandatory),
        p => p.AddGroup("staff", null, null),
        p => p.AddMember("staff", "alice"),
        p => p.GrantUser("alice", "finance:confidential", AccessMode.Plaintext, null),
        p => p.GrantGroup("staff", "finance:secret", AccessMode.ReadOnly, Now.AddDays(5)),
        p => p.GrantUser("bob", "finance/treasury:secret", AccessMode.Plaintext, null));

    [Fact]
    public void Rules_to_no_effect_are_named()
    {
        string[] none = [.. PolicyRemarks.Of(Firm)];
        Assert.Empty(none);
        Says("rule r can never apply: wherever it applies (from a console session) its exception stands (from a console session).", Rule("r") with { When = InOffice, Unless = InOffice });
        Says("rule r can never apply: nobody is user ghost: without uid, gid, SID or members.", Rule("r") with { Users = ["ghost"] });
        Says("rule r is needless: rule q takes away all that it does.", Rule("r") with { Users = ["alice"] }, Rule("q") with { Groups = ["staff"] });
        Says("rule b is needless: rule a takes away all that it does.", Rule("a"), Rule("b"));
        Says("rule r is needless: rule q takes away all that it does.", Rule("r") with { Path = "/Payroll/*" }, Rule("q") with { Path = "/payroll" });
        Says("", Rule("r") with { Path = "/*/x" }, Rule("q") with { Path = "/?/x" });
        Says("", Rule("r") with { Users = ["alice"] }, Rule("q") with { NeedsReason = true, Ceiling = AccessMode.ReadOnly });
        Says("rule q is needless: rule r takes away all that it does.", Rule("r") with { Unless = InOffice }, Rule("q") with { Unless = Conditions.None with { Sessions = ["console", "remote"] } });
    }

    [Fact]
    public void Grants_that_rules_always_deny_are_named()
    {
        PolicyDocument denied = Firm.SetRule(Rule("r") with { Labels = new LabelRange("finance", "", "confidential", "*"), Ceiling = AccessMode.Denied }).Policy!;
        Assert.Contains("the grant finance:confidential of user alice gives nothing: rules always deny it.", PolicyRemarks.Of(denied));
        Assert.DoesNotContain(PolicyRemarks.Of(denied), r => r.Contains("bob", StringComparison.Ordinal));
        denied = denied.SetRule(Rule("s") with { Labels = new LabelRange("", "secret", "", "*"), Ceiling = AccessMode.Denied }).Policy!;
        Assert.Equal(3, PolicyRemarks.Of(denied).Count(r => r.Contains("gives nothing", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_needless_rule_changes_no_decision()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        int seen = 0;
        for (int round = 0; round < 400; round++)
        {
            PolicyDocument policy = RuleModelTests.RandomPolicy(random);
            foreach (string name in PolicyRemarks.Of(policy).Where(r => r.Contains("needless", StringComparison.Ordinal)).Select(r => r.Split(' ')[1]))
            {
                seen++;
                PolicyDocument without = policy.RemoveRule(name).Policy!;
                for (int i = 0; i < 100; i++)
                {
                    NaiveRequest asked = RuleModelTests.RandomRequest(random, policy);
                    var request = new AccessRequest { Subject = asked.Subject, Label = asked.Label, Action = asked.Action, At = asked.At, Path = asked.Path };
                    Decision with = PolicyDecision.Decide(policy, request);
                    Decision bare = PolicyDecision.Decide(without, request);
                    Assert.True((with.Allowed, with.Mode, with.Notify) == (bare.Allowed, bare.Mode, bare.Notify), $"seed {seed}, round {round}, {name}: {asked}");
                }
            }
        }

        Assert.True(seen > 0);
    }

    [Fact]
    public void What_gives_more_is_said_and_what_gives_less_is_not()
    {
        PolicyDocument ruled = Firm.SetRule(Rule("r") with { Groups = ["staff"] }).Policy!;
        More(ruled, "user bob gets finance:secret (read-only)", p => p.GrantUser("bob", "finance:secret", AccessMode.ReadOnly, null));
        More(ruled, "group staff has more by finance:secret (read-only)", p => p.GrantGroup("staff", "finance:secret", AccessMode.ReadOnly, null));
        More(ruled, "rule r is gone", p => p.RemoveRule("r"));
        More(ruled, "rule r takes away less, or from fewer", p => p.SetRule(Rule("r") with { Groups = ["staff"], Unless = InOffice }));
        More(ruled, "user bob ends later", p => p.ChangeUser("bob", u => u with { Expires = Now.AddDays(10) }));
        More(ruled, "user bob is bound by less (conditions, or encryption mode read-only)", p => p.ChangeUser("bob", u => u with { Encryption = EncryptionMode.Mandatory }));
        More(ruled, "user alice is somebody else: another uid or SID", p => p.ChangeUser("alice", u => u with { Uid = 7 }));
        More(ruled, "group staff, which has grants, gets bob", p => p.AddMember("staff", "bob"));
        More(ruled, "group staff, from which rules take rights, loses alice", p => p.RemoveMember("staff", "alice"));
        More(ruled, "the levels stand in another order: grants reach other files", p => p.SetLevels(["public", "secret", "internal", "confidential", "top-secret"]));
        More(ruled, "department finance only observes until 2026-05-02T12:00:00Z: nobody is denied its files; department finance/treasury only observes until 2026-05-02T12:00:00Z: nobody is denied its files", p => p.ChangeLayer("finance", l => l with { Observes = true, ObservesUntil = Now.AddDays(1) }));
        More(ruled, "", p => p.RevokeUser("alice", "finance:confidential"));
        More(ruled, "", p => p.GrantUser("alice", "finance/treasury:internal", AccessMode.ReadOnly, Now));
        More(ruled, "", p => p.AddDepartment("legal"));
        More(ruled, "", p => p.SetRule(Rule("s")));
        More(ruled, "", p => p.RemoveUser("bob"));
    }

    [Fact]
    public void The_review_says_who_may_do_what_by_what()
    {
        PolicyDocument ruled = Firm.SetRule(Rule("r") with { Users = ["bob"], Unless = InOffice }).Policy!;
        IReadOnlyList<AccessRow> rows = AccessReview.Of(ruled, new Label("finance/treasury", "secret", ""), "/Payroll", Now);
        Assert.Equal(("alice", AccessMode.ReadOnly, "staff", "finance:secret", Now.AddDays(5)), (rows[0].User, rows[0].Mode, rows[0].Holder, rows[0].Grant, rows[0].Until!.Value));
        Assert.Equal(("bob", AccessMode.ReadOnly, "bob", Now.AddDays(9)), (rows[1].User, rows[1].Mode, rows[1].Holder, rows[1].Until!.Value));
        Assert.Equal("r: read-only unless from a console session", Assert.Single(rows[1].Rules));
        Assert.Equal(("ghost", AccessMode.Denied, ""), (rows[2].User, rows[2].Mode, rows[2].Grant));
        Assert.Equal(["finance secret ReadOnly", "finance confidential Plaintext"], AccessReview.Of(Firm, Firm.FindUser("alice")!, Now).Select(a => $"{a.Department} {a.Level} {a.Mode}"));
        Assert.Equal(["finance/treasury secret ReadOnly"], AccessReview.Of(Firm, Firm.FindUser("bob")!, Now).Select(a => $"{a.Department} {a.Level} {a.Mode}"));
        Assert.Equal(["bob finance/treasury:secret", "staff finance:secret"], AccessReview.Unused(Firm, [("alice", new Label("finance", "internal", "x")), ("ALICE", new Label("sales", "internal", ""))])
            .Concat([]).Where(u => u.Holder != "alice").Select(u => $"{u.Holder} {u.Grant.Scope}").Order(StringComparer.Ordinal));
        Assert.Equal(["bob"], AccessReview.Unused(Firm, [("alice", new Label("finance/treasury", "internal", ""))]).Select(u => u.Holder));
    }

    [Fact]
    public void The_review_gives_no_less_than_any_decision()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 150; round++)
        {
            PolicyDocument policy = RuleModelTests.RandomPolicy(random);
            for (int i = 0; i < 40; i++)
            {
                NaiveRequest asked = RuleModelTests.RandomRequest(random, policy);
                var request = new AccessRequest { Subject = asked.Subject with { Gids = [], GroupSids = null }, Label = asked.Label, Action = AccessAction.Write, At = asked.At, Path = asked.Path };
                Decision decision = PolicyDecision.Decide(policy, request);
                AccessRow? row = AccessReview.Of(policy, asked.Label, asked.Path, asked.At.Now).FirstOrDefault(r => r.User == decision.User);
                Assert.True(row is null || decision.Observed || row.Mode >= decision.Mode || decision.Reason == DecisionReason.UnknownLabel, $"seed {seed}, round {round}: {row} but {decision}; {asked}");
            }
        }
    }

    [Fact]
    public void A_table_of_people_adds_and_changes_and_takes_nothing_away()
    {
        const string csv = "\ufeffName,uid,Groups,departments,levels,expires\r\n\"alice\",1001,,finance,secret,2026-12-31\r\ncarol,1003,staff;new,\"finance;finance/treasury\",internal;secret,\r\nBOB,,,,,never\r\n\r\n";
        PolicyDocument next = Import(csv, true, out _)!;
        Assert.Equal(["finance:confidential", "finance:secret"], next.FindUser("alice")!.Grants.Select(g => g.Scope));
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), next.FindUser("alice")!.Expires);
        Assert.Equal(["finance/treasury:secret", "finance:internal"], next.FindUser("carol")!.Grants.Select(g => g.Scope));
        Assert.Equal(["carol"], next.FindGroup("new")!.Members);
        Assert.Equal(["alice", "carol"], next.FindGroup("staff")!.Members);
        Assert.Equal((null, 1002u, EncryptionMode.ReadOnly), (next.FindUser("bob")!.Expires, next.FindUser("bob")!.Uid!.Value, next.FindUser("bob")!.Encryption));
        Assert.Equal(Firm.Version + 1, next.Version);
    }

    [Fact]
    public void Every_fault_of_a_table_is_told_with_its_line()
    {
        const string csv = "name,uid,groups,departments,levels\nalice,x,,finance,secret\n\"two\nlines\",1,,,\ncarol,1002,staf,finanse,secret\ndave,1,,finance;finance,a;b;c\ndave,2\ncarol,5,,,\n";
        Assert.Null(Import(csv, false, out string faults));
        foreach (string told in new[] { "2:7: 'x' is no uid", "3:1: 'two?lines' is no name", "5:12: there is no group 'staf' (did you mean staff?)", "(did you mean finance?)", "6:25: there are 2 departments and 3 levels", "7:1: this row has 2 cells", "8:1: carol is in line 5 already", "5:1: The uid 1002 belongs to user bob already" })
        {
            Assert.Contains(told, faults, StringComparison.Ordinal);
        }

        Assert.Null(Import("name,uidd\nx,1\n", false, out faults));
        Assert.Contains("1:6: there is no column 'uidd' (did you mean uid?)", faults, StringComparison.Ordinal);
        Assert.Null(Import("name\n\"x\n", false, out faults));
        Assert.Contains("2:1: a quote is opened here and never closed", faults, StringComparison.Ordinal);
        Assert.Null(Import("", false, out faults));
        Assert.Contains("empty", faults, StringComparison.Ordinal);
    }

    private static PolicyDocument? Import(string csv, bool makeGroups, out string told)
    {
        var faults = new DocumentFaults();
        PolicyEdit edit = PeopleTable.Into(Firm, CsvTable.Read(csv, faults), makeGroups, faults);
        told = string.Join('\n', faults.All());
        return edit.Policy;
    }

    private static Rule Rule(string name) =>
        new(name, new LabelRange("finance", "", "", "*"), "", [], [], RuleActions.Usual, null, null, AccessMode.ReadOnly, "", false, false);

    private static void Says(string remark, params Rule[] rules)
    {
        PolicyDocument policy = rules.Aggregate(Firm, (p, r) => p.SetRule(r).Policy!);
        Assert.Equal(remark, string.Join('\n', PolicyRemarks.Of(policy)));
    }

    private static void More(PolicyDocument old, string told, Func<PolicyDocument, PolicyEdit> edit) =>
        Assert.Equal(told, string.Join("; ", PolicyWidening.Between(old, edit(old).Policy!)));
}
