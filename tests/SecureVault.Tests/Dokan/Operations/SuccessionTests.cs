using System;
using System.Linq;
using SecureVault.Dokan.Operations;
using SecureVault.Dokan.Values;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;
using Xunit;

namespace SecureVault.Tests.Dokan.Operations;

/// <summary>Labels when one file comes in place of another, beyond what the scripts show.</summary>
public sealed class SuccessionTests
{
    [Fact]
    public void A_name_just_lost_gives_its_label_on_for_15_seconds()
    {
        using var vault = Plan("finance:secret");
        Delete(vault, "\\F\\plan");
        vault.Under.Clock.Advance(TimeSpan.FromSeconds(14));
        vault.Put("\\F\\PLAN", "made anew");
        Assert.Equal("finance:secret", vault.LabelOf("\\F\\PLAN"));
        Delete(vault, "\\F\\PLAN");
        vault.Under.Clock.Advance(TimeSpan.FromSeconds(16));
        vault.Put("\\F\\plan", "much later");
        Assert.Equal("finance:internal", vault.LabelOf("\\F\\plan"));
    }

    [Fact]
    public void Who_may_not_write_by_that_label_inherits_nothing()
    {
        using var vault = Plan("finance:secret");
        Delete(vault, "\\F\\plan");
        var create = new NtCreate(NtAccess.GenericWrite, NtShare.All, NtDisposition.Create, NtOptions.None, NtAttributes.None);
        Assert.Equal(NtStatus.Success, vault.Drive.Create("\\F\\plan", create, vault.As(NtVault.Mallory, NtVault.Accounting), out NtHandle? handle));
        vault.End(handle!);
        Assert.Equal("finance:internal", vault.LabelOf("\\F\\plan"));
    }

    [Fact]
    public void A_higher_label_is_never_lowered_by_replacing()
    {
        using var vault = Plan("finance:internal");
        vault.Put("\\F\\high", "high");
        vault.SetFileLabel("\\F\\high", "finance:secret");
        Assert.Equal(NtStatus.Success, Move(vault, "\\F\\high", "\\F\\plan"));
        Assert.Equal("finance:secret", vault.LabelOf("\\F\\plan"));
        Assert.Equal("high", vault.Get("\\F\\plan"));
    }

    [Fact]
    public void Labels_of_which_neither_includes_the_other_do_not_replace_each_other()
    {
        using var vault = Plan("engineering:internal");
        vault.Under.Policy.Edit(p => p.GrantUser("alice", "engineering:secret", AccessMode.Plaintext, null));
        vault.Put("\\F\\new", "new");
        Assert.Equal(NtStatus.AccessDenied, Move(vault, "\\F\\new", "\\F\\plan"));
        Assert.Equal((AuditEvent.Rename, false), (vault.Under.Audit.Last.Event, vault.Under.Audit.Last.Allowed));
        Assert.Contains("do not include one another", vault.Under.Audit.Last.Detail, StringComparison.Ordinal);
        Assert.Equal(["new", "plan"], vault.Names("\\F"));
    }

    [Fact]
    public void A_label_taken_holds_after_the_drive_was_mounted_anew()
    {
        using var vault = Plan("finance:secret");
        vault.Put("\\F\\new", "new");
        NtHandle reader = vault.Open("\\F\\new", NtAccess.GenericRead);
        Assert.Equal(NtStatus.Success, Move(vault, "\\F\\new", "\\F\\plan"));
        vault.End(reader);
        Assert.Equal(NtStatus.AccessDenied, vault.Drive.Create("\\F\\plan", new NtCreate(NtAccess.GenericRead, NtShare.All, NtDisposition.Open, NtOptions.None, NtAttributes.None), vault.As(NtVault.Mallory, NtVault.Accounting), out _));
        vault.Drive.Stop();
        vault.Under.Remount();
        Assert.Equal("finance:secret", vault.LabelOf("\\F\\plan"));
    }

    [Fact]
    public void A_join_is_one_of_the_two_and_lowers_neither()
    {
        PolicyDocument policy = PolicyDocument.Initial().AddDepartment("finance/treasury").Policy!.AddDepartment("engineering").Policy!;
        string[] departments = ["finance", "finance/treasury", "engineering"];
        string[] compartments = ["", "customer-7", "customer-8"];
        Label[] labels = [Label.None, .. from d in departments from l in policy.Levels from c in compartments select new Label(d, l.Name, c)];
        foreach (Label moved in labels)
        {
            foreach (Label replaced in labels)
            {
                bool joins = LabelJoin.TryJoin(policy, moved, replaced, out Label joined);
                Assert.Equal(joins, LabelJoin.TryJoin(policy, replaced, moved, out _));
                if (joins)
                {
                    Assert.True(joined == moved || joined == replaced);
                    Assert.True(Rank(policy, joined) >= Rank(policy, moved) && Rank(policy, joined) >= Rank(policy, replaced), $"{moved} {replaced} {joined}");
                    Assert.True(joined.Compartment.Length >= moved.Compartment.Length && joined.Compartment.Length >= replaced.Compartment.Length);
                }
                else
                {
                    Assert.False(moved.IsNone || replaced.IsNone || moved == replaced);
                }
            }
        }
    }

    private static int Rank(PolicyDocument policy, Label label) => label.IsNone ? -1 : policy.Levels.ToList().FindIndex(l => l.Name == label.Level);

    private static NtVault Plan(string label)
    {
        var vault = new NtVault();
        vault.MakeFolder("\\F", "finance:internal");
        vault.Put("\\F\\plan", "old");
        vault.SetFileLabel("\\F\\plan", label);
        return vault;
    }

    private static void Delete(NtVault vault, string path)
    {
        NtHandle handle = vault.Open(path, NtAccess.Delete);
        Assert.Equal(NtStatus.Success, vault.Drive.CheckDelete(handle, true));
        vault.End(handle, deletes: true);
    }

    private static NtStatus Move(NtVault vault, string from, string to)
    {
        NtHandle handle = vault.Open(from, NtAccess.Delete);
        NtStatus status = vault.Drive.Move(handle, to, true);
        vault.End(handle);
        return status;
    }
}
