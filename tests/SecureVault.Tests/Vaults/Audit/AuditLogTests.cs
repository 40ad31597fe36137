using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Policy.Audit;
using SecureVault.Storage.Linux;
using SecureVault.Terms;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using Xunit;

namespace SecureVault.Tests.Vaults.Audit;

public sealed class AuditLogTests
{
    [Fact]
    public void Records_come_back_in_order_and_by_filter()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Assert.True(vault.Audit.TryRecord(TempVault.Record("/Payroll/q3.xlsx")));
        Assert.True(vault.Audit.TryRecord(TempVault.Record("/Payroll/q4.xlsx", "bob", allowed: false)));
        Assert.True(vault.Audit.TryRecord(TempVault.Record("/Payrolls", "bob")));
        AuditReader reader = vault.OpenAuditReader();
        Assert.Equal(4, reader.Read(AuditQuery.All).Count());
        Assert.Equal(["/Payroll/q3.xlsx", "/Payroll/q4.xlsx"], reader.Read(AuditQuery.All with { Path = "/Payroll" }).Select(e => e.Record.Path));
        Assert.Equal(["/Payroll/q4.xlsx"], reader.Read(AuditQuery.All with { DeniedOnly = true }).Select(e => e.Record.Path));
        Assert.Equal(["/Payroll/q3.xlsx"], reader.Read(AuditQuery.All with { User = "alice" }).Select(e => e.Record.Path));
        Assert.Single(reader.Read(AuditQuery.All with { Since = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero) }));
        Assert.Equal(TempVault.Record("/Payrolls", "bob"), reader.Read(AuditQuery.All).Last().Record);
    }

    [Fact]
    public void Several_processes_and_threads_append_to_one_chain()
    {
        using var temp = new TempVault();
        using Vault one = temp.Open();
        using Vault other = temp.Open();
        SideBySide.Run(8, thread =>
        {
            for (int i = 50 * thread; i < 50 * (thread + 1); i++)
            {
                Assert.True((i % 3 == 0 ? other : one).Audit.TryRecord(TempVault.Record($"/{i}")));
            }
        });
        AuditCheck check = one.OpenAuditReader().Verify();
        Assert.Equal("", check.Problem);
        Assert.Equal(401UL, check.Records);
        Assert.Equal(400, one.OpenAuditReader().Read(AuditQuery.All with { User = "alice" }).Select(e => e.Record.Path).Distinct().Count());
    }

    [Fact]
    public void Checkpoints_are_written_every_256_records()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        for (int i = 0; i < 600; i++)
        {
            Assert.True(vault.Audit.TryRecord(TempVault.Record("/a")));
        }

        Assert.Equal(3UL, vault.OpenAuditReader().Verify().Checkpoints); // the one of init, and two
    }

    [Fact]
    public void Recording_allocates_nothing_in_steady_state()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        AuditRecord record = TempVault.Record("/Payroll/q3.xlsx");
        Allocations.Hold("audit.append", () => Assert.True(vault.Audit.TryRecord(record))); // a checkpoint, whose signature allocates, falls into some rounds
    }

    [Fact]
    public void Every_flipped_byte_is_found_at_its_record()
    {
        using var temp = new TempVault();
        byte[] log = Small(temp, out List<int> starts);
        using Vault vault = temp.OpenForAudit();
        for (int i = 0; i < log.Length; i++)
        {
            byte[] changed = (byte[])log.Clone();
            changed[i] ^= 0x10;
            File.WriteAllBytes(temp["audit/log"], changed);
            AuditCheck check = vault.OpenAuditReader().Verify();
            Assert.Equal((ulong)(starts.FindLastIndex(s => s <= i) + 1), check.FirstBroken);
            Assert.NotEmpty(check.Problem);
        }

        File.WriteAllBytes(temp["audit/log"], log);
        Assert.Equal(0UL, vault.OpenAuditReader().Verify().FirstBroken);
    }

    [Fact]
    public void Every_cut_is_found_and_refused_at_open()
    {
        using var temp = new TempVault();
        byte[] log = Small(temp, out List<int> starts);
        using Vault vault = temp.OpenForAudit();
        for (int length = 0; length < log.Length; length++)
        {
            File.WriteAllBytes(temp["audit/log"], log[..length]);
            AuditCheck check = vault.OpenAuditReader().Verify();
            Assert.Equal((ulong)(starts.FindLastIndex(s => s <= length) + 1), check.FirstBroken);
        }

        File.WriteAllBytes(temp["audit/log"], log[..starts[2]]);
        VaultResult open = temp.TryOpen(out _, anchor: new MemoryAnchor());
        Assert.Equal(VaultError.Damaged, open.Error);
        Assert.Contains("audit/log is cut", open.Message, StringComparison.Ordinal);
        Assert.Contains("the first broken record is 3", open.Message, StringComparison.Ordinal);
        using Vault inspected = temp.OpenForAudit(new MemoryAnchor());
        Assert.Equal(3UL, inspected.OpenAuditReader().Verify().FirstBroken);
        Assert.False(inspected.Audit.TryRecord(TempVault.Record("/a")));
    }

    [Fact]
    public void A_removed_repeated_or_swapped_record_is_found()
    {
        using var temp = new TempVault();
        byte[] log = Small(temp, out List<int> starts);
        byte[][] frames = starts.Select((s, i) => log[s..(i + 1 < starts.Count ? starts[i + 1] : log.Length)]).ToArray();
        using Vault vault = temp.OpenForAudit();
        for (int i = 0; i < frames.Length; i++)
        {
            Check(vault, temp, frames.Where((_, k) => k != i), i);
            Check(vault, temp, frames.Take(i + 1).Concat(frames.Skip(i)), i + 1 < frames.Length ? i + 1 : -1);
            if (i + 1 < frames.Length)
            {
                Check(vault, temp, frames.Take(i).Append(frames[i + 1]).Append(frames[i]).Concat(frames.Skip(i + 2)), i);
            }
        }
    }

    [Fact]
    public void A_log_and_head_rolled_back_together_are_older_than_the_machine_remembers()
    {
        using var temp = new TempVault();
        byte[] log = File.ReadAllBytes(temp["audit/log"]);
        byte[] head = File.ReadAllBytes(temp["audit/head"]);
        Small(temp, out _);
        temp.Open().Dispose();
        File.WriteAllBytes(temp["audit/log"], log);
        File.WriteAllBytes(temp["audit/head"], head);
        VaultResult open = temp.TryOpen(out _);
        Assert.Equal(VaultError.Damaged, open.Error);
        Assert.Contains("securevault restored", open.Message, StringComparison.Ordinal);
        using Vault vault = temp.OpenForAudit();
        AuditCheck check = vault.OpenAuditReader().Verify();
        Assert.Equal(3UL, check.FirstBroken);
        Assert.Contains("this machine has seen", check.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_writer_that_died_left_of_a_frame_is_overwritten()
    {
        using var temp = new TempVault();
        byte[] log = Small(temp, out List<int> starts);
        byte[] torn = log[..(starts[1] - 3)];
        File.WriteAllBytes(temp["audit/log"], [.. log, .. torn, .. new byte[1000]]);
        using Vault vault = temp.Open();
        Assert.Equal(0UL, vault.OpenAuditReader().Verify().FirstBroken);
        Assert.True(vault.Audit.TryRecord(TempVault.Record("/after")));
        AuditCheck check = vault.OpenAuditReader().Verify();
        Assert.Equal("", check.Problem);
        Assert.Equal("/after", vault.OpenAuditReader().Read(AuditQuery.All).Last().Record.Path);
        Assert.True(new FileInfo(temp["audit/log"]).Length < log.Length + 1000);
    }

    [Fact]
    public void A_frame_whose_head_was_not_written_counts()
    {
        using var temp = new TempVault();
        byte[] head = File.ReadAllBytes(temp["audit/head"]);
        Small(temp, out _);
        File.WriteAllBytes(temp["audit/head"], head);
        using Vault vault = temp.Open();
        Assert.True(vault.Audit.TryRecord(TempVault.Record("/after")));
        AuditCheck check = vault.OpenAuditReader().Verify();
        Assert.Equal("", check.Problem);
        Assert.Equal(5UL, check.Records);
    }

    [Fact]
    public void A_log_cut_or_replaced_under_a_running_drive_takes_no_more_records()
    {
        using var temp = new TempVault();
        byte[] log = Small(temp, out _);
        using (Vault vault = temp.Open())
        {
            File.WriteAllBytes(temp["audit/log"], log[..^40]);
            Assert.False(vault.Audit.TryRecord(TempVault.Record("/a")));
            Assert.Contains("cut while in use", vault.AuditProblem, StringComparison.Ordinal);
        }

        File.WriteAllBytes(temp["audit/log"], log);
        using (Vault vault = temp.Open())
        {
            File.Move(temp["audit/log"], temp["audit/moved"]);
            File.Copy(temp["audit/moved"], temp["audit/log"]);
            Assert.False(vault.Audit.TryRecord(TempVault.Record("/a")));
        }
    }

    [Fact]
    public void A_full_disk_refuses_the_record_and_keeps_the_log_whole()
    {
        using var temp = new TempVault();
        var store = new FaultyStore(new LinuxStore(), int.MaxValue, VaultStatus.NoSpace);
        using Vault vault = temp.Open(store);
        for (int works = 0; works < 2; works++)
        {
            byte[] before = File.ReadAllBytes(temp["audit/log"]);
            store.Allowed = store.Changes + works;
            Assert.False(vault.Audit.TryRecord(TempVault.Record("/lost")));
            store.Allowed = int.MaxValue;
            Assert.True(vault.Audit.TryRecord(TempVault.Record("/kept")));
            Assert.True(before.AsSpan().SequenceEqual(File.ReadAllBytes(temp["audit/log"]).AsSpan(0, before.Length)));
        }

        Assert.Equal("", vault.OpenAuditReader().Verify().Problem);
        Assert.Equal(["/kept", "/kept"], vault.OpenAuditReader().Read(AuditQuery.All).Select(e => e.Record.Path).Where(p => p.Length > 0));
    }

    [Fact]
    public void After_a_power_cut_lost_records_are_told_and_the_vault_opens()
    {
        using var temp = new TempVault();
        byte[] log;
        TrustedState seen;
        using (Vault vault = temp.Open())
        {
            Assert.Equal(VaultResult.Ok, vault.BeginSession("/mnt", out VaultSession? session));
            byte[] running = File.ReadAllBytes(temp["sessions"]);
            seen = temp.Anchor.State;
            log = File.ReadAllBytes(temp["audit/log"]);
            Assert.True(vault.Audit.TryRecord(TempVault.Record("/lost")));
            session!.Dispose();
            File.WriteAllBytes(temp["sessions"], running);
        }

        File.WriteAllBytes(temp["audit/log"], [.. log, .. new byte[50]]);
        Assert.Contains("securevault restored", temp.TryOpen(out _, bootId: "boot-2").Message, StringComparison.Ordinal); // the machine remembers what is missing
        temp.Anchor.State = seen;
        Assert.Equal(VaultError.Damaged, temp.TryOpen(out _, bootId: "boot-1").Error);
        using Vault after = temp.Open(bootId: "boot-2");
        Assert.Equal(VaultResult.Ok, after.BeginSession("/mnt", out VaultSession? next));
        next!.Dispose();
        AuditEntry loss = Assert.Single(after.OpenAuditReader().Read(AuditQuery.All), e => e.Record.Event == AuditEvent.IntegrityFailure);
        Assert.Contains("the machine stopped before the last 3 audit records", loss.Record.Detail, StringComparison.Ordinal);
        Assert.Equal("", after.OpenAuditReader().Verify().Problem);
    }

    private static void Check(Vault vault, TempVault temp, IEnumerable<byte[]> frames, int firstBroken)
    {
        File.WriteAllBytes(temp["audit/log"], frames.SelectMany(f => f).ToArray());
        Assert.Equal((ulong)(firstBroken + 1), vault.OpenAuditReader().Verify().FirstBroken);
    }

    /// <summary>Adds three records; the log, and where each of its frames begins.</summary>
    private static byte[] Small(TempVault temp, out List<int> starts)
    {
        using (Vault vault = temp.Open())
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.True(vault.Audit.TryRecord(TempVault.Record($"/{i}")));
            }
        }

        byte[] log = File.ReadAllBytes(temp["audit/log"]);
        starts = [];
        for (int at = 0; at < log.Length; at += BinaryPrimitives.ReadInt32LittleEndian(log.AsSpan(at)))
        {
            starts.Add(at);
        }

        return log;
    }
}
