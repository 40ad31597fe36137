using System;
using SecureVault.Policy;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;
using Xunit;

namespace SecureVault.Tests.Policy;

public sealed class RuleAllocationTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("path")]
    [InlineData("hours")]
    [InlineData("program")]
    [InlineData("group")]
    [InlineData("host")]
    public void A_decision_with_rules_allocates_nothing(string rule)
    {
        PolicyDocument policy = PolicyDecisionTests.Build(
            p => p.AddDepartment("finance"),
            p => p.AddUser("alice", 1001, null, null, EncryptionMode.Mandatory),
            p => p.AddGroup("tellers", 50, null),
            p => p.GrantUser("alice", "finance:secret", AccessMode.Plaintext, null),
            p => p.SetProgram(new TrustedProgram("office", [new Digest256(1, 2, 3, 4)], ["/usr/bin/office"], [], [])),
            p => p.SetRule(RuleOf(rule)));
        var subject = new Subject(1001, null, [7, 50]);
        var label = new Label("finance", "secret", "");
        Circumstances at = new(Now) { Program = new ProgramFacts(new Digest256(1, 2, 3, 4), default, true), Host = "pc1", Session = "console", Zones = new Utc() };
        bool allowed = false;
        Allocations.Hold("policy.decide-with-rules", () =>
            allowed = PolicyDecision.Decide(policy, new AccessRequest { Subject = subject, Label = label, Action = AccessAction.Read, At = at, Path = "/Payroll/2026/may.xlsx" }).Allowed);
        Assert.False(allowed);
    }

    private static Rule RuleOf(string kind)
    {
        Assert.True(Hours.TryParse("mon-fri 08:00-18:00 UTC", out Hours? hours, out _));
        var rule = new Rule("r", new LabelRange("finance", "", "", "*"), "", [], [], RuleActions.Usual, null, null, AccessMode.Denied, "", false, false);
        return kind switch
        {
            "path" => rule with { Path = "/**/2026/*.xlsx" },
            "hours" => rule with { When = Conditions.None with { Hours = hours } },
            "program" => rule with { When = Conditions.None with { Programs = ["office"] } },
            "group" => rule with { Groups = ["tellers"] },
            _ => rule with { When = Conditions.None with { Hosts = ["PC1"], Sessions = ["console"] } },
        };
    }

    private sealed class Utc : IZones
    {
        public bool TryLocal(string zone, DateTimeOffset now, out DateTime local)
        {
            local = now.UtcDateTime;
            return true;
        }
    }
}
