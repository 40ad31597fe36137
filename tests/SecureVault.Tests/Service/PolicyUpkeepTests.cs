using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Service.Administration;
using SecureVault.Service.State;
using SecureVault.Tests.Vaults;
using SecureVault.Vaults;
using Xunit;

namespace SecureVault.Tests.Service;

/// <summary>A policy that is kept up over years: levels and departments change while files carry them, people move, and the log says what changed and who did it.</summary>
public sealed class PolicyUpkeepTests : IDisposable
{
    private static readonly ScryptCost Cheap = new(16, 8, 1);
    private static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("correct horse battery staple");
    private readonly TemporaryFolder _folder = new();
    private readonly VaultAdministration _vault;

    public PolicyUpkeepTests()
    {
        Ok(VaultAdministration.Initialize(_folder["vault"], "aes-256-gcm", Passphrase, Cheap, TimeProvider.System));
        using (Vault vault = Unlocked())
        {
            var tree = new TreeBuilder(vault);
            tree.Folder("/Payroll");
            tree.FileOf("/Payroll/q3", [1, 2, 3]);
            tree.FileOf("/q4", [1, 2, 3]);
        }

        Ok(VaultAdministration.Open(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? opened));
        _vault = opened!;
        Ok(_vault.AddDepartment("finance/treasury"));
        Ok(_vault.AddUser("alice", 1001, null, null, "mandatory"));
        Ok(_vault.GrantUser("alice", "finance:internal", "plaintext", null));
        Ok(_vault.SetLabel("/Payroll", "finance:secret", null, null));
        Ok(_vault.SetLabel("/q4", "finance/treasury:secret:customer-7", null, null));
    }

    public void Dispose()
    {
        _vault.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_level_that_files_or_grants_carry_is_not_left_out()
    {
        Refused("finance:internal", _vault.SetLevels(["public", "confidential", "secret", "top-secret"]));
        VaultResult refused = _vault.SetLevels(["public", "internal", "confidential", "top-secret"]);
        Refused("/Payroll", refused);
        Refused("/q4", refused);
        Refused("(secret, 机密)", refused);
        Refused($"securevault label set {_folder["vault"]} /", refused);
        Ok(_vault.SetLevels(["public", "internal", "secret", "top-secret="]));
        Assert.Equal(["公开 内部 机密 "], [string.Join(' ', _vault.Levels().Select(l => string.Join(',', l.Aliases)))]);
        Ok(_vault.SetLabel("/", "none", null, null));
        Ok(_vault.SetLevels(["public", "internal", "top-secret"]));
    }

    [Fact]
    public void A_renamed_level_renames_what_is_labelled_and_its_former_name_can_then_go()
    {
        byte[] before = File.ReadAllBytes(Directory.GetFiles(_folder["vault/root"]).Order().Last());
        Ok(_vault.RenameLevel("机密", "restricted"));
        Assert.Equal(before, File.ReadAllBytes(Directory.GetFiles(_folder["vault/root"]).Order().Last()));
        Assert.Equal("finance:restricted", Label("/Payroll/q3"));
        Assert.Equal("finance/treasury:restricted:customer-7", Label("/q4"));
        Assert.Equal(["机密", "secret"], _vault.Levels().Single(l => l.Name == "restricted").Aliases);
        Ok(_vault.SetLabel("/q4", "finance:secret", null, null)); // the alias
        Assert.Equal("finance:restricted", Label("/q4"));
        Ok(_vault.SetLevels(["public", "internal", "restricted=", "top-secret"]));
        Assert.Equal(0, Verified());
    }

    [Fact]
    public void A_renamed_department_renames_labels_and_grants_and_a_drive_follows()
    {
        using Vault drive = Unlocked();
        KeyId key = drive.Keyring.NewestOf(new Label("finance", "secret", ""));
        Ok(_vault.GrantUser("alice", "finance:secret", "plaintext", null));
        Ok(_vault.RenameDepartment("Finance", "Finance & Tax"));
        Assert.Equal(["Finance & Tax", "Finance & Tax/treasury"], _vault.Departments());
        Assert.Equal("Finance & Tax/treasury:secret:customer-7", Label("/q4"));
        Assert.Equal("plaintext", _vault.Explain("/Payroll/q3", "alice", null).Value.Mode);
        Label now = drive.Keyring.LabelOf(key)!;
        Assert.Equal("finance", now.Department); // until it looks at the policy, as each open does
        PolicyDocument policy = drive.Policy.Current;
        now = drive.Keyring.LabelOf(key)!;
        Assert.Equal("Finance & Tax:secret", now.ToString());
        Assert.True(Policy.Deciding.Of(policy, new Subject(1001, null, []), now, AccessAction.Write, DateTimeOffset.UnixEpoch).Allowed);
        Ok(_vault.RenameDepartment("finance & tax/treasury", "Cash"));
        Assert.Equal("Finance & Tax/Cash:secret:customer-7", Label("/q4"));
        Ok(_vault.RenameDepartment("Finance & Tax", "finance"));
        Assert.Equal("finance/Cash:secret:customer-7", Label("/q4"));
        Assert.Equal(0, Verified());
    }

    [Fact]
    public void A_rename_that_was_killed_between_keyring_and_policy_is_done_by_the_same_again()
    {
        byte[] policy = File.ReadAllBytes(_folder["vault/policy"]);
        byte[] head = File.ReadAllBytes(_folder["vault/audit/head"]), log = File.ReadAllBytes(_folder["vault/audit/log"]);
        Ok(_vault.RenameDepartment("finance", "tax"));
        _vault.Dispose();
        Directory.Delete(_folder["state"], recursive: true);
        File.WriteAllBytes(_folder["vault/policy"], policy);
        File.WriteAllBytes(_folder["vault/audit/log"], log);
        File.WriteAllBytes(_folder["vault/audit/head"], head);
        Ok(VaultAdministration.Open(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System, out VaultAdministration? again));
        using (again)
        {
            Assert.Equal("denied", again!.Explain("/Payroll/q3", "alice", null).Value.Mode);
            Ok(again.RenameDepartment("finance", "tax"));
            Ok(again.GrantUser("alice", "tax:secret", "plaintext", null));
            Assert.Equal("plaintext", again.Explain("/Payroll/q3", "alice", null).Value.Mode);
        }
    }

    [Fact]
    public void A_department_does_not_take_the_name_of_one_whose_files_are_still_there()
    {
        Ok(_vault.AddDepartment("legal"));
        Ok(_vault.SetLabel("/q4", "legal:secret", null, null));
        using (Vault vault = Unlocked())
        {
            Ok(vault.EditPolicy(p => p.RemoveDepartment("legal"), "an older version did so"));
        }

        Refused("/q4", _vault.RenameDepartment("finance", "legal"));
        Ok(_vault.SetLabel("/q4", "none", null, null));
        Ok(_vault.RenameDepartment("finance", "legal"));
        Assert.Equal("legal:secret", Label("/Payroll/q3"));
        Ok(_vault.SetLabel("/q4", "legal:secret", null, null));
        Assert.Equal(0, Verified());
    }

    [Fact]
    public void A_department_that_two_files_carry_is_refused_naming_both()
    {
        Ok(_vault.RevokeUser("alice", "finance:internal"));
        Refused("/q4", _vault.RemoveDepartment("finance/treasury"));
        Ok(_vault.SetLabel("/q4", "none", null, null));
        Ok(_vault.RemoveDepartment("finance/treasury"));
        Refused("/Payroll:", _vault.RemoveDepartment("finance"));
    }

    [Fact]
    public void People_change_and_the_log_says_old_and_new()
    {
        Ok(_vault.AddUser("mallory", 1002, null, new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), "read-only"));
        Ok(_vault.SetUser("mallory", new UserChange { Uid = new(true, 1003), Expires = new(true, null), Encryption = "optional" }));
        Ok(_vault.RenameUser("mallory", @"FIRM\mallory"));
        Ok(_vault.AddGroup("auditors", 50, null));
        Ok(_vault.SetGroup("auditors", new GroupChange { Gid = new(true, null), Sid = new(true, "s-1-5-32-544") }));
        Ok(_vault.RenameGroup("auditors", "Revision"));
        Assert.Equal(VaultError.Usage, _vault.SetUser("alice", new UserChange { Encryption = "rot13" }).Error);
        Assert.Equal((1003u, "optional"), (_vault.Users().Single(u => u.Name == @"FIRM\mallory").Uid!.Value, _vault.Users().Single(u => u.Name == @"FIRM\mallory").Encryption));
        Assert.Equal("S-1-5-32-544", Assert.Single(_vault.Groups()).Sid);
        string[] details = [.. Shown(new AuditFilter(null, null, null, false) { Event = "policy-change" }).Select(r => r.Detail)];
        Assert.Contains(details, d => d.StartsWith("user add mallory (policy version ", StringComparison.Ordinal) && d.EndsWith(": user mallory added: encryption read-only, expires 2027-01-01T00:00:00Z, sid none, uid 1002", StringComparison.Ordinal));
        Assert.Contains(details, d => d.EndsWith(": user mallory: encryption read-only -> optional, expires 2027-01-01T00:00:00Z -> never, uid 1002 -> 1003", StringComparison.Ordinal));
        Assert.Contains(details, d => d.EndsWith(": group auditors: gid 50 -> none, sid none -> S-1-5-32-544", StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_too_long_for_one_record_is_in_several_and_nothing_is_left_out()
    {
        for (int i = 0; i < 40; i++)
        {
            Ok(_vault.GrantUser("alice", $"finance:secret:customer-number-{i}-of-the-department", "read-only", null));
        }

        Ok(_vault.RemoveUser("alice"));
        string all = string.Join(' ', Shown(new AuditFilter(null, null, null, false) { Last = 4 }).Select(r => r.Detail));
        Assert.Contains("continued: ", all, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, 40), i => Assert.Contains($"customer-number-{i}-", all, StringComparison.Ordinal));
        Assert.DoesNotContain("\u2026", all, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_are_found_by_user_path_event_label_program_and_time()
    {
        string program = Path.GetFileName(Environment.ProcessPath!);
        int all = Shown(new AuditFilter(null, null, null, false)).Count;
        Assert.Equal(all, Shown(new AuditFilter(null, null, null, false) { Executable = program }).Count);
        Assert.Equal(all, Shown(new AuditFilter(Environment.UserName.ToUpperInvariant(), null, null, false)).Count);
        Assert.Empty(Shown(new AuditFilter("ALICE", null, null, false))); // of the policy, and did nothing
        Assert.Equal(["/q4"], Shown(new AuditFilter(null, "/q4", null, false)).Select(r => r.Path).Distinct());
        Assert.All(Shown(new AuditFilter(null, null, null, false) { Event = "relabel" }), r => Assert.Equal("relabel", r.Event));
        Assert.Equal(["/q4"], Shown(new AuditFilter(null, null, null, false) { Label = "finance/Treasury:机密", Event = "relabel" }).Select(r => r.Path).Distinct());
        Assert.Empty(Shown(new AuditFilter(null, null, null, false) { Until = DateTimeOffset.UnixEpoch }));
        Assert.Single(Shown(new AuditFilter(null, null, null, false) { Last = 1 }));
        Assert.Equal(VaultError.Usage, _vault.ShowAudit(new AuditFilter(null, "Payroll", null, false)).Result.Error);
        Assert.Equal(VaultError.Usage, _vault.ShowAudit(new AuditFilter(null, null, null, false) { Event = "opened" }).Result.Error);
        Assert.Equal(VaultError.Usage, _vault.ShowAudit(new AuditFilter(null, null, null, false) { Label = "a:b:c:d" }).Result.Error);
    }

    [Fact]
    public void A_user_that_the_policy_does_not_know_is_said_to_be_unknown()
    {
        Answer<AuditShown> nobody = _vault.ShowAudit(new AuditFilter("zed", null, null, false), _ => { });
        Assert.Equal(VaultError.Failed, nobody.Result.Error);
        Assert.Contains("zed is no user of the policy; there is alice", nobody.Result.Message, StringComparison.Ordinal);
        Assert.Contains("--uid N", nobody.Result.Message, StringComparison.Ordinal);
        Answer<AuditShown> outside = _vault.ShowAudit(new AuditFilter(Environment.UserName, null, null, false), _ => { });
        Ok(outside.Result);
        Assert.Contains("is no user of the policy", outside.Value.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_is_recorded_under_the_policys_name_and_the_systems()
    {
        using (Vault vault = Unlocked())
        {
            Ok(vault.EditPolicy(p => p.AddUser("the admin", SecureVault.Vaults.Audit.ThisProcess.Uid, null, null, EncryptionMode.Mandatory), "user add"));
            Ok(vault.EditPolicy(p => p.AddDepartment("legal"), "department add legal"));
        }

        AuditRow[] rows = [.. Shown(new AuditFilter(null, null, null, false) { Last = 3, Event = "policy-change" })];
        Assert.Equal(("", Environment.UserName), (rows[^2].User, rows[^2].Account));
        Assert.Equal(("the admin", Environment.UserName), (rows[^1].User, rows[^1].Account));
    }

    [Fact]
    public void Names_that_are_no_utf8_are_labelled_shown_and_found()
    {
        byte[] gbk = [0xb9, 0xa4, 0xd7, 0xca];
        string path = "/" + RawText.FromBytes(gbk);
        using (Vault vault = Unlocked())
        {
            new TreeBuilder(vault).FileOf(path, [1]);
        }

        Ok(_vault.SetLabel(path, "finance:secret", null, null));
        Assert.Equal("finance:secret", Label(path));
        Ok(_vault.Where(path).Result);
        Assert.Equal("denied", _vault.Explain(path, "alice", null).Value.Mode);
        Assert.NotEmpty(Shown(new AuditFilter(null, path, null, false)));
    }

    private List<AuditRow> Shown(AuditFilter filter)
    {
        Answer<IReadOnlyList<AuditRow>> shown = _vault.ShowAudit(filter);
        Ok(shown.Result);
        return [.. shown.Value];
    }

    private string Label(string path)
    {
        Answer<LabelRow> row = _vault.ShowLabel(path);
        Ok(row.Result);
        return row.Value.Label;
    }

    private int Verified() => _vault.Verify(null).Value.Findings.Count;

    private Vault Unlocked()
    {
        Ok(Vault.Open(_folder["vault"], Passphrase, Cheap, Anchor(), TimeProvider.System, out Vault? vault));
        return vault!;
    }

    private TrustAnchor Anchor() => new(_folder["state"]);

    private static void Refused(string says, VaultResult result)
    {
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains(says, result.Message, StringComparison.Ordinal);
    }

    private static void Ok(VaultResult result) => Assert.Equal(VaultResult.Ok, result);
}
