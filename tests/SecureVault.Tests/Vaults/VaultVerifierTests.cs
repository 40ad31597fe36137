using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Format.V1;
using SecureVault.Vaults;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

public sealed class VaultVerifierTests
{
    private static readonly string LongName = new('n', 250);

    [Fact]
    public void A_whole_vault_has_no_findings()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Tree(vault);
        var progress = new List<VaultProgress>();
        VaultFindings findings = Verify(vault, progress.Add);
        Assert.Empty(findings.Findings);
        Assert.Empty(findings.Notes);
        Assert.Equal((4L, 2L), (findings.Files, findings.Folders));
        Assert.Equal(progress[^1].Done, progress.Max(p => p.Done));
        Assert.True(progress[^1].Total >= findings.Bytes);
    }

    [Fact]
    public void What_other_programs_left_is_noted_and_no_damage()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        string folder = Path.GetDirectoryName(Tree(vault)["/folder/small"])!;
        File.WriteAllText(folder + "/.DS_Store", "foreign");
        File.WriteAllText(folder + "/report.txt", "foreign");
        VaultFindings findings = Verify(vault);
        Assert.Equal("/folder/report.txt", Assert.Single(findings.Findings).Path);
        VaultFinding note = Assert.Single(findings.Notes);
        Assert.Equal("/folder/.DS_Store", note.Path);
        Assert.Contains("left by another program", note.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_flipped_byte_of_a_file_is_found()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        string file = Tree(vault)["/folder/small"];
        byte[] good = File.ReadAllBytes(file);
        for (int i = 0; i < good.Length; i += i < 600 ? 23 : 997)
        {
            byte[] bad = (byte[])good.Clone();
            bad[i] ^= 0x40;
            File.WriteAllBytes(file, bad);
            Assert.Equal("/folder/small", Assert.Single(Verify(vault).Findings).Path);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(-1)]
    [InlineData(-4124)]
    [InlineData(-9000)]
    public void A_file_cut_or_extended_is_found(int bytes)
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        string file = Tree(vault)["/folder/large"];
        using (FileStream stream = File.OpenWrite(file))
        {
            stream.SetLength(Math.Max(0, stream.Length + bytes));
        }

        Assert.Equal("/folder/large", Assert.Single(Verify(vault).Findings).Path);
    }

    [Fact]
    public void Swapped_files_and_folders_are_found()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Dictionary<string, string> tree = Tree(vault);
        File.Move(tree["/folder/small"], temp["x"]);
        File.Move(tree["/folder/large"], tree["/folder/small"]);
        File.Move(temp["x"], tree["/folder/large"]);
        Assert.Equal(["/folder/large", "/folder/small"], Verify(vault).Findings.Select(f => f.Path).Order());
        Assert.All(Verify(vault).Findings, f => Assert.Contains("swapped", f.Problem, StringComparison.Ordinal));

        using var second = new TempVault();
        using Vault other = second.Open();
        var builder = new TreeBuilder(other);
        string one = builder.Folder("/one");
        string two = builder.Folder("/two");
        File.Move(Path.Combine(one, "securevault.dir"), Path.Combine(two, "securevault.dir"), overwrite: true);
        Assert.Equal(["/one", "/two"], Verify(other).Findings.Select(f => f.Path).Order());
    }

    [Fact]
    public void Names_links_and_companions_that_are_not_authentic_are_found()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Dictionary<string, string> tree = Tree(vault);
        File.WriteAllText(Path.Combine(temp["root"], "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "x");
        File.WriteAllText(Path.Combine(temp["root"], "no.name"), "x");
        string target = new FileInfo(tree["/link"]).LinkTarget!;
        File.Delete(tree["/link"]);
        File.CreateSymbolicLink(tree["/link"], (target[0] == 'A' ? "B" : "A") + target[1..]);
        File.Delete(Path.ChangeExtension(tree[$"/folder/{LongName}"], ".name"));
        IReadOnlyList<VaultFinding> findings = Verify(vault).Findings;
        Assert.Equal(4, findings.Count);
        Assert.Contains(findings, f => f.Path == "/link");
        Assert.Contains(findings, f => f.Problem.Contains("companion", StringComparison.Ordinal));
    }

    [Fact]
    public void Leftovers_are_noted_and_are_no_damage()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Tree(vault);
        Directory.CreateDirectory(Path.Combine(temp["root"], "securevault.tmp.77"));
        File.WriteAllText(Path.Combine(temp["journal"], "notes"), "x");
        VaultFindings findings = Verify(vault);
        Assert.Empty(findings.Findings);
        Assert.Equal(2, findings.Notes.Count);
    }

    [Fact]
    public void A_file_open_in_a_session_that_is_unknown_is_damage_and_in_the_live_one_is_skipped()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        new TreeBuilder(vault).FileOf("/file", TreeBuilder.Content(100), FileStateFlags.Open, session: 1);
        Assert.Equal("/file", Assert.Single(Verify(vault).Findings).Path);
        using Vault drive = temp.Open();
        Assert.Equal(VaultResult.Ok, drive.BeginSession("/mnt", out VaultSession? session));
        VaultFindings live = Verify(vault);
        Assert.Empty(live.Findings);
        Assert.Equal(1, live.BeingWritten);
        session!.Dispose();
    }

    [Fact]
    public void A_lost_or_changed_folder_record_is_found()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Tree(vault);
        string broken = new TreeBuilder(vault).Folder("/broken");
        new TreeBuilder(vault).Folder("/recordless", leaveRecordOut: true);
        File.WriteAllBytes(Path.Combine(broken, "securevault.dir"), new byte[DirectoryRecord.StoredSize]);
        Assert.Equal(["/broken", "/recordless"], Verify(vault).Findings.Select(f => f.Path).Order());
    }

    private static VaultFindings Verify(Vault vault, Action<VaultProgress>? progress = null)
    {
        Assert.Equal(VaultResult.Ok, new VaultVerifier(vault).Run(progress, out VaultFindings findings));
        return findings;
    }

    private static Dictionary<string, string> Tree(Vault vault)
    {
        var builder = new TreeBuilder(vault);
        builder.Folder("/folder");
        return new Dictionary<string, string>
        {
            ["/empty"] = builder.FileOf("/empty", []),
            ["/folder/small"] = builder.FileOf("/folder/small", TreeBuilder.Content(700)),
            ["/folder/large"] = builder.FileOf("/folder/large", TreeBuilder.Content(20_000)),
            [$"/folder/{LongName}"] = builder.FileOf($"/folder/{LongName}", TreeBuilder.Content(4096)),
            ["/link"] = builder.Link("/link", "folder/small"),
        };
    }
}
