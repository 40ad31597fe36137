using System;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using Xunit;

namespace SecureVault.Tests.Policy;

/// <summary>The examples of POLICY.md.</summary>
public sealed class PolicyDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PolicyDocument Example = Build(
        p => p.AddDepartment("finance/treasury"),
        p => p.AddDepartment("engineering"),
        p => p.AddUser("alice", 1001, null, null, EncryptionMode.Mandatory),
        p => p.AddUser("bob", 1002, null, null, EncryptionMode.Mandatory),
        p => p.AddUser("carol", 1003, null, null, EncryptionMode.Mandatory),
        p => p.AddUser("dave", 1004, null, null, EncryptionMode.ReadOnly),
        p => p.AddUser("eve", 1005, null, Now, EncryptionMode.Mandatory),
        p => p.AddGroup("auditors", 50, null),
        p => p.AddMember("auditors", "bob"),
        p => p.AddMember("auditors", "eve"),
        p => p.GrantUser("alice", "finance:confidential", AccessMode.Plaintext, null),
        p => p.GrantUser("bob", "finance:机密", AccessMode.ReadOnly, null),
        p => p.GrantUser("carol", "finance:secret:Customer-7", AccessMode.Plaintext, null),
        p => p.GrantUser("dave", "finance:secret:*", AccessMode.Plaintext, Now.AddSeconds(1)),
        p => p.GrantGroup("auditors", "engineering:internal", AccessMode.ReadOnly, null));

    [Theory]
    [InlineData(1001u, "finance:internal", AccessMode.Plaintext, DecisionReason.Granted, "alice", "finance:confidential")]
    [InlineData(1001u, "finance/treasury:confidential", AccessMode.Plaintext, DecisionReason.Granted, "alice", "finance:confidential")]
    [InlineData(1001u, "finance:secret", AccessMode.Denied, DecisionReason.LevelTooHigh, "", "")]
    [InlineData(1001u, "finance:internal:customer-7", AccessMode.Denied, DecisionReason.CompartmentNotGranted, "", "")]
    [InlineData(1001u, "engineering:public", AccessMode.Denied, DecisionReason.NoGrantForDepartment, "", "")]
    [InlineData(1002u, "finance:secret", AccessMode.ReadOnly, DecisionReason.Granted, "bob", "finance:secret")]
    [InlineData(1002u, "engineering:internal", AccessMode.ReadOnly, DecisionReason.Granted, "auditors", "engineering:internal")]
    [InlineData(1003u, "finance:secret:customer-7", AccessMode.Plaintext, DecisionReason.Granted, "carol", "finance:secret:customer-7")]
    [InlineData(1003u, "finance:public", AccessMode.Denied, DecisionReason.CompartmentNotGranted, "", "")]
    [InlineData(1004u, "finance:secret:anything", AccessMode.ReadOnly, DecisionReason.ReadOnlyEncryptionMode, "dave", "finance:secret:*")]
    [InlineData(1005u, "engineering:public", AccessMode.Denied, DecisionReason.UserExpired, "", "")]
    [InlineData(0u, "finance:public", AccessMode.Denied, DecisionReason.UnknownUser, "", "")]
    [InlineData(1001u, "marketing:public", AccessMode.Denied, DecisionReason.UnknownLabel, "", "")]
    [InlineData(1001u, "finance:hush", AccessMode.Denied, DecisionReason.UnknownLabel, "", "")]
    public void An_example_of_the_document_holds(uint uid, string label, AccessMode mode, DecisionReason reason, string holder, string grant)
    {
        Decision decision = Read(uid, label, Now);
        Assert.Equal((mode, reason, holder, grant), (decision.Mode, decision.Reason, decision.GrantedTo, decision.Grant));
        Assert.Equal(mode != AccessMode.Denied, decision.Allowed);
    }

    [Fact]
    public void A_read_only_grant_refuses_a_write_and_says_so()
    {
        Decision decision = Deciding.Of(Example, new Subject(1002, null, []), Parse("finance:secret"), AccessAction.Write, Now);
        Assert.Equal((false, AccessMode.ReadOnly, DecisionReason.WriteNeedsPlaintext), (decision.Allowed, decision.Mode, decision.Reason));
    }

    [Fact]
    public void A_stranger_in_a_granted_system_group_gets_what_the_group_has()
    {
        Decision decision = Deciding.Of(Example, new Subject(4711, null, [7, 50]), Parse("engineering:public"), AccessAction.Read, Now);
        Assert.Equal((true, AccessMode.ReadOnly, "auditors", ""), (decision.Allowed, decision.Mode, decision.GrantedTo, decision.User));
    }

    [Fact]
    public void A_grant_ends_at_its_expiry_and_not_a_tick_before()
    {
        DateTimeOffset end = Now.AddSeconds(1);
        Assert.True(Read(1004, "finance:secret", end.AddTicks(-1)).Allowed);
        Decision after = Read(1004, "finance:secret", end);
        Assert.Equal((false, DecisionReason.GrantExpired, "dave", "finance:secret:*"), (after.Allowed, after.Reason, after.GrantedTo, after.Grant));
    }

    [Fact]
    public void An_unlabelled_object_is_left_to_the_file_system()
    {
        Decision decision = Deciding.Of(Example, new Subject(4711, null, []), Label.None, AccessAction.Write, Now);
        Assert.Equal((true, AccessMode.Plaintext, DecisionReason.Unlabelled), (decision.Allowed, decision.Mode, decision.Reason));
    }

    [Fact]
    public void A_decision_allocates_nothing()
    {
        var subject = new Subject(1002, null, [50, 51]);
        Label label = Parse("finance:secret");
        Allocations.Hold("policy.decide", () => Deciding.Of(Example, subject, label, AccessAction.Read, Now));
    }

    internal static PolicyDocument Build(params Func<PolicyDocument, PolicyEdit>[] edits)
    {
        PolicyDocument policy = PolicyDocument.Initial();
        foreach (Func<PolicyDocument, PolicyEdit> edit in edits)
        {
            PolicyEdit done = edit(policy);
            Assert.Null(done.Error);
            policy = done.Policy!;
        }

        return policy;
    }

    private static Decision Read(uint uid, string label, DateTimeOffset now) =>
        Deciding.Of(Example, new Subject(uid, null, []), Parse(label), AccessAction.Read, now);

    private static Label Parse(string text)
    {
        Assert.True(Label.TryParse(text, out Label? label));
        return label!;
    }
}
