using System;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Service.Administration;
using SecureVault.Service.State;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Service;

/// <summary>Commands on a real vault in a temporary folder, with a KDF that costs nothing.</summary>
public sealed class VaultAdministrationTests : IDisposable
{
    private static readonly ScryptCost Cheap = new(16, 8, 1);
    private static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("correct horse battery staple");
    private readonly TemporaryFolder _folder = new();
    private readonly VaultAdministration _vault;

    public VaultAdministrationTests()
    {
        Ok(VaultAdministration.Initialize(_folder["vault"], "aes-256-gcm", Passphrase, Cheap, TimeProvider.System));
        _vault = Open();
    }

    public void Dispose()
    {
        _vault.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_new_vault_has_five_levels_and_nobody()
    {
        Assert.Equal(["public", "internal", "confidential", "secret", "top-secret"], _vault.Levels().Select(l => l.Name));
        Assert.Equal([0, 1, 2, 3, 4], _vault.Levels().Select(l => l.Rank));
        Assert.Empty(_vault.Departments());
        Assert.Empty(_vault.Users());
        Assert.Empty(_vault.Groups());
    }

    [Fact]
    public void What_one_process_changes_another_sees_at_once()
    {
        using VaultAdministration other = Open();
        Staff();
        UserRow alice = Assert.Single(other.Users());
        Assert.Equal(("alice", 1001u, "mandatory"), (alice.Name, alice.Uid!.Value, alice.Encryption));
        Assert.Equal(new GrantRow("finance:confidential", "plaintext", null), Assert.Single(alice.Grants));
        Assert.Equal(["alice"], Assert.Single(other.Groups()).Members);
        Assert.Equal(["finance", "finance/treasury"], other.Departments());
    }

    [Theory]
    [InlineData("finance:top", "top")]
    [InlineData("sales:secret", "finance")]
    [InlineData("secret", "secret")]
    public void A_scope_that_does_not_exist_is_refused_with_what_does(string scope, string named)
    {
        Staff();
        VaultResult result = _vault.GrantUser("alice", scope, "plaintext", null);
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains(named, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_are_no_choice_are_a_usage_error()
    {
        Staff();
        Assert.Equal(VaultError.Usage, _vault.GrantUser("alice", "finance:secret", "write", null).Error);
        Assert.Equal(VaultError.Usage, _vault.AddUser("bob", 1002, null, null, "none").Error);
        Assert.Equal(VaultError.Usage, _vault.SetLabel("/", "none", "never", null).Error);
        Assert.Equal(VaultError.Usage, VaultAdministration.Initialize(_folder["other"], "rot13", Passphrase, Cheap, TimeProvider.System).Error);
        Assert.False(Directory.Exists(_folder["other"]));
    }

    [Fact]
    public void A_wrong_passphrase_opens_nothing()
    {
        VaultResult result = VaultAdministration.Open(_folder["vault"], "wrong"u8, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? none);
        Assert.Equal(VaultError.WrongPassphrase, result.Error);
        Assert.Null(none);
    }

    [Fact]
    public void The_products_floor_refuses_a_cheap_derivation()
    {
        VaultResult result = VaultAdministration.Open(_folder["vault"], Passphrase, ScryptCost.Default, Anchor(), TimeProvider.System, out VaultAdministration? none);
        Assert.Equal(VaultError.Damaged, result.Error);
        Assert.Null(none);
    }

    [Fact]
    public void A_label_is_set_shown_explained_and_taken_away()
    {
        Staff();
        Ok(_vault.SetLabel("/", "finance:secret", null, null));
        Assert.Equal(new LabelRow("/", "folder", "finance:secret", "mandatory"), _vault.ShowLabel("/").Value);

        Explanation denied = Explained("alice");
        Assert.Equal("denied", denied.Mode);
        Assert.Contains("secret", denied.Reason, StringComparison.Ordinal);
        Assert.Contains("user grant", denied.Advice, StringComparison.Ordinal);
        Assert.Contains("alice finance:secret", denied.Advice, StringComparison.Ordinal);

        Ok(_vault.GrantUser("alice", "finance:secret", "read-only", null));
        Explanation reading = Explained("alice");
        Assert.Equal(("read-only", "alice", "finance:secret"), (reading.Mode, reading.GrantedTo, reading.Grant));
        Assert.Contains("--mode plaintext", reading.Advice, StringComparison.Ordinal);

        Ok(_vault.GrantUser("alice", "finance:secret", "plaintext", null));
        Assert.Equal(("plaintext", ""), (Explained("alice").Mode, Explained("alice").Advice));

        Ok(_vault.SetLabel("/", "none", null, null));
        Assert.Equal("unlabelled", _vault.ShowLabel("/").Value.Label);
        Assert.Equal("plaintext", Explained("alice").Mode);
    }

    [Fact]
    public void Whom_the_policy_does_not_know_cannot_be_explained()
    {
        Staff();
        Answer<Explanation> answer = _vault.Explain("/", "mallory", null);
        Assert.Equal(VaultError.Failed, answer.Result.Error);
        Assert.Contains("alice", answer.Result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_department_that_labels_something_stays()
    {
        Staff();
        Ok(_vault.SetLabel("/", "finance/treasury:secret", null, null));
        VaultResult result = _vault.RemoveDepartment("finance/treasury");
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains("label set", result.Message, StringComparison.Ordinal);
        Ok(_vault.SetLabel("/", "none", null, null));
        Ok(_vault.RemoveDepartment("finance/treasury"));
        Assert.Equal(["finance"], _vault.Departments());
    }

    [Fact]
    public void Every_change_is_in_the_audit_log_which_verifies()
    {
        Staff();
        Answer<System.Collections.Generic.IReadOnlyList<AuditRow>> shown = _vault.ShowAudit(new AuditFilter(null, null, null, false));
        Assert.Contains(shown.Value, r => r.Event == "policy-change" && r.Detail.Contains("user grant alice finance:confidential", StringComparison.Ordinal));
        Answer<AuditVerdict> verdict = _vault.VerifyAudit();
        Ok(verdict.Result);
        Assert.Equal(0UL, verdict.Value.FirstBroken);
        Assert.True(verdict.Value.Records >= 5);
    }

    [Fact]
    public void A_byte_changed_in_the_audit_log_is_found()
    {
        Staff();
        string log = _folder["vault/audit/log"];
        byte[] bytes = File.ReadAllBytes(log);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(log, bytes);
        Answer<AuditVerdict> verdict = _vault.VerifyAudit();
        Assert.Equal(VaultError.Damaged, verdict.Result.Error);
        Assert.NotEqual(0UL, verdict.Value.FirstBroken);
    }

    [Fact]
    public void A_log_that_was_cut_opens_for_audit_alone_and_shows_what_is_left()
    {
        Staff();
        using (FileStream log = File.OpenWrite(_folder["vault/audit/log"]))
        {
            log.SetLength(log.Length / 2);
        }

        Assert.Equal(VaultError.Damaged, VaultAdministration.Open(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? none).Error);
        Assert.Null(none);
        Ok(VaultAdministration.OpenForAudit(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? opened));
        using (opened)
        {
            Assert.Equal(VaultError.Damaged, opened!.VerifyAudit().Result.Error);
            var shown = opened.ShowAudit(new AuditFilter(null, null, null, false));
            Assert.Equal(VaultError.Damaged, shown.Result.Error);
            Assert.NotEmpty(shown.Value);
            Assert.NotEqual(VaultError.None, opened.AddDepartment("sales").Error);
        }
    }

    [Fact]
    public void An_empty_vault_is_whole() => Ok(_vault.Verify(null).Result);

    [Fact]
    public void An_older_policy_put_back_is_refused_and_said()
    {
        byte[] old = File.ReadAllBytes(_folder["vault/policy"]);
        Staff();
        File.WriteAllBytes(_folder["vault/policy"], old);
        VaultResult result = VaultAdministration.Open(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? none);
        Assert.Null(none);
        Assert.Equal(VaultError.Damaged, result.Error);
    }

    [Fact]
    public void A_whole_older_vault_put_back_is_refused_by_what_the_machine_remembers()
    {
        Copy(_folder["vault"], _folder["backup"]);
        Staff();
        Directory.Delete(_folder["vault"], recursive: true);
        Directory.Move(_folder["backup"], _folder["vault"]);
        VaultResult result = VaultAdministration.Open(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? none);
        Assert.Null(none);
        Assert.Equal(VaultError.Damaged, result.Error);
        Assert.Contains($"securevault restored {_folder["vault"]}", result.Message, StringComparison.Ordinal);
        Answer<RestoreRow> restored = VaultRecovery.Restored(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System);
        Ok(restored.Result);
        Assert.True(restored.Value.Changed && restored.Value.SequenceBefore > restored.Value.Sequence);
        Open().Dispose();
    }

    [Fact]
    public void A_copy_beside_the_vault_only_shows_until_it_is_adopted()
    {
        Staff();
        Copy(_folder["vault"], _folder["copy"]);
        Ok(VaultAdministration.Open(_folder["copy"], Passphrase, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? copy));
        using (copy)
        {
            Assert.Equal(["alice"], copy!.Users().Select(u => u.Name));
            Assert.Contains("securevault adopt", copy.RemoveUser("alice").Message, StringComparison.Ordinal);
        }

        Answer<AdoptionRow> adopted = VaultRecovery.Adopt(_folder["copy"], Passphrase, Cheap, Anchor(), TimeProvider.System);
        Ok(adopted.Result);
        Ok(VaultAdministration.Open(_folder["copy"], Passphrase, Cheap, Anchor(), TimeProvider.System, out copy));
        using (copy)
        {
            Ok(copy!.RemoveUser("alice"));
        }

        Assert.Equal(["alice"], _vault.Users().Select(u => u.Name));
        Assert.Equal(2, Directory.GetFiles(_folder["state"], "*.json").Length);
    }

    [Fact]
    public void A_memory_that_is_garbage_refuses_the_vault_with_its_own_reason()
    {
        string file = Directory.GetFiles(_folder["state"], "*.json").Single();
        File.WriteAllText(file, "garbage");
        VaultResult result = VaultAdministration.Open(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? none);
        Assert.Null(none);
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains(file, result.Message, StringComparison.Ordinal);
    }

    private void Staff()
    {
        Ok(_vault.AddDepartment("finance/treasury"));
        Ok(_vault.AddUser("alice", 1001, null, null, "mandatory"));
        Ok(_vault.GrantUser("alice", "finance:confidential", "plaintext", null));
        Ok(_vault.AddGroup("auditors", 50, null));
        Ok(_vault.AddMember("auditors", "alice"));
    }

    private Explanation Explained(string user)
    {
        Answer<Explanation> answer = _vault.Explain("/", user, null);
        Ok(answer.Result);
        return answer.Value;
    }

    private TrustAnchor Anchor() => new(_folder["state"]);

    private VaultAdministration Open()
    {
        Ok(VaultAdministration.Open(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? opened));
        return opened!;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(to + folder[from.Length..]);
        }

        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, to + file[from.Length..]);
        }
    }

    private static void Ok(VaultResult result) => Assert.Equal(VaultResult.Ok, result);
}
