using System;
using System.IO;
using System.Linq;
using SecureVault.Policy.Documents;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>Earlier versions of the policy: kept before the next is in force, read back, bounded, carried along.</summary>
public sealed class PolicyHistoryTests : IDisposable
{
    private readonly TempVault _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Every_version_is_kept_and_read_as_it_was()
    {
        using Vault vault = _temp.Open();
        Assert.Empty(vault.KeptPolicies);
        TempVault.AddDepartments(vault, "finance", "legal");
        Assert.Equal([1ul, 2ul], vault.KeptPolicies);
        Assert.True(vault.ReadPolicy(2, out PolicyDocument? second).IsOk);
        Assert.Equal((2ul, "finance"), (second!.Version, Assert.Single(second.Departments)));
        Assert.True(vault.ReadPolicy(3, out PolicyDocument? now).IsOk);
        Assert.Equal(3ul, now!.Version);
        Assert.Contains("policy history", vault.ReadPolicy(4, out _).Message, StringComparison.Ordinal);
        File.Delete(_temp["policies/2"]);
        Assert.Equal(VaultError.Failed, vault.ReadPolicy(2, out _).Error);
    }

    [Fact]
    public void An_edit_that_stops_at_any_write_leaves_the_old_policy_or_the_new_and_no_version_lost()
    {
        using (Vault vault = _temp.Open())
        {
            TempVault.AddDepartments(vault, "finance");
        }

        int refused = 0;
        for (int write = 0; write < 12; write++)
        {
            var store = new FaultyStore(new LinuxStore(), int.MaxValue, VaultStatus.NoSpace) { RemovalFails = write % 2 == 0 };
            using (Vault vault = _temp.Open(store))
            {
                store.Allowed = store.Changes + write;
                refused += vault.EditPolicy(p => p.AddDepartment($"d{write}"), "edit").IsOk ? 0 : 1;
            }

            using Vault after = _temp.Open();
            ulong version = after.Policy.Current.Version;
            Assert.Equal(Enumerable.Range(1, (int)version - 1).Select(v => (ulong)v), after.KeptPolicies);
            Assert.All(after.KeptPolicies, v => Assert.True(after.ReadPolicy(v, out _).IsOk));
        }

        Assert.True(refused > 0);
    }

    [Fact]
    public void The_oldest_go_once_there_are_many()
    {
        using Vault vault = _temp.Open();
        PolicyDocument policy = vault.Policy.Current;
        for (ulong version = 2; version < 40; version++)
        {
            Assert.Equal(VaultStatus.Ok, new PolicyHistory(vault.Parts, mostVersions: 25).Keep(policy.Republished(version)));
        }

        Assert.Equal(Enumerable.Range(15, 25).Select(v => (ulong)v), new PolicyHistory(vault.Parts).Versions());
        Assert.Equal(VaultStatus.Ok, new PolicyHistory(vault.Parts, mostVersions: 1).Keep(policy.Republished(40)));
        Assert.Equal(PolicyHistory.AlwaysKept, new PolicyHistory(vault.Parts).Versions().Count);
    }

    [Fact]
    public void Verify_tells_damage_of_it_and_leaves_other_programs_files_alone()
    {
        using Vault vault = _temp.Open();
        TempVault.AddDepartments(vault, "finance", "legal");
        Assert.Empty(Verify(vault).Findings);
        File.WriteAllText(_temp["policies/.DS_Store"], "x");
        File.WriteAllText(_temp["policies/notes"], "x");
        File.Copy(_temp["policy"], _temp["policies/1"], overwrite: true);
        VaultFindings found = Verify(vault);
        Assert.Equal("policies/1", Assert.Single(found.Findings).Path);
        Assert.Equal("policies/notes", Assert.Single(found.Notes).Path);
        Assert.Equal(VaultError.Damaged, vault.ReadPolicy(1, out _).Error);
    }

    [Fact]
    public void An_adopted_copy_keeps_its_history()
    {
        using var vaults = new CopiedVault();
        using (Vault vault = vaults.Open(vaults.Original))
        {
            TempVault.AddDepartments(vault, "finance", "legal");
        }

        vaults.MakeCopy();
        Assert.Equal(VaultResult.Ok, vaults.Adopt(vaults.Copy, out VaultAdopted? adopted));
        Assert.Empty(adopted!.Found);
        Assert.Equal(VaultResult.Ok, vaults.TryOpen(vaults.Copy, out Vault? opened, anchor: new MemoryAnchor()));
        using Vault own = opened!;
        Assert.Equal([1ul, 2ul], own.KeptPolicies);
        Assert.True(own.ReadPolicy(2, out _).IsOk);
        Assert.Empty(Verify(own).Findings);
    }

    private static VaultFindings Verify(Vault vault)
    {
        Assert.True(new VaultVerifier(vault).Run(null, out VaultFindings found).IsOk);
        return found;
    }
}
