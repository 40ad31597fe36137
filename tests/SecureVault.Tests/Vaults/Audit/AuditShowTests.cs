using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Tests.Storage;
using SecureVault.Vaults;
using SecureVault.Vaults.Audit;
using Xunit;

namespace SecureVault.Tests.Vaults.Audit;

/// <summary>Records handed on one by one, from the beginning or only the last.</summary>
public sealed class AuditShowTests
{
    [Fact]
    public void The_last_records_are_those_of_all_for_every_count_and_filter()
    {
        using var temp = new TempVault();
        using Vault vault = temp.Open();
        Fill(vault, 600); // with checkpoints between
        AuditReader reader = vault.OpenAuditReader();
        foreach (AuditQuery query in new[] { AuditQuery.All, AuditQuery.All with { User = "ALICE" }, AuditQuery.All with { DeniedOnly = true }, AuditQuery.All with { Path = "/none" } })
        {
            ulong[] all = [.. reader.Read(query).Select(e => e.Sequence)];
            foreach (int last in new[] { 1, 2, 3, 100, 255, 256, 257, 599, 600, 601, 602, 5000 })
            {
                Assert.Equal(all.TakeLast(last), Shown(reader, query, last, out AuditCheck check));
                Assert.Equal(0UL, check.FirstBroken);
            }

            Assert.Equal(all, Shown(reader, query, 0, out _));
        }
    }

    [Fact]
    public void The_last_record_is_found_without_reading_the_log()
    {
        using var temp = new TempVault();
        var store = new MeasuringStore();
        using Vault vault = temp.Open(store);
        Fill(vault, 6000);
        long size = new FileInfo(temp["audit/log"]).Length;
        AuditReader reader = vault.OpenAuditReader();
        store.BytesRead = 0;
        Assert.Single(Shown(reader, AuditQuery.All, 1, out _));
        Assert.True(store.BytesRead < size / 3, $"{store.BytesRead} of {size} bytes were read");
    }

    [Fact]
    public void Records_are_handed_on_before_the_log_is_read_to_its_end()
    {
        using var temp = new TempVault();
        var store = new MeasuringStore();
        using Vault vault = temp.Open(store);
        Fill(vault, 6000);
        long size = new FileInfo(temp["audit/log"]).Length;
        store.BytesRead = 0;
        var read = new List<long>();
        vault.OpenAuditReader().Show(AuditQuery.All, 0, _ => read.Add(store.BytesRead));
        Assert.True(read[0] < size / 3);
        Assert.True(read[^1] >= size);
        Assert.True(store.BytesRead < 2 * size, "the log was read more than once");
    }

    [Fact]
    public void A_broken_log_shows_what_is_before_and_says_so_whatever_is_asked_for()
    {
        using var temp = new TempVault();
        using (Vault vault = temp.Open())
        {
            Fill(vault, 50);
        }

        byte[] log = File.ReadAllBytes(temp["audit/log"]);
        using Vault opened = temp.OpenForAudit();
        for (int at = 0; at < log.Length; at += 97)
        {
            byte[] changed = [.. log];
            changed[at] ^= 4;
            File.WriteAllBytes(temp["audit/log"], changed);
            AuditReader reader = opened.OpenAuditReader();
            ulong first = reader.Verify().FirstBroken;
            Assert.Equal(Enumerable.Range(1, (int)first - 1).Select(i => (ulong)i).Where(s => s != 2), Shown(reader, AuditQuery.All, 0, out AuditCheck check)); // 2 is the checkpoint of init
            Assert.Equal(first, check.FirstBroken);
            ulong[] last = Shown(reader, AuditQuery.All, 40, out AuditCheck checkLast);
            Assert.True(checkLast.FirstBroken == first || last.Min() > first, $"byte {at}: record {first} is broken, {last.Min()} and on were shown");
        }

        File.WriteAllBytes(temp["audit/log"], log[..^5]);
        Assert.NotEmpty(Shown(opened.OpenAuditReader(), AuditQuery.All, 3, out AuditCheck cut));
        Assert.NotEqual(0UL, cut.FirstBroken);
    }

    [Fact]
    public void Records_are_found_by_all_that_they_say()
    {
        AuditRecord record = TempVault.Record("/Payroll/q3") with { User = "", Account = "Root", Uid = 0, ClaimedUid = 1001, ClaimedUser = "alice", Label = "finance/treasury:secret:customer-7" };
        AuditQuery all = AuditQuery.All;
        Assert.All([all with { User = "root" }, all with { User = "ALICE" }, all with { Uid = 0 }, all with { Uid = 1001 }, all with { Program = "cat" }, all with { Program = "/bin/cat" }, all with { Event = AuditEvent.Open },
            all with { Until = record.Time.AddMilliseconds(1), Since = record.Time },
            all with { Label = new AuditLabels("Finance", null, null) }, all with { Label = new AuditLabels("finance", ["hush", "SECRET"], "Customer-7") }], q => Assert.True(q.Matches(record), q.ToString()));
        Assert.All([all with { User = "bob" }, all with { Uid = 1 }, all with { Program = "at" }, all with { Event = AuditEvent.Create }, all with { Until = record.Time },
            all with { Label = new AuditLabels("fin", null, null) }, all with { Label = new AuditLabels("finance", ["public"], null) }, all with { Label = new AuditLabels("finance", null, "customer-8") }, all with { Label = AuditLabels.Unlabelled }], q => Assert.False(q.Matches(record), q.ToString()));
        Assert.True((all with { Label = AuditLabels.Unlabelled }).Matches(record with { Label = "unlabelled" }));
        Assert.True((all with { Path = "/new" }).Matches(record with { Event = AuditEvent.Rename, Detail = "/new/q3" }));
        Assert.True((all with { Path = "/new/q3" }).Matches(record with { Event = AuditEvent.Rename, Allowed = false, Detail = "/new/q3: LevelTooHigh" }));
        Assert.False((all with { Path = "/new/q" }).Matches(record with { Event = AuditEvent.Rename, Detail = "/new/q3" }));
    }

    [Theory]
    [InlineData("0", "1001", null, 1001u)]
    [InlineData("0", null, "1002", 1002u)]
    [InlineData("0", "0", null, null)]
    [InlineData("0", "-1", "x", null)]
    [InlineData("0", null, null, null)]
    [InlineData("1000", "1001", null, null)]
    public void Who_is_behind_sudo_is_taken_from_roots_environment_alone(string uid, string? sudo, string? pkexec, uint? person) =>
        Assert.Equal(person, ThisProcess.ClaimedUid(uint.Parse(uid, System.Globalization.CultureInfo.InvariantCulture), name => name == "SUDO_UID" ? sudo : pkexec));

    private static void Fill(Vault vault, int records)
    {
        for (int i = 0; i < records; i++)
        {
            Assert.True(vault.Audit.TryRecord(TempVault.Record($"/{i}/{new string('n', i % 200)}", i % 3 == 0 ? "alice" : "bob", i % 7 != 0)));
        }
    }

    private static ulong[] Shown(AuditReader reader, AuditQuery query, int last, out AuditCheck check)
    {
        var shown = new List<ulong>();
        check = reader.Show(query, last, e => shown.Add(e.Sequence));
        return [.. shown];
    }

    private sealed class MeasuringStore : DelegatingStore
    {
        public long BytesRead { get; set; }

        public override VaultStatus ReadAt(StoreHandle file, Span<byte> target, long offset, out int read)
        {
            VaultStatus status = base.ReadAt(file, target, offset, out read);
            BytesRead += read;
            return status;
        }
    }
}
