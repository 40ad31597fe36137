using System;
using System.IO;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>A copy of a vault beside it, on one machine.</summary>
public sealed class VaultCopyTests
{
    [Fact]
    public void A_copy_is_refused_with_what_to_do_and_the_original_goes_on()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original);
        vaults.MakeCopy();
        string before = CopiedVault.Fingerprint(vaults.Copy);
        TrustedState remembered = vaults.Anchor.State;
        using (Vault copy = vaults.Open(vaults.Copy))
        {
            VaultResult refused = copy.BeginSession("/elsewhere", out VaultSession? session);
            Assert.Null(session);
            Assert.Equal(VaultError.Failed, refused.Error);
            foreach (string said in new[] { vaults.Original, $"securevault adopt {vaults.Copy}", "--read-only", $"securevault restored {vaults.Copy}" })
            {
                Assert.Contains(said, refused.Message, StringComparison.Ordinal);
            }

            Assert.False(copy.EditPolicy(p => p.AddDepartment("finance"), "department add finance").IsOk);
            Assert.Equal("", copy.OpenAuditReader().Verify().Problem);
        }

        Assert.Equal(before, CopiedVault.Fingerprint(vaults.Copy));
        Assert.Equal(remembered, vaults.Anchor.State);
        vaults.Work(vaults.Original);
    }

    [Fact]
    public void A_live_vault_and_its_copy_do_not_run_beside_each_other_even_when_the_live_one_was_moved()
    {
        using var vaults = new CopiedVault();
        using Vault original = vaults.Open(vaults.Original);
        Assert.Equal(VaultResult.Ok, original.BeginSession("/drive", out VaultSession? live));
        vaults.MakeCopy();
        Directory.Move(vaults.Original, vaults.Original + ".moved");
        using (Vault copy = vaults.Open(vaults.Copy))
        {
            VaultResult refused = copy.BeginSession("/elsewhere", out _);
            Assert.Equal(VaultError.AlreadyMounted, refused.Error);
            Assert.Contains("live on this machine", refused.Message, StringComparison.Ordinal);
        }

        live!.Dispose();
    }

    [Fact]
    public void A_vault_that_was_moved_is_no_copy()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original);
        Directory.Move(vaults.Original, vaults.Copy);
        vaults.Work(vaults.Copy);
        Assert.Equal(vaults.Copy, vaults.Anchor.State.Place!.Path);
    }

    [Fact]
    public void Another_path_to_the_same_folder_is_no_copy()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original);
        Directory.CreateSymbolicLink(vaults.Copy, vaults.Original);
        vaults.Work(vaults.Copy);
        vaults.Work(vaults.Original);
    }

    [Fact]
    public void Another_vault_in_the_remembered_place_is_no_original()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original);
        vaults.MakeCopy();
        Assert.Equal(VaultResult.Ok, vaults.Adopt(vaults.Original, out _));
        vaults.Work(vaults.Copy);
    }

    [Fact]
    public void Where_says_the_stored_path_of_files_and_folders_and_the_companion_of_long_names()
    {
        using var vaults = new CopiedVault();
        string longName = new('n', 200);
        vaults.Work(vaults.Original, files =>
        {
            CopiedVault.Write(files, "plain", "text");
            CopiedVault.Write(files, longName, "long");
        });
        using Vault vault = vaults.Open(vaults.Original);
        var where = new VaultWhere(vault);
        Assert.Equal(VaultResult.Ok, where.Find("/", out StoredObject? root));
        Assert.Equal(Path.Combine(vaults.Original, "root"), root!.Stored);
        Assert.Equal(VaultResult.Ok, where.Find("/plain", out StoredObject? plain));
        Assert.Equal("", plain!.Companion);
        Assert.True(File.Exists(plain.Stored));
        Assert.Equal(VaultResult.Ok, where.Find("/" + longName, out StoredObject? named));
        Assert.True(File.Exists(named!.Stored) && File.Exists(named.Companion));
        Assert.Contains("/none does not exist", where.Find("/none", out _).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", where.Find("/plain/below", out _).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_comes_back_from_a_backup_by_its_stored_path()
    {
        using var vaults = new CopiedVault();
        vaults.Work(vaults.Original, files => CopiedVault.Write(files, "report", "as it was"));
        vaults.MakeCopy();
        vaults.Work(vaults.Original, files => Assert.Equal(SecureVault.Terms.VaultStatus.Ok, files.Unlink(CopiedVault.Me, SecureVault.Terms.NodeId.Root, "report"u8)));
        using (Vault backup = vaults.Open(vaults.Copy, VaultUse.ReadOnly))
        {
            Assert.Equal(VaultResult.Ok, new VaultWhere(backup).Find("/report", out StoredObject? stored));
            File.Copy(stored!.Stored, vaults.Original + stored.Stored[vaults.Copy.Length..]);
        }

        vaults.Work(vaults.Original, files => Assert.Equal("as it was", CopiedVault.Read(files, "report")));
        using Vault again = vaults.Open(vaults.Original);
        Assert.Equal(VaultResult.Ok, new VaultVerifier(again).Run(null, out VaultFindings findings));
        Assert.Empty(findings.Findings);
        Assert.DoesNotContain(findings.Notes, n => n.Path.EndsWith("report", StringComparison.Ordinal));
    }
}
