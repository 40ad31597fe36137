using System;
using System.IO;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Documents;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Tests.Format;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;
using Xunit;

namespace SecureVault.Tests.Vaults;

public sealed class PolicyAndKeyringTests
{
    private static readonly Label Secret = new("finance", "secret", "");

    [Fact]
    public void A_running_vault_follows_an_edit_of_another_process()
    {
        using var temp = new TempVault();
        using Vault drive = temp.Open();
        using Vault command = temp.Open();
        Assert.Empty(drive.Policy.Current.Departments);
        TempVault.AddDepartments(command, "finance");
        Assert.Equal(["finance"], drive.Policy.Current.Departments);
        Assert.Equal(2UL, drive.Policy.Current.Version);
    }

    [Fact]
    public void Asking_for_an_unchanged_policy_allocates_nothing()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        PolicyDocument policy = vault.Policy.Current;
        Allocations.Hold("policy.unchanged", () => Assert.True(ReferenceEquals(policy, vault.Policy.Current)));
    }

    [Fact]
    public void An_older_policy_put_back_under_a_running_vault_is_ignored_and_recorded_once()
    {
        using var temp = new TempVault();
        byte[] old = File.ReadAllBytes(temp["policy"]);
        using Vault vault = temp.Open();
        TempVault.AddDepartments(vault, "finance");
        Replace(temp["policy"], old);
        Assert.Equal(2UL, vault.Policy.Current.Version);
        Assert.Equal(2UL, vault.Policy.Current.Version);
        AuditEntry entry = Assert.Single(vault.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.IntegrityFailure);
        Assert.Contains("old copy", entry.Record.Detail, StringComparison.Ordinal);
        VaultResult edit = vault.EditPolicy(p => p.AddDepartment("engineering"), "department engineering");
        Assert.Equal(VaultError.Damaged, edit.Error);
        Assert.Equal(old, File.ReadAllBytes(temp["policy"]));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("missing")]
    public void A_broken_policy_under_a_running_vault_leaves_the_one_in_force(string damage)
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        TempVault.AddDepartments(vault, "finance");
        if (damage == "missing")
        {
            File.Delete(temp["policy"]);
        }
        else
        {
            Replace(temp["policy"], new byte[500]);
        }

        Assert.Equal(2UL, vault.Policy.Current.Version);
        Assert.Equal(2UL, vault.Policy.Current.Version);
        Assert.Single(vault.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.IntegrityFailure);
    }

    [Fact]
    public void An_older_policy_put_back_before_the_drive_looked_is_known_from_the_log_and_closes_it()
    {
        using var temp = new TempVault();
        using Vault drive = temp.Open();
        TempVault.AddDepartments(drive, "finance");
        Assert.Equal(VaultResult.Ok, drive.EditPolicy(p => p.AddUser("alice", 1001, null, null, EncryptionMode.Mandatory), "user alice"));
        Assert.Equal(VaultResult.Ok, drive.EditPolicy(p => p.GrantUser("alice", "finance:secret", AccessMode.Plaintext, null), "grant"));
        byte[] old = File.ReadAllBytes(temp["policy"]);
        PolicyDocument before = drive.Policy.Current;
        using (Vault command = temp.Open())
        {
            Assert.Equal(VaultResult.Ok, command.EditPolicy(p => p.RemoveUser("alice"), "user remove alice"));
        }

        Replace(temp["policy"], old);
        PolicyDocument decided = drive.Policy.Current; // the file says what it always said
        Assert.True(drive.Audit.TryRecord(TempVault.Record("/f")));
        Assert.True(drive.Policy.Newest > decided.Version, "the log was read and its newer policy not noticed");
        Assert.True(drive.Policy.Current.IsClosed);
        Assert.Contains("old copy", drive.PolicyProblem, StringComparison.Ordinal);
        Assert.Equal(before.Version, drive.Policy.Current.Version);
        Assert.False(Policy.Deciding.Of(drive.Policy.Current, new Subject(1001, null, []), Secret, AccessAction.Read, temp.Clock.GetUtcNow()).Allowed);
        Assert.Single(drive.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.IntegrityFailure);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("missing")]
    public void A_broken_policy_decides_for_a_minute_and_then_nobody_gets_what_is_labelled(string damage)
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        byte[] good = File.ReadAllBytes(temp["policy"]);
        Replace(temp["policy"], new byte[500]);
        if (damage == "missing")
        {
            File.Delete(temp["policy"]);
        }

        Assert.False(vault.Policy.Current.IsClosed);
        Assert.NotEqual("", vault.PolicyProblem);
        temp.Clock.Advance(PolicyStore.Bearable);
        Assert.True(vault.Policy.Current.IsClosed);
        Replace(temp["policy"], good);
        Assert.False(vault.Policy.Current.IsClosed);
        Assert.Equal("", vault.PolicyProblem);
    }

    [Fact]
    public void A_policy_that_cannot_be_read_closes_at_once_and_opens_when_it_can()
    {
        using var temp = new TempVault();
        var store = new FaultyStore(new LinuxStore(), int.MaxValue, VaultStatus.InputOutput);
        using Vault vault = temp.Open(store);
        Replace(temp["policy"], File.ReadAllBytes(temp["policy"]));
        store.ReadsFail = true;
        Assert.True(vault.Policy.Current.IsClosed);
        store.ReadsFail = false;
        Assert.False(vault.Policy.Current.IsClosed);
    }

    [Fact]
    public void The_same_policy_copied_in_place_is_no_news()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Replace(temp["policy"], File.ReadAllBytes(temp["policy"]));
        Assert.Equal(1UL, vault.Policy.Current.Version);
        Assert.DoesNotContain(vault.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.IntegrityFailure);
        TempVault.AddDepartments(vault, "finance");
    }

    [Fact]
    public void An_edit_that_is_refused_says_why_and_changes_nothing()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        string before = temp.Fingerprint();
        VaultResult result = vault.EditPolicy(_ => new PolicyEdit(null, "There is no such thing."), "nothing");
        Assert.Equal(new VaultResult(VaultError.Failed, "There is no such thing."), result);
        Assert.Equal(before.Split('\n').Where(l => !l.Contains("edit.lock", StringComparison.Ordinal)), temp.Fingerprint().Split('\n').Where(l => !l.Contains("edit.lock", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_machine_that_stops_at_any_point_of_an_edit_leaves_the_old_or_the_new_policy()
    {
        using var temp = new TempVault();
        bool finished = false;
        for (int works = 0; !finished; works++)
        {
            using var copy = new TempVault();
            var store = new FaultyStore(new LinuxStore(), int.MaxValue, VaultStatus.InputOutput) { RemovalFails = true };
            bool edited;
            using (Vault vault = copy.Open(store))
            {
                store.Allowed = store.Changes + works;
                edited = vault.EditPolicy(p => p.AddDepartment("finance"), "department finance").IsOk;
                finished = store.Changes <= store.Allowed;
            }

            using Vault again = copy.Open();
            Assert.True(again.Policy.Current.Version is 1 or 2);
            Assert.True(!edited || again.Policy.Current.Version == 2, $"an edit that was reported done is gone after {works} changes");
            Assert.Equal("", again.OpenAuditReader().Verify().Problem);
            TempVault.AddDepartments(again, "engineering");
        }
    }

    [Fact]
    public void What_hindered_a_record_is_told_until_one_is_written_again()
    {
        using var temp = new TempVault();
        var store = new FaultyStore(new LinuxStore(), int.MaxValue, VaultStatus.NoSpace);
        using Vault vault = temp.Open(store);
        store.Allowed = store.Changes;
        Assert.False(vault.Audit.TryRecord(TempVault.Record("/f")));
        Assert.NotEqual("", vault.AuditProblem);
        store.Allowed = int.MaxValue;
        Assert.True(vault.Audit.TryRecord(TempVault.Record("/f")));
        Assert.Equal("", vault.AuditProblem);
    }

    [Fact]
    public void An_edit_is_recorded_before_it_is_in_force()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        TempVault.AddDepartments(vault, "finance");
        AuditRecord record = vault.OpenAuditReader().Read(AuditQuery.All).Last().Record;
        Assert.Equal(AuditEvent.PolicyChange, record.Event);
        Assert.Equal(1UL, record.PolicyVersion);
        Assert.Equal("department finance (policy version 2): department finance added", record.Detail);
        Assert.Equal(2UL, vault.AuditLog.Head.PolicyVersion);
        Assert.Equal(2UL, temp.Anchor.State.PolicyVersion);
    }

    [Fact]
    public void A_label_gets_one_key_that_other_processes_find()
    {
        using var temp = new TempVault();
        using Vault drive = temp.Open();
        using Vault command = temp.Open();
        Assert.Equal(default, drive.Keyring.NewestOf(Secret));
        Assert.Equal(VaultResult.Ok, command.EnsureKey(Secret, out KeyId id));
        Assert.Equal(VaultResult.Ok, command.EnsureKey(Secret, out KeyId again));
        Assert.Equal(id, again);
        Assert.NotEqual(default, id);
        Assert.Equal(Secret, drive.Keyring.LabelOf(id));
        Assert.Equal(id, drive.Keyring.NewestOf(Secret));
        AeadKey? key = drive.Keyring.Find(id);
        Assert.NotNull(key);
        Assert.Same(key, drive.Keyring.Find(id));
    }

    [Fact]
    public void Two_processes_that_make_keys_lose_none()
    {
        using var temp = new TempVault();
        using Vault one = temp.Open();
        using Vault other = temp.Open();
        Assert.Equal(VaultResult.Ok, one.EnsureKey(Secret, out KeyId first));
        Assert.Equal(VaultResult.Ok, other.EnsureKey(new Label("engineering", "internal", "customer-7"), out KeyId second));
        Assert.Equal(VaultResult.Ok, other.EnsureKey(Secret, out KeyId same));
        Assert.Equal(first, same);
        using Vault fresh = temp.Open();
        Assert.NotNull(fresh.Keyring.Find(first));
        Assert.Equal("engineering:internal:customer-7", fresh.Keyring.LabelOf(second)!.ToString());
    }

    [Fact]
    public void The_zero_key_is_unlabelled_and_an_unknown_one_is_null()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Assert.Equal(Label.None, vault.Keyring.LabelOf(default));
        Assert.Equal(Label.None, vault.Keyring.LabelOf(vault.Keyring.Unlabelled));
        Assert.Null(vault.Keyring.LabelOf(new KeyId(Samples.Id(42))));
        Assert.Null(vault.Keyring.Find(new KeyId(Samples.Id(42))));
    }

    private static void Replace(string path, byte[] bytes)
    {
        File.WriteAllBytes(path + ".new", bytes);
        File.Move(path + ".new", path, overwrite: true);
    }
}
