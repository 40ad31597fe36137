using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>Labels that files take as they replace others: they last against the headers of before, like those that commands give.</summary>
public sealed class TakenLabelsTests
{
    private const uint Alice = 1001;

    [Theory]
    [InlineData(128)] // the key record alone
    [InlineData(512)] // the whole header
    public void An_old_header_that_is_put_back_does_not_take_away_a_label_that_a_rename_gave(int bytes)
    {
        using var temp = new TempVault();
        using Vault vault = Saved(temp, null, out byte[] before, out string stored);
        byte[] now = File.ReadAllBytes(stored);
        Assert.Equal("finance:secret", Label(vault, "/plan"));
        Assert.Empty(Damage(vault));
        File.WriteAllBytes(stored, [.. before.AsSpan(0, bytes), .. now.AsSpan(bytes)]);

        Assert.Contains("/plan", Damage(vault));
        using Vault again = temp.Open();
        using MountedVault engine = new(again);
        Assert.Equal(VaultStatus.Corrupt, engine.Look("/plan"));
        Assert.Contains(again.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.IntegrityFailure && e.Record.Path == "/plan" && e.Record.Detail.Contains("put back", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("finance:internal")] // given before, so that the list speaks of it already
    public void A_label_is_taken_over_one_that_was_given(string given)
    {
        using var temp = new TempVault();
        using Vault vault = Saved(temp, given, out _, out _);
        Assert.Equal("finance:secret", Label(vault, "/plan"));
        using Vault again = temp.Open();
        Assert.Empty(Damage(again));
        using MountedVault engine = new(again);
        Assert.Equal(VaultStatus.Ok, engine.Look("/plan"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_list_that_was_before_the_rename_opens_no_vault_but_restored_does(bool gone)
    {
        using var temp = new TempVault();
        byte[] old = [];
        using (Saved(temp, null, out _, out _, () => old = File.ReadAllBytes(temp["labels"])))
        {
        }

        File.WriteAllBytes(temp["labels"], old);
        if (gone)
        {
            File.Delete(temp["labels"]);
        }

        VaultResult result = temp.TryOpen(out Vault? none);
        Assert.Null(none);
        Assert.Equal(VaultError.Damaged, result.Error);
        Assert.Contains(gone ? "labels is older than the policy says" : "labels is older than the audit log says", result.Message, StringComparison.Ordinal);
        Assert.Equal(VaultResult.Ok, VaultRestoring.Run(new LinuxStore(), temp.Folder, TempVault.Passphrase, TempVault.Cheap, temp.Anchor, temp.Clock, out _));
        using Vault again = temp.Open();
        Assert.Empty(Damage(again));
    }

    [Fact]
    public void A_command_that_writes_to_the_log_meanwhile_keeps_what_the_head_says_of_the_list()
    {
        using var temp = new TempVault();
        Vault? command = null;
        using (Vault vault = Saved(temp, null, out _, out _, () => command = temp.Open()))
        {
            Assert.True(command!.AuditLog.TryRecord(TempVault.Record("/x")));
            Assert.Equal(vault.Parts.Labels.Version, command.AuditLog.Head.LabelsVersion);
        }

        command!.Dispose();
        using Vault again = temp.Open();
        Assert.Equal(again.Parts.Labels.Version, again.AuditLog.Head.LabelsVersion);
    }

    [Fact]
    public void Stopped_anywhere_the_file_can_be_read_and_the_rename_done_again_protects_its_label()
    {
        bool finished = false;
        for (int works = 0; !finished; works++)
        {
            using var temp = new TempVault();
            var store = new FaultyStore(new LinuxStore(), int.MaxValue, VaultStatus.InputOutput) { RemovalFails = true };
            byte[] before;
            using (Vault vault = temp.Open(store))
            {
                Prepare(vault, "finance:internal", out before, out _);
                using MountedVault engine = new(vault);
                store.Allowed = store.Changes + works;
                finished = engine.Rename(Alice, "new", "plan") == VaultStatus.Ok;
            }

            using Vault again = temp.Open();
            string name = File.Exists(new TreeBuilder(again).Stored("/new", out _)) ? "/new" : "/plan";
            using (MountedVault engine = new(again))
            {
                Assert.Equal(VaultStatus.Ok, engine.Look("/plan"));
                Assert.Equal(VaultStatus.Ok, engine.Look(name));
                Assert.Equal("finance:secret", Label(again, "/plan"));
                Assert.Equal(name == "/new" ? VaultStatus.Ok : VaultStatus.NotFound, engine.Rename(Alice, "new", "plan"));
            }

            string stored = new TreeBuilder(again).Stored("/plan", out _);
            File.WriteAllBytes(stored, [.. before.AsSpan(0, 128), .. File.ReadAllBytes(stored).AsSpan(128)]);
            Assert.Contains("/plan", Damage(again));
        }
    }

    /// <summary>A document with a label of its own that was saved by way of a new file; before: the new file as it was, stored: where it is now.</summary>
    private static Vault Saved(TempVault temp, string? given, out byte[] before, out string stored, Action? between = null)
    {
        Vault vault = temp.Open();
        Prepare(vault, given, out before, out stored);
        between?.Invoke();
        using MountedVault engine = new(vault);
        Assert.Equal(VaultStatus.Ok, engine.Rename(Alice, "new", "plan"));
        return vault;
    }

    private static void Prepare(Vault vault, string? given, out byte[] before, out string stored)
    {
        TempVault.AddDepartments(vault, "finance");
        Assert.Equal(VaultResult.Ok, vault.EditPolicy(p => p.AddUser("alice", Alice, null, null, EncryptionMode.Mandatory), "user add alice"));
        Assert.Equal(VaultResult.Ok, vault.EditPolicy(p => p.GrantUser("alice", "finance:secret", AccessMode.Plaintext, null), "grant alice"));
        var builder = new TreeBuilder(vault);
        stored = builder.FileOf("/plan", TreeBuilder.Content(10_000));
        string made = builder.FileOf("/new", TreeBuilder.Content(20_000));
        before = File.ReadAllBytes(made);
        Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/plan", "finance:secret", null, null));
        if (given is not null)
        {
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/new", "finance:internal", null, null));
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/new", given, null, null));
        }
    }

    private static string Label(Vault vault, string path)
    {
        Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Show(path, out LabelledObject? found));
        return found!.Label.ToString();
    }

    private static IEnumerable<string> Damage(Vault vault)
    {
        Assert.Equal(VaultResult.Ok, new VaultVerifier(vault).Run(null, out VaultFindings found));
        return found.Findings.Select(f => f.Path);
    }
}
