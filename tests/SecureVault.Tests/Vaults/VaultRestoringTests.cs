using System;
using System.IO;
using System.Linq;
using SecureVault.Policy.Audit;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>`restored`: backups put back on purpose, and documents of different times.</summary>
public sealed class VaultRestoringTests
{
    [Fact]
    public void A_backup_put_back_is_refused_with_the_command_that_lets_it_in()
    {
        using var vaults = new CopiedVault();
        PutBack(vaults);
        VaultResult refused = vaults.TryOpen(vaults.Original, out _);
        Assert.Equal(VaultError.Damaged, refused.Error);
        Assert.Contains($"securevault restored {vaults.Original}", refused.Message, StringComparison.Ordinal);
        TrustedState before = vaults.Anchor.State;
        Assert.Equal(VaultResult.Ok, vaults.Restored(vaults.Original, out VaultRestore? done));
        Assert.True(done!.Changed);
        Assert.Equal(before, done.Before);
        Assert.Equal(vaults.Anchor.State, done.After);
        Assert.Empty(done.Found);
        using Vault vault = vaults.Open(vaults.Original);
        AuditRecord record = Restores(vault).Single();
        Assert.Contains($"policy version {before.PolicyVersion} and record {before.AuditSequence} (chain {before.AuditChain})", record.Detail, StringComparison.Ordinal);
        Assert.Equal("", vault.OpenAuditReader().Verify().Problem);
    }

    [Fact]
    public void Said_of_a_vault_that_is_the_newest_already_it_changes_nothing()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original);
        string[] before = WithoutLocks(vaults);
        Assert.Equal(VaultResult.Ok, vaults.Restored(vaults.Original, out VaultRestore? done));
        Assert.False(done!.Changed);
        Assert.Equal(before, WithoutLocks(vaults));
    }

    [Fact]
    public void A_live_drive_elsewhere_on_the_machine_or_here_is_not_pulled_the_memory_from_under()
    {
        using var vaults = new CopiedVault();
        PutBack(vaults);
        TrustedState before = vaults.Anchor.State;
        vaults.Anchor.IsHeldElsewhere = true;
        VaultResult refused = vaults.Restored(vaults.Original, out _);
        Assert.Equal(VaultError.AlreadyMounted, refused.Error);
        Assert.Contains("live on this machine", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, vaults.Anchor.State);
        vaults.Anchor.IsHeldElsewhere = false;
        Assert.Equal(VaultResult.Ok, vaults.Restored(vaults.Original, out _));
    }

    [Fact]
    public void A_wrong_passphrase_changes_nothing()
    {
        using var vaults = new CopiedVault();
        PutBack(vaults);
        TrustedState before = vaults.Anchor.State;
        VaultResult refused = VaultRestoring.Run(new SecureVault.Storage.Linux.LinuxStore(), vaults.Original, "wrong"u8, TempVault.Cheap, vaults.Anchor, vaults.Clock, out _);
        Assert.Equal(VaultError.WrongPassphrase, refused.Error);
        Assert.Equal(before, vaults.Anchor.State);
    }

    [Fact]
    public void Sessions_older_than_the_log_after_two_openers_are_let_in_and_put_on_record()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original, files => CopiedVault.Write(files, "mine", "kept"));
        byte[] old = File.ReadAllBytes(Path.Combine(vaults.Original, "sessions"));
        vaults.Work(vaults.Original);
        File.WriteAllBytes(Path.Combine(vaults.Original, "sessions"), old);
        VaultResult refused = vaults.TryOpen(vaults.Original, out _);
        Assert.Contains("two machines had the vault open at once", refused.Message, StringComparison.Ordinal);
        Assert.Contains("securevault restored", refused.Message, StringComparison.Ordinal);
        Assert.Equal(VaultResult.Ok, vaults.Restored(vaults.Original, out VaultRestore? done));
        Assert.Single(done!.Found);
        vaults.Work(vaults.Original, files => Assert.Equal("kept", CopiedVault.Read(files, "mine")));
        using Vault vault = vaults.Open(vaults.Original);
        Assert.Contains("found: sessions is older", Restores(vault).Single().Detail, StringComparison.Ordinal);
        Assert.Equal(3UL, vault.Parts.Sessions.Session);
    }

    [Fact]
    public void A_policy_of_an_earlier_time_holds_under_a_new_version()
    {
        using var vaults = new CopiedVault();
        byte[] old = File.ReadAllBytes(Path.Combine(vaults.Original, "policy"));
        using (Vault vault = vaults.Open(vaults.Original))
        {
            TempVault.AddDepartments(vault, "finance", "engineering");
        }

        File.WriteAllBytes(Path.Combine(vaults.Original, "policy"), old);
        Assert.Contains("policy", vaults.TryOpen(vaults.Original, out _).Message, StringComparison.Ordinal);
        Assert.Equal(VaultResult.Ok, vaults.Restored(vaults.Original, out _));
        using Vault again = vaults.Open(vaults.Original);
        Assert.Empty(again.Policy.Current.Departments);
        Assert.Equal(4UL, again.Policy.Current.Version);
    }

    private static string[] WithoutLocks(CopiedVault vaults) =>
        [.. CopiedVault.Fingerprint(vaults.Original).Split('\n').Where(l => !l.Contains("lock ", StringComparison.Ordinal) && !l.Contains("/jobs ", StringComparison.Ordinal))];

    private static System.Collections.Generic.IEnumerable<AuditRecord> Restores(Vault vault) =>
        vault.OpenAuditReader().Read(AuditQuery.All).Select(e => e.Record).Where(r => r.Event == AuditEvent.Restore);

    private static void PutBack(CopiedVault vaults)
    {
        vaults.MakeCopy();
        using (Vault vault = vaults.Open(vaults.Original))
        {
            TempVault.AddDepartments(vault, "finance");
        }

        Directory.Delete(vaults.Original, recursive: true);
        Directory.Move(vaults.Copy, vaults.Original);
    }
}
