using System;
using System.IO;
using System.Linq;
using SecureVault.Policy.Audit;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>`adopt`: a copy becomes a vault of its own.</summary>
public sealed class VaultAdoptionTests
{
    [Fact]
    public void An_adopted_copy_has_its_own_id_and_everything_else_as_it_was()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original, files => CopiedVault.Write(files, "note", "shared"));
        using (Vault vault = vaults.Open(vaults.Original))
        {
            TempVault.AddDepartments(vault, "finance");
            Assert.Equal(VaultResult.Ok, new VaultLabels(vault).Set("/note", "finance:secret", null, null));
        }

        TrustedState before = vaults.Anchor.State;
        vaults.MakeCopy();
        Assert.Equal(VaultResult.Ok, vaults.Adopt(vaults.Copy, out VaultAdopted? done));
        Assert.NotEqual(done!.OldId, done.NewId);
        using Vault copy = Fresh(vaults);
        Assert.Equal(done.NewId, copy.Config.VaultId.ToString());
        Assert.Equal(["finance"], copy.Policy.Current.Departments);
        Assert.Equal(VaultResult.Ok, new VaultLabels(copy).Show("/note", out LabelledObject? note));
        Assert.Equal("finance:secret", note!.Label.ToString());
        Assert.Equal(VaultResult.Ok, new VaultVerifier(copy).Run(null, out VaultFindings findings));
        Assert.Empty(findings.Findings);
        AuditRecord first = copy.OpenAuditReader().Read(AuditQuery.All).First().Record;
        Assert.Equal(AuditEvent.Adopt, first.Event);
        Assert.Contains($"a copy of vault {done.OldId} at record {before.AuditSequence} (chain {before.AuditChain})", first.Detail, StringComparison.Ordinal);
        Assert.Equal("", copy.OpenAuditReader().Verify().Problem);
        Assert.Equal(File.ReadAllBytes(Path.Combine(vaults.Original, "audit", "log")), File.ReadAllBytes(Path.Combine(vaults.Copy, "audit", $"{done.OldId}.log")));
        Assert.True(File.Exists(Path.Combine(vaults.Copy, "audit", $"{done.OldId}.head")));
    }

    [Fact]
    public void Original_and_adopted_copy_are_mounted_beside_each_other()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original, files => CopiedVault.Write(files, "note", "shared"));
        vaults.MakeCopy();
        using Vault original = vaults.Open(vaults.Original);
        Assert.Equal(VaultResult.Ok, original.BeginSession("/drive", out VaultSession? live));
        Assert.Equal(VaultResult.Ok, vaults.Adopt(vaults.Copy, out _));
        using (Vault copy = Fresh(vaults))
        {
            Assert.Equal(VaultResult.Ok, copy.BeginSession("/other", out VaultSession? second));
            second!.Dispose();
        }

        live!.Dispose();
    }

    [Fact]
    public void Documents_of_the_original_are_foreign_to_the_adopted_copy()
    {
        using var vaults = new CopiedVault();
        vaults.MakeCopy();
        Assert.Equal(VaultResult.Ok, vaults.Adopt(vaults.Copy, out _));
        File.Copy(Path.Combine(vaults.Original, "policy"), Path.Combine(vaults.Copy, "policy"), overwrite: true);
        VaultResult refused = vaults.TryOpen(vaults.Copy, out _, anchor: new MemoryAnchor());
        Assert.Equal(VaultError.Damaged, refused.Error);
        Assert.Contains("of another vault", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_log_is_kept_as_it_is_and_a_new_one_says_so()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original);
        string log = Path.Combine(vaults.Original, "audit", "log");
        byte[] bytes = File.ReadAllBytes(log);
        bytes[bytes.Length / 2] ^= 1;
        bytes[^1] ^= 1;
        File.WriteAllBytes(log, bytes);
        Assert.Equal(VaultError.Damaged, vaults.TryOpen(vaults.Original, out _).Error);
        Assert.Equal(VaultResult.Ok, vaults.Adopt(vaults.Original, out VaultAdopted? done));
        Assert.Contains(done!.Found, f => f.StartsWith("audit/log", StringComparison.Ordinal));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(vaults.Original, "audit", $"{done.OldId}.log")));
        using Vault vault = Fresh(vaults, vaults.Original);
        Assert.Contains("found: audit/log", vault.OpenAuditReader().Read(AuditQuery.All).First().Record.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mounted_vault_is_not_adopted()
    {
        using var vaults = new CopiedVault();
        using Vault vault = vaults.Open(vaults.Original);
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/drive", out VaultSession? session));
        VaultResult refused = vaults.Adopt(vaults.Original, out _);
        Assert.Equal(VaultError.AlreadyMounted, refused.Error);
        session!.Dispose();
    }

    [Fact]
    public void Stopped_at_any_point_it_is_the_old_vault_or_is_finished_by_the_next_adoption()
    {
        bool finished = false;
        int interrupted = 0;
        for (int works = 0; !finished; works++)
        {
            using var vaults = new CopiedVault();
            vaults.Work(vaults.Original, files => CopiedVault.Write(files, "note", "shared"));
            var store = new FaultyStore(new LinuxStore(), works, VaultStatus.InputOutput) { RemovalFails = true };
            VaultResult result = vaults.Adopt(vaults.Original, out _, store);
            finished = store.Changes <= works;
            Assert.True(!finished || result.IsOk, result.Message);
            if (!finished && Directory.Exists(Path.Combine(vaults.Original, "adopt")))
            {
                interrupted++;
                Assert.Contains($"securevault adopt {vaults.Original}", vaults.TryOpen(vaults.Original, out _, anchor: new MemoryAnchor()).Message, StringComparison.Ordinal);
                Assert.Equal(VaultResult.Ok, vaults.Adopt(vaults.Original, out _));
            }

            using Vault vault = Fresh(vaults, vaults.Original);
            Assert.Equal("", vault.OpenAuditReader().Verify().Problem);
            Assert.Equal(VaultResult.Ok, new VaultVerifier(vault).Run(null, out VaultFindings findings));
            Assert.Empty(findings.Findings);
        }

        Assert.InRange(interrupted, 5, 100);
    }

    private static Vault Fresh(CopiedVault vaults, string? folder = null)
    {
        Assert.Equal(VaultResult.Ok, vaults.TryOpen(folder ?? vaults.Copy, out Vault? vault, anchor: new MemoryAnchor()));
        return vault!;
    }
}
