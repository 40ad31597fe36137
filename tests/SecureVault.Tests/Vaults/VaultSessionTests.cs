using System;
using System.IO;
using System.Linq;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Tests.Format;
using SecureVault.Tests.Storage;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;
using Xunit;

namespace SecureVault.Tests.Vaults;

public sealed class VaultSessionTests
{
    [Fact]
    public void A_session_whose_files_may_not_be_durable_counts_as_crashed()
    {
        using var temp = new TempVault();
        using (Vault vault = temp.Open(new NeverDurable()))
        {
            Assert.Equal(VaultResult.Ok, vault.BeginSession("/drive", out VaultSession? session));
            VaultResult ended = session!.End();
            Assert.Equal(VaultError.Failed, ended.Error);
            Assert.Contains("may not be saved", ended.Message, System.StringComparison.Ordinal);
            session.Dispose();
        }

        using Vault again = temp.Open();
        Assert.Equal(VaultResult.Ok, again.BeginSession("/drive", out VaultSession? next));
        using (next)
        {
            Assert.True(next!.Content.CrashedSessions.Contains(1));
        }
    }

    [Fact]
    public void Sessions_are_counted_and_recorded()
    {
        using var temp = new TempVault();
        for (ulong number = 1; number <= 3; number++)
        {
            using Vault vault = temp.Open();
            Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt/drive", out VaultSession? session));
            Assert.Equal(number, session!.Number);
            Assert.Equal(number, session.Content.Session);
            Assert.False(session.Content.CrashedSessions.Contains(number - 1));
            session.Dispose();
        }

        using Vault after = temp.Open();
        AuditEvent[] events = after.OpenAuditReader().Read(AuditQuery.All).Select(e => e.Record.Event).ToArray();
        Assert.Equal([AuditEvent.PolicyChange, AuditEvent.Mount, AuditEvent.Unmount, AuditEvent.Mount, AuditEvent.Unmount, AuditEvent.Mount, AuditEvent.Unmount], events);
        Assert.Equal("", after.OpenAuditReader().Verify().Problem);
    }

    [Fact]
    public void A_mounted_vault_says_where_it_is_mounted()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt/my drive", out VaultSession? session));
        using (Vault other = temp.Open())
        {
            VaultResult second = other.BeginSession("/elsewhere", out VaultSession? none);
            Assert.Null(none);
            Assert.Equal(VaultError.AlreadyMounted, second.Error);
            Assert.Contains("/mnt/my drive", second.Message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}", second.Message, StringComparison.Ordinal);
            Assert.Equal(VaultStatus.Ok, StoredFile.Read(other.Store, other.FolderHandle, "lock"u8, 8192, out byte[] note, out _));
            Assert.True(note.AsSpan().IndexOf("my drive"u8) < 0, "the mount point is readable in the vault folder");
        }

        session!.Dispose();
        Assert.Empty(File.ReadAllBytes(temp["lock"]));
        Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt", out VaultSession? third));
        third!.Dispose();
    }

    [Fact]
    public void A_vault_on_a_read_only_file_system_is_not_mounted()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open(new FaultyStore(new LinuxStore(), 0, VaultStatus.ReadOnly));
        string before = temp.Fingerprint();
        VaultResult result = vault.BeginSession("/mnt", out VaultSession? session);
        Assert.Null(session);
        Assert.Equal(VaultError.Failed, result.Error);
        Assert.Contains("read-only file system", result.Message, StringComparison.Ordinal);
        Assert.Equal(before, temp.Fingerprint());
    }

    [Fact]
    public void A_disk_that_is_full_at_any_point_of_a_mount_leaves_a_vault_that_mounts()
    {
        bool finished = false;
        for (int works = 0; !finished; works++)
        {
            using var temp = new TempVault();
            var store = new FaultyStore(new LinuxStore(), int.MaxValue, VaultStatus.NoSpace);
            using (Vault vault = temp.Open(store))
            {
                store.Allowed = store.Changes + works;
                VaultResult result = vault.BeginSession("/mnt", out VaultSession? session);
                session?.Dispose();
                finished = store.Changes <= store.Allowed;
                Assert.True(result.IsOk || result.Error == VaultError.Failed, result.Message);
            }

            using Vault again = temp.Open();
            Assert.Equal(VaultResult.Ok, again.BeginSession("/mnt", out VaultSession? next));
            next!.Dispose();
            Assert.Equal("", again.OpenAuditReader().Verify().Problem);
        }
    }

    [Fact]
    public void A_session_that_never_ended_is_remembered_as_crashed()
    {
        using var temp = new TempVault();
        byte[] running;
        using (Vault vault = temp.Open())
        {
            Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt", out VaultSession? session));
            running = File.ReadAllBytes(temp["sessions"]);
            session!.Dispose();
        }

        File.WriteAllBytes(temp["sessions"], running);
        using Vault again = temp.Open();
        Assert.Equal(VaultResult.Ok, again.BeginSession("/mnt", out VaultSession? next));
        Assert.Equal(2UL, next!.Number);
        Assert.True(next.Content.CrashedSessions.Contains(1));
        Assert.False(next.Content.CrashedSessions.Contains(2));
        next.Dispose();
    }

    [Fact]
    public void Journals_of_sessions_that_ended_are_swept_and_those_of_crashed_ones_kept()
    {
        using var temp = new TempVault();
        byte[] running;
        using (Vault vault = temp.Open())
        {
            Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt", out VaultSession? ended));
            ended!.Dispose();
            Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt", out VaultSession? crashed));
            running = File.ReadAllBytes(temp["sessions"]);
            crashed!.Dispose();
        }

        File.WriteAllBytes(temp["sessions"], running);
        File.WriteAllText(Path.Combine(temp["journal"], Journal(1)), "x");
        File.WriteAllText(Path.Combine(temp["journal"], Journal(2)), "x");
        using Vault again = temp.Open();
        Assert.Equal(VaultResult.Ok, again.BeginSession("/mnt", out VaultSession? next));
        next!.Dispose();
        Assert.Equal([Journal(2)], Directory.GetFiles(temp["journal"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Leftovers_of_a_crashed_session_are_swept_from_the_tree()
    {
        using var temp = new TempVault();
        using (Vault vault = temp.Open())
        {
            Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt", out VaultSession? session));
            byte[] running = File.ReadAllBytes(temp["sessions"]);
            session!.Dispose();
            File.WriteAllBytes(temp["sessions"], running);
        }

        string leftover = Path.Combine(temp["root"], "securevault.tmp.0123");
        Directory.CreateDirectory(leftover);
        File.WriteAllText(Path.Combine(leftover, "securevault.dir"), "x");
        File.WriteAllText(Path.Combine(temp["root"], "securevault.tmp.4567"), "x");
        using Vault again = temp.Open();
        Assert.Equal(VaultResult.Ok, again.BeginSession("/mnt", out VaultSession? next));
        next!.Dispose();
        Assert.Equal(["securevault.dir"], Directory.GetFileSystemEntries(temp["root"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Many_crashes_keep_the_newest_thousand()
    {
        var sessions = new SessionsDocument(0, false, "", []);
        for (int i = 0; i < 3000; i++)
        {
            sessions = sessions.Begin("boot");
        }

        Assert.Equal(SessionsDocument.MaxCrashed, sessions.Crashed.Count);
        Assert.Equal(2999UL, sessions.Crashed[^1]);
        Assert.True(SessionsDocument.TryParse(sessions.ToJson(), out SessionsDocument? back));
        Assert.Equal(sessions.Crashed, back!.Crashed);
        Assert.Equal((3000UL, true, "boot"), (back.Session, back.Running, back.Boot));
    }

    private static string Journal(ulong session)
    {
        Span<byte> name = stackalloc byte[64];
        return System.Text.Encoding.ASCII.GetString(name[..JournalFormat.FileName(new FileId(Samples.Id(7)), session, name)]);
    }

    private sealed class NeverDurable : DelegatingStore
    {
        public override VaultStatus SyncAll(StoreHandle directory) => VaultStatus.InputOutput;
    }
}
