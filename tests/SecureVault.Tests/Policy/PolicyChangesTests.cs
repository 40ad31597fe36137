using System;
using System.Linq;
using System.Text;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using Xunit;

namespace SecureVault.Tests.Policy;

/// <summary>Edits of what is there, and what the record of an edit says.</summary>
public sealed class PolicyChangesTests
{
    private static readonly DateTimeOffset End = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PolicyDocument Full = PolicyDecisionTests.Build(
        p => p.AddDepartment("finance/treasury"),
        p => p.AddUser("alice", 1001, null, null, EncryptionMode.Mandatory),
        p => p.AddUser("bob", 1002, "s-1-5-21-7", End, EncryptionMode.ReadOnly),
        p => p.AddGroup("auditors", 50, null),
        p => p.AddMember("auditors", "bob"),
        p => p.GrantUser("alice", "finance:secret", AccessMode.Plaintext, End),
        p => p.GrantGroup("auditors", "finance/treasury:internal", AccessMode.ReadOnly, null));

    [Fact]
    public void A_record_has_every_field_that_changes_a_right_old_and_new()
    {
        Says("user mallory added: encryption read-only, expires 2027-01-01T00:00:00Z, sid none, uid 1003", p => p.AddUser("mallory", 1003, null, End, EncryptionMode.ReadOnly));
        Says("user bob removed: encryption read-only, expires 2027-01-01T00:00:00Z, sid S-1-5-21-7, uid 1002; group auditors: member bob in -> none", p => p.RemoveUser("bob"));
        Says("user alice: encryption mandatory -> optional, expires never -> 2027-01-01T00:00:00Z, sid none -> S-1-5-21-9, uid 1001 -> none", p => p.ChangeUser("ALICE", u => u with { Uid = null, Sid = "s-1-5-21-9", Expires = End, Encryption = EncryptionMode.Optional }));
        Says("user alice: grant finance:secret plaintext until 2027-01-01T00:00:00Z -> read-only", p => p.GrantUser("alice", "finance:secret", AccessMode.ReadOnly, null));
        Says("user alice: grant finance:secret plaintext until 2027-01-01T00:00:00Z -> none", p => p.RevokeUser("alice", "finance:secret"));
        Says("group auditors: gid 50 -> 51", p => p.ChangeGroup("auditors", g => g with { Gid = 51 }));
        Says("group auditors removed: gid 50, grant finance/treasury:internal read-only, member bob in, sid none", p => p.RemoveGroup("auditors"));
        Says("department legal added", p => p.AddDepartment("legal"));
        Says("levels public < internal < confidential < secret < top-secret -> public < internal < secret; aliases of secret: 机密 -> none", p => p.SetLevels(["public", "internal", "secret="]));
        Says("", p => p.GrantUser("alice", "finance:secret", AccessMode.Plaintext, End));
    }

    [Fact]
    public void A_list_of_levels_keeps_aliases_unless_they_are_taken_away()
    {
        string Aliases(PolicyDocument policy, string level) => string.Join(',', policy.FindLevel(level)!.Aliases);
        PolicyDocument kept = Full.SetLevels(["public", "内部", "secret", "ultra"]).Policy!;
        Assert.Equal(["public", "internal", "secret", "ultra"], kept.Levels.Select(l => l.Name));
        Assert.Equal(("公开", "内部", "机密", ""), (Aliases(kept, "public"), Aliases(kept, "internal"), Aliases(kept, "secret"), Aliases(kept, "ultra")));
        PolicyDocument taken = Full.SetLevels(["public=", "internal=house,内部", "secret"]).Policy!;
        Assert.Equal(("", "house,内部", "机密"), (Aliases(taken, "public"), Aliases(taken, "internal"), Aliases(taken, "secret")));
    }

    [Fact]
    public void A_renamed_level_keeps_all_its_names()
    {
        PolicyDocument policy = Full.RenameLevel("机密", "restricted").Policy!;
        Assert.Equal(["机密", "secret"], policy.FindLevel("restricted")!.Aliases);
        Assert.Equal(["finance:restricted"], policy.FindUser("alice")!.Grants.Select(g => g.Scope));
        Assert.Equal(["机密", "restricted"], policy.RenameLevel("restricted", "secret").Policy!.FindLevel("secret")!.Aliases);
        Assert.Contains("two levels", Full.RenameLevel("secret", "内部").Error, StringComparison.Ordinal);
        Assert.Contains("there is public", Full.RenameLevel("hush", "x").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_renamed_department_stays_where_it_is_and_takes_what_is_below_and_granted_along()
    {
        PolicyDocument policy = Full.RenameDepartment("FINANCE", "Finance & Tax").Policy!;
        Assert.Equal(["Finance & Tax", "Finance & Tax/treasury"], policy.Departments);
        Assert.Equal(["Finance & Tax:secret"], policy.FindUser("alice")!.Grants.Select(g => g.Scope));
        Assert.Equal(["Finance & Tax/treasury:internal"], policy.FindGroup("auditors")!.Grants.Select(g => g.Scope));
        Assert.Equal(["finance", "finance/cash"], Full.RenameDepartment("finance/treasury", "cash").Policy!.Departments);
        Assert.Equal(["finance", "finance/cash"], Full.RenameDepartment("finance/treasury", "Finance/cash").Policy!.Departments);
        Assert.Contains("stays below finance", Full.RenameDepartment("finance/treasury", "legal/cash").Error, StringComparison.Ordinal);
        Assert.Contains("stays at the top", Full.RenameDepartment("finance", "legal/cash").Error, StringComparison.Ordinal);
        Assert.Contains("exists already", Full.AddDepartment("legal").Policy!.RenameDepartment("finance", "Legal").Error, StringComparison.Ordinal);
        Assert.Equal(new Label("Tax/treasury", "secret", ""), new Label("finance/treasury", "secret", "").WithDepartmentRenamed("finance", "Tax"));
        Assert.Equal(new Label("finance2", "secret", ""), new Label("finance2", "secret", "").WithDepartmentRenamed("finance", "Tax"));
    }

    [Fact]
    public void Renamed_users_and_groups_keep_grants_and_memberships()
    {
        PolicyDocument policy = Full.ChangeUser("bob", u => u with { Name = @"FIRM\bob" }).Policy!.ChangeGroup("auditors", g => g with { Name = "Revision" }).Policy!;
        Assert.Equal([@"FIRM\bob"], policy.FindGroup("revision")!.Members);
        Assert.Equal(["finance/treasury:internal"], policy.FindGroup("Revision")!.Grants.Select(g => g.Scope));
        Assert.Contains("exists already", Full.ChangeUser("bob", u => u with { Name = "ALICE" }).Error, StringComparison.Ordinal);
        Assert.Contains("name both", Full.ChangeUser("bob", u => u with { Name = "auditors" }).Error, StringComparison.Ordinal);
        Assert.Contains("belongs to user alice", Full.ChangeUser("bob", u => u with { Uid = 1001 }).Error, StringComparison.Ordinal);
        Assert.Contains("no SID", Full.ChangeUser("bob", u => u with { Sid = "x" }).Error, StringComparison.Ordinal);
        Assert.Contains("there is alice, bob", Full.ChangeUser("eve", u => u).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("long")]
    [InlineData("one")]
    public void A_long_detail_is_split_into_pieces_that_records_hold_whole(string kind)
    {
        string text = kind switch
        {
            "long" => string.Join("; ", Enumerable.Range(0, 300).Select(i => $@"user FIRM\{i} ""工资"" added")),
            "one" => new string('工', 3000) + "\u0001\"\\",
            _ => kind,
        };
        var pieces = AuditDetail.Split(text, "continued: ");
        Assert.Equal(text, pieces[0] + string.Concat(pieces.Skip(1).Select(p => p["continued: ".Length..])));
        Assert.Equal(text.Length > 100, pieces.Count > 1);
        foreach (string piece in pieces)
        {
            byte[] target = new byte[AuditRecord.MaxSize];
            int length = new AuditRecord(End, AuditEvent.PolicyChange, true, "", "", null, 0, "", "", "", 1, piece).Write(target);
            Assert.True(AuditRecord.TryParse(target.AsSpan(0, length), out AuditRecord? again), Encoding.UTF8.GetString(target, 0, length));
            Assert.Equal(piece, again!.Detail);
        }
    }

    private static void Says(string changes, Func<PolicyDocument, PolicyEdit> edit) => Assert.Equal(changes, PolicyChanges.Between(Full, edit(Full).Policy!));
}
