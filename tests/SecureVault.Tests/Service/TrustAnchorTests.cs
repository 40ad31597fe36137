using System;
using System.IO;
using SecureVault.Service.State;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using Xunit;

namespace SecureVault.Tests.Service;

public sealed class TrustAnchorTests : IDisposable
{
    private const string VaultId = "0123456789abcdeffedcba9876543210";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_vault_never_seen_has_zeros()
    {
        var anchor = new TrustAnchor(_folder["state"]);
        Assert.Equal(new TrustedState(0, 0, ""), anchor.Read(VaultId));
        Assert.Empty(anchor.Problem);
    }

    [Fact]
    public void What_was_written_is_read_by_another_process()
    {
        new TrustAnchor(_folder["state"]).Write(VaultId, new TrustedState(7, 1234, "ab12"));
        Assert.Equal(new TrustedState(7, 1234, "ab12"), new TrustAnchor(_folder["state"]).Read(VaultId));
    }

    [Fact]
    public void Each_part_keeps_its_highest_and_the_chain_goes_with_the_sequence()
    {
        var anchor = new TrustAnchor(_folder["state"]);
        anchor.Write(VaultId, new TrustedState(7, 100, "aa"));
        anchor.Write(VaultId, new TrustedState(9, 50, "bb"));
        Assert.Equal(new TrustedState(9, 100, "aa"), anchor.Read(VaultId));
        anchor.Write(VaultId, new TrustedState(3, 101, "cc"));
        Assert.Equal(new TrustedState(9, 101, "cc"), anchor.Read(VaultId));
    }

    [Fact]
    public void A_fork_of_the_log_at_the_same_sequence_does_not_replace_what_was_seen()
    {
        var anchor = new TrustAnchor(_folder["state"]);
        anchor.Write(VaultId, new TrustedState(1, 100, "aa"));
        anchor.Write(VaultId, new TrustedState(1, 100, "bb"));
        Assert.Equal("aa", anchor.Read(VaultId).AuditChain);
    }

    [Fact]
    public void A_restored_vault_replaces_what_is_higher_and_what_cannot_be_read()
    {
        var anchor = new TrustAnchor(_folder["state"]);
        var restored = new TrustedState(3, 50, "bb") { Place = new VaultPlace("/srv/vault", 7, 8) };
        anchor.Write(VaultId, new TrustedState(9, 100, "aa"));
        Assert.True(anchor.Replace(VaultId, restored));
        Assert.Equal(restored, new TrustAnchor(_folder["state"]).Read(VaultId));
        File.WriteAllText(anchor.Describe(VaultId), "garbage");
        Assert.Equal(ulong.MaxValue, anchor.Read(VaultId).PolicyVersion);
        Assert.True(anchor.Replace(VaultId, restored));
        Assert.Equal("", anchor.Problem);
        Assert.Equal(restored, anchor.Read(VaultId));
    }

    [Fact]
    public void The_place_is_that_of_the_last_who_said_one()
    {
        var anchor = new TrustAnchor(_folder["state"]);
        anchor.Write(VaultId, new TrustedState(1, 1, "aa") { Place = new VaultPlace("/a", 1, 2) });
        anchor.Write(VaultId, new TrustedState(2, 2, "bb"));
        Assert.Equal(new VaultPlace("/a", 1, 2), anchor.Read(VaultId).Place);
        anchor.Write(VaultId, new TrustedState(1, 1, "aa") { Place = new VaultPlace("/b", 3, 4) });
        Assert.Equal((2UL, "/b"), (anchor.Read(VaultId).PolicyVersion, anchor.Read(VaultId).Place!.Path));
    }

    [Fact]
    public void One_drive_of_a_vault_is_live_on_a_machine_at_a_time()
    {
        using (IDisposable? held = new TrustAnchor(_folder["state"]).TryHold(VaultId))
        {
            Assert.NotNull(held);
            Assert.Null(new TrustAnchor(_folder["state"]).TryHold(VaultId));
            new TrustAnchor(_folder["state"]).TryHold(VaultId[1..])!.Dispose();
        }

        new TrustAnchor(_folder["state"]).TryHold(VaultId)!.Dispose();
        Assert.True(Directory.Exists(new TrustAnchor(_folder["state"]).FolderFor(VaultId)));
    }

    [Fact]
    public void Vaults_do_not_mix()
    {
        var anchor = new TrustAnchor(_folder["state"]);
        anchor.Write(VaultId, new TrustedState(7, 1, "aa"));
        Assert.Equal(new TrustedState(0, 0, ""), anchor.Read(VaultId + 1));
    }

    [Fact]
    public void File_and_folder_are_private()
    {
        var anchor = new TrustAnchor(_folder["state"]);
        anchor.Write(VaultId, new TrustedState(1, 1, "aa"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(anchor.Describe(VaultId)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["state"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"vault\":\"0123456789abcdeffedcba9876543210\"}")]
    [InlineData("{\"vault\":\"0123456789abcdeffedcba9876543210\",\"policyVersion\":-1,\"auditSequence\":1,\"auditChain\":\"\"}")]
    [InlineData("{\"vault\":\"00000000000000000000000000000000\",\"policyVersion\":1,\"auditSequence\":1,\"auditChain\":\"\"}")]
    public void A_file_that_is_no_anchor_makes_every_vault_older_and_is_left_alone(string content)
    {
        var anchor = new TrustAnchor(_folder["state"]);
        anchor.Write(VaultId, new TrustedState(1, 1, "aa"));
        string file = anchor.Describe(VaultId);
        File.WriteAllText(file, content);

        Assert.Equal(ulong.MaxValue, anchor.Read(VaultId).PolicyVersion);
        Assert.Contains(file, anchor.Problem, StringComparison.Ordinal);
        anchor.Write(VaultId, new TrustedState(2, 2, "bb"));
        Assert.Equal(content, File.ReadAllText(file));
    }

    [Fact]
    public void A_huge_file_is_refused_without_reading_it()
    {
        var anchor = new TrustAnchor(_folder["state"]);
        anchor.Write(VaultId, new TrustedState(1, 1, "aa"));
        using (FileStream file = File.OpenWrite(anchor.Describe(VaultId)))
        {
            file.SetLength(1L << 40);
        }

        Assert.Equal(ulong.MaxValue, anchor.Read(VaultId).AuditSequence);
    }

    [Fact]
    public void A_state_folder_that_cannot_be_made_is_said_before_work_is_done()
    {
        File.WriteAllText(_folder["file"], "");
        VaultResult result = new TrustAnchor(_folder["file/state"]).Prepare();
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains("SECUREVAULT_STATEFOLDER", result.Message, StringComparison.Ordinal);
    }
}
