using System;
using System.Linq;
using System.Text;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using Xunit;

namespace SecureVault.Tests.Policy;

public sealed class PolicyDocumentTests
{
    private static readonly DateTimeOffset End = new(2026, 12, 31, 23, 59, 59, TimeSpan.Zero);
    private static readonly PolicyDocument Full = PolicyDecisionTests.Build(
        p => p.AddDepartment("财务/资金"),
        p => p.AddDepartment("engineering"),
        p => p.AddUser("小王", 1001, "s-1-5-21-7", End.AddMilliseconds(400), EncryptionMode.Optional),
        p => p.AddUser("bob", null, null, null, EncryptionMode.ReadOnly),
        p => p.AddGroup("Auditors", 50, "S-1-5-32-544"),
        p => p.AddMember("auditors", "BOB"),
        p => p.GrantUser("小王", "财务:机密:客户7", AccessMode.Plaintext, End),
        p => p.GrantUser("bob", "Engineering:Internal", AccessMode.ReadOnly, null),
        p => p.GrantGroup("Auditors", "财务:绝密:*", AccessMode.ReadOnly, null));

    [Fact]
    public void A_new_policy_has_five_levels_in_order_with_their_chinese_names()
    {
        Assert.Equal(["public", "internal", "confidential", "secret", "top-secret"], PolicyDocument.Initial().Levels.Select(l => l.Name));
        Assert.Equal(["公开", "内部", "秘密", "机密", "绝密"], PolicyDocument.Initial().Levels.Select(l => l.Aliases.Single()));
        Assert.Equal(1UL, PolicyDocument.Initial().Version);
    }

    [Fact]
    public void A_document_reads_back_as_it_was_written()
    {
        byte[] json = Full.ToJson();
        Assert.True(PolicyDocument.TryParse(json, out PolicyDocument? again));
        Assert.Equal(json, again!.ToJson());
        Assert.Equal(10UL, again.Version);
        Assert.Equal(End, again.FindUser("小王")!.Expires);
        Assert.Equal("S-1-5-21-7", again.FindUser("小王")!.Sid);
        Assert.Equal("财务:secret:客户7", again.FindUser("小王")!.Grants.Single().Scope);
        Assert.Equal(["bob"], again.FindGroup("AUDITORS")!.Members);
        Assert.Equal("engineering:internal", again.FindUser("Bob")!.Grants.Single().Scope);
    }

    [Fact]
    public void Adding_a_department_adds_those_above_it()
    {
        PolicyDocument policy = PolicyDecisionTests.Build(p => p.AddDepartment("Finance"), p => p.AddDepartment("finance/treasury/fx"));
        Assert.Equal(["Finance", "Finance/treasury", "Finance/treasury/fx"], policy.Departments);
    }

    [Theory]
    [InlineData("finance:机密", "Finance:secret")]
    [InlineData("FINANCE/treasury:SECRET:Customer-7", "Finance/treasury:secret:customer-7")]
    public void What_a_person_types_becomes_the_policys_spelling(string typed, string spelled)
    {
        PolicyDocument policy = PolicyDecisionTests.Build(p => p.AddDepartment("Finance/treasury"));
        Assert.True(policy.TryResolve(typed, out Label? label, out _));
        Assert.Equal(spelled, label!.ToString());
    }

    [Theory]
    [InlineData("finance", "department:level")]
    [InlineData("marketing:secret", "engineering, finance")]
    [InlineData("finance:hush", "public, internal, confidential, secret, top-secret")]
    [InlineData("finance:secret:*", "all compartments")]
    [InlineData("finance:secret:a?b", "no name")]
    [InlineData("finance:secret:a:b", "department:level")]
    [InlineData("finance/:secret", "may not be empty")]
    public void What_cannot_be_resolved_says_why_and_what_exists(string typed, string says)
    {
        PolicyDocument policy = PolicyDecisionTests.Build(p => p.AddDepartment("finance"), p => p.AddDepartment("engineering"));
        Assert.False(policy.TryResolve(typed, out Label? label, out string? error));
        Assert.Null(label);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a  b")]
    [InlineData("a:b")]
    [InlineData("a,b")]
    [InlineData("-rf")]
    [InlineData(".")]
    [InlineData("*")]
    [InlineData("a\u200Bb")]
    [InlineData("a\u202Eb")]
    [InlineData("a\n")]
    [InlineData("e\u0301")]
    [InlineData("\u212B")]
    [InlineData("\u1112\u1161\u11AB")]
    public void A_name_outside_the_grammar_is_refused(string name)
    {
        PolicyDocument policy = PolicyDocument.Initial();
        Assert.NotNull(policy.AddUser(name, null, null, null, EncryptionMode.Mandatory).Error);
        Assert.NotNull(policy.AddDepartment(name).Error);
        Assert.NotNull(policy.AddGroup(name, null, null).Error);
        Assert.NotNull(policy.SetLevels([name]).Error);
    }

    [Fact]
    public void Half_a_character_is_no_name() =>
        Assert.NotNull(PolicyDocument.Initial().AddUser($"a{(char)0xd800}", null, null, null, EncryptionMode.Mandatory).Error);

    [Theory]
    [InlineData("alice")]
    [InlineData("o.neill_2")]
    [InlineData("7-eleven")]
    [InlineData("财务部")]
    [InlineData("\u00e9t\u00e9")]
    [InlineData("हिन्दी")]
    [InlineData("\U00020BB7")]
    public void A_name_of_any_script_is_taken(string name) =>
        Assert.Equal(name, PolicyDocument.Initial().AddUser(name, null, null, null, EncryptionMode.Mandatory).Policy?.Users.Single().Name);

    [Fact]
    public void Identities_and_names_belong_to_one_holder()
    {
        PolicyDocument p = Full;
        Refused("uid 1001 belongs to user 小王", p.AddUser("eve", 1001, null, null, EncryptionMode.Mandatory));
        Refused("SID S-1-5-32-544 would belong to both eve and Auditors", p.AddUser("eve", null, "S-1-5-32-544", null, EncryptionMode.Mandatory));
        Refused("gid 50 belongs to group Auditors", p.AddGroup("staff", 50, null));
        Refused("A user named BOB exists", p.AddUser("BOB", null, null, null, EncryptionMode.Mandatory));
        Refused("'bob' would name both", p.AddGroup("bob", null, null));
        Refused("4294967295 is no uid", p.AddUser("eve", uint.MaxValue, null, null, EncryptionMode.Mandatory));
        Refused("no SID", p.AddUser("eve", null, "S-1-x", null, EncryptionMode.Mandatory));
    }

    [Fact]
    public void What_is_unknown_or_there_already_is_named()
    {
        Refused("Department engineering exists already", Full.AddDepartment("Engineering"));
        Refused("User eve does not exist; there is bob, 小王", Full.GrantUser("eve", "engineering:secret", AccessMode.Plaintext, null));
        Refused("Group staff does not exist; there is Auditors", Full.AddMember("staff", "bob"));
        Refused("is a member of group Auditors already", Full.AddMember("Auditors", "bob"));
        Refused("members are bob", Full.RemoveMember("Auditors", "小王"));
        Refused("bob has no grant engineering:secret; there is engineering:internal", Full.RevokeUser("bob", "engineering:secret"));
        Refused("revoke it", Full.GrantUser("bob", "engineering:secret", AccessMode.Denied, null));
        Refused("User eve does not exist", Full.RemoveUser("eve"));
    }

    [Fact]
    public void What_a_grant_names_cannot_be_removed_and_the_grant_is_named()
    {
        Refused("remove 财务/资金 first", Full.RemoveDepartment("财务"));
        Refused("revoke bob engineering:internal first", Full.RemoveDepartment("ENGINEERING"));
        Refused("revoke bob engineering:internal", Full.SetLevels(["public", "secret=机密", "top-secret"]));
        PolicyDocument policy = Full.RevokeUser("BOB", "Engineering:内部").Policy!.RemoveDepartment("engineering").Policy!;
        Assert.Equal(["财务", "财务/资金"], policy.Departments);
    }

    [Fact]
    public void A_renamed_level_keeps_its_grants_and_labels()
    {
        PolicyDocument policy = Full.SetLevels(["open=public", "house=internal,内部", "hush=secret,机密", "top-secret"]).Policy!;
        Assert.Equal("engineering:house", policy.FindUser("bob")!.Grants.Single().Scope);
        Assert.True(policy.TryResolve("engineering:secret", out Label? label, out _));
        Assert.Equal("engineering:hush", label!.ToString());
        var old = new Label("engineering", "internal", "");
        Assert.True(Deciding.Of(policy.AddUser("eve", 7, null, null, EncryptionMode.Mandatory).Policy!.GrantUser("eve", "engineering:house", AccessMode.ReadOnly, null).Policy!, new Subject(7, null, []), old, AccessAction.Read, End).Allowed);
    }

    [Fact]
    public void Removing_a_user_removes_memberships_and_granting_again_replaces()
    {
        PolicyDocument policy = Full.RemoveUser("bob").Policy!;
        Assert.Empty(policy.FindGroup("Auditors")!.Members);
        policy = policy.GrantUser("小王", "财务:secret:客户7", AccessMode.ReadOnly, null).Policy!;
        Assert.Equal(new Grant("财务", "secret", "客户7", AccessMode.ReadOnly, null), policy.FindUser("小王")!.Grants.Single());
        Assert.Empty(policy.RemoveGroup("auditors").Policy!.Groups);
    }

    [Fact]
    public void Changed_labels_raise_epoch_and_version_and_never_lower_the_keyring()
    {
        PolicyDocument policy = Full.WithLabelsChanged(5, 3);
        Assert.Equal((Full.Version + 1, 5UL, 1UL), (policy.Version, policy.KeyringVersion, policy.LabelEpoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.WithLabelsChanged(4, 3));
    }

    [Fact]
    public void Every_damaged_document_is_refused_without_an_exception()
    {
        byte[] json = Full.ToJson();
        for (int i = 0; i < json.Length; i++)
        {
            Assert.False(PolicyDocument.TryParse(json.AsSpan(0, i), out _));
            byte kept = json[i];
            foreach (byte odd in new byte[] { (byte)' ', (byte)'"', 0xff })
            {
                json[i] = odd;
                Assert.True(!PolicyDocument.TryParse(json, out PolicyDocument? other) || other!.ToJson().AsSpan().SequenceEqual(json));
            }

            json[i] = kept;
        }
    }

    [Theory]
    [InlineData("\"departments\":[]", "\"departments\":[\"a/b\"]")]
    [InlineData("\"departments\":[]", "\"departments\":[\"b\",\"a\"]")]
    [InlineData("\"departments\":[]", "\"departments\":[\"\\ud800\"]")]
    [InlineData("\"departments\":[]", "\"departments\":null")]
    [InlineData("\"departments\":[]", "\"departments\":[],\"departments\":[]")]
    [InlineData("\"departments\":[]", "\"departments\":[],\"extra\":1")]
    [InlineData("\"version\":1", "\"version\":0")]
    [InlineData("\"version\":1", "\"version\":-1")]
    [InlineData("\"format\":1", "\"format\":2")]
    [InlineData("\"aliases\":[]", "\"aliases\":[\"public\"]")]
    [InlineData("\"users\":[]", "\"users\":[{\"name\":\"a\",\"uid\":1,\"sid\":null,\"expires\":\"2026-02-30T00:00:00Z\",\"encryption\":\"mandatory\",\"grants\":[]}]")]
    [InlineData("\"groups\":[]", "\"groups\":[{\"name\":\"a\",\"gid\":1,\"sid\":null,\"members\":[\"nobody\"],\"grants\":[]}]")]
    [InlineData("\"groups\":[]", "\"groups\":[{\"name\":\"a\",\"gid\":4294967296,\"sid\":null,\"members\":[],\"grants\":[]}]")]
    public void A_document_that_breaks_an_invariant_is_refused(string sound, string broken)
    {
        string json = Encoding.UTF8.GetString(PolicyDocument.Initial().SetLevels(["public="]).Policy!.ToJson()).Replace("\"version\":2", "\"version\":1", StringComparison.Ordinal);
        Assert.True(PolicyDocument.TryParse(Encoding.UTF8.GetBytes(json), out _));
        Assert.Contains(sound, json, StringComparison.Ordinal);
        Assert.False(PolicyDocument.TryParse(Encoding.UTF8.GetBytes(json.Replace(sound, broken, StringComparison.Ordinal)), out PolicyDocument? policy));
        Assert.Null(policy);
    }

    private static void Refused(string says, PolicyEdit edit)
    {
        Assert.Null(edit.Policy);
        Assert.Contains(says, edit.Error, StringComparison.Ordinal);
    }
}
