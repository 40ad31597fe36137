using System.IO;
using System.Linq;
using SecureVault.Policy.Audit;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Offline;
using Xunit;

namespace SecureVault.Tests.Vaults;

/// <summary>What a stop leaves whose names reached the disk before what they name; and what must stay damage.</summary>
public sealed class CrashRecoveryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    public void A_file_without_its_header_after_a_crash_becomes_an_empty_file_on_record(int bytes)
    {
        using var temp = new TempVault();
        Crash(temp, tree => File.WriteAllBytes(tree.FileOf("/f", []), new byte[bytes]));
        using Vault vault = Next(temp, out VaultSession session);
        CrashRecovery.Run(vault, session);
        session.Dispose();
        Assert.Empty(Verify(vault).Findings);
        AuditRecord record = Assert.Single(vault.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.Recovery).Record;
        Assert.Equal("/f", record.Path);
        Assert.Contains($"{bytes} bytes were there", record.Detail, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_its_record_and_with_nothing_whole_in_it_becomes_an_empty_folder()
    {
        using var temp = new TempVault();
        Crash(temp, tree =>
        {
            string folder = tree.Folder("/d", leaveRecordOut: true);
            File.WriteAllBytes(folder + "/securevault.dir", []);
            File.WriteAllBytes(folder + "/some-name", []);
            Directory.CreateDirectory(folder + "/below");
        });
        using Vault vault = Next(temp, out VaultSession session);
        CrashRecovery.Run(vault, session);
        session.Dispose();
        VaultFindings found = Verify(vault);
        Assert.Empty(found.Findings);
        Assert.Equal(2, found.Folders);
        Assert.Single(vault.OpenAuditReader().Read(AuditQuery.All), e => e.Record is { Event: AuditEvent.Recovery, Path: "/d" });
    }

    [Fact]
    public void A_folder_without_its_record_keeps_its_whole_files_under_names_of_their_own()
    {
        using var temp = new TempVault();
        Crash(temp, tree =>
        {
            string folder = tree.Folder("/d");
            tree.FileOf("/d/f", TreeBuilder.Content(9000));
            tree.FileOf("/d/" + new string('n', 250), TreeBuilder.Content(5));
            tree.Folder("/d/below");
            tree.FileOf("/d/below/g", TreeBuilder.Content(7));
            File.WriteAllBytes(tree.FileOf("/d/unborn", []), []);
            File.Delete(folder + "/securevault.dir");
        });
        using Vault vault = Next(temp, out VaultSession session);
        CrashRecovery.Run(vault, session);
        session.Dispose();
        VaultFindings found = Verify(vault);
        Assert.Empty(found.Findings);
        Assert.Equal((3L, 3L), (found.Files, found.Folders));
        var where = new VaultWhere(vault);
        Assert.Equal(VaultError.None, where.Find("/d/recovered-3", out _).Error);
    }

    [Fact]
    public void What_was_renamed_without_its_header_or_record_knowing_is_told_its_name_after_a_crash_and_damage_otherwise()
    {
        using var temp = new TempVault();
        Crash(temp, tree =>
        {
            string file = tree.FileOf("/f", TreeBuilder.Content(9000));
            File.Move(file, tree.Stored("/renamed", out _));
            string folder = tree.Folder("/d");
            Directory.Move(folder, tree.Stored("/moved", out _));
            File.WriteAllBytes(tree.FileOf("/zeros", TreeBuilder.Content(9000)), new byte[9000]);
        });
        using Vault vault = Next(temp, out VaultSession session);
        CrashRecovery.Run(vault, session);
        session.Dispose();
        VaultFindings found = Verify(vault);
        Assert.Empty(found.Findings);
        Assert.Equal((2L, 2L), (found.Files, found.Folders));
        File.Move(new TreeBuilder(vault).Stored("/renamed", out _), new TreeBuilder(vault).Stored("/again", out _));
        Assert.Equal("/again", Assert.Single(Verify(vault).Findings).Path);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Journals_that_crashed_sessions_left_are_removed_unless_their_file_may_be_out_of_sight(bool damaged)
    {
        using var temp = new TempVault();
        string journal = $"{new string('a', 32)}-{1:x16}";
        Crash(temp, tree =>
        {
            tree.FileOf("/f", new byte[9000]);
            File.WriteAllBytes(Path.Combine(temp["journal"], journal), new byte[32]);
            if (damaged)
            {
                File.WriteAllBytes(tree.Folder("/d") + "/securevault.dir", new byte[500]);
            }
        });
        using Vault vault = Next(temp, out VaultSession session);
        CrashRecovery.Run(vault, session);
        Assert.Equal(damaged, File.Exists(Path.Combine(temp["journal"], journal)));
        session.Dispose();
    }

    [Fact]
    public void Without_a_crash_a_file_cut_within_its_header_is_damage_and_stays_as_it_is()
    {
        using var temp = new TempVault();
        using (Vault first = Next(temp, out VaultSession session))
        {
            session.Dispose();
            File.WriteAllBytes(new TreeBuilder(first).FileOf("/f", []), new byte[100]);
        }

        using Vault vault = Next(temp, out VaultSession next);
        CrashRecovery.Run(vault, next);
        next.Dispose();
        Assert.Contains("header", Assert.Single(Verify(vault).Findings).Problem, System.StringComparison.Ordinal);
        Assert.DoesNotContain(vault.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.Recovery);
    }

    [Fact]
    public void Before_the_next_mount_a_verify_says_what_it_will_do_and_calls_nothing_damage()
    {
        using var temp = new TempVault();
        Crash(temp, tree =>
        {
            File.WriteAllBytes(tree.FileOf("/f", []), []);
            tree.Folder("/d", leaveRecordOut: true);
        });
        using Vault vault = temp.Open();
        VaultFindings found = Verify(vault);
        Assert.Empty(found.Findings);
        Assert.Equal(["/d", "/f"], found.Notes.Select(n => n.Path).Order());
    }

    private static void Crash(TempVault temp, System.Action<TreeBuilder> left)
    {
        using Vault vault = Next(temp, out VaultSession session);
        session.Abandon();
        session.Dispose();
        left(new TreeBuilder(vault));
    }

    private static Vault Next(TempVault temp, out VaultSession session)
    {
        Vault vault = temp.Open();
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/drive", out VaultSession? begun));
        session = begun!;
        return vault;
    }

    private static VaultFindings Verify(Vault vault)
    {
        Assert.Equal(VaultResult.Ok, new VaultVerifier(vault).Run(null, out VaultFindings found));
        return found;
    }
}
