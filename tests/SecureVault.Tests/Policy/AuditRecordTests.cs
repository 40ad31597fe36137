using System;
using System.Globalization;
using System.Linq;
using System.Text;
using SecureVault.Policy.Audit;
using Xunit;

namespace SecureVault.Tests.Policy;

public sealed class AuditRecordTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 8, 15, 30, 123, TimeSpan.Zero);
    private static readonly AuditRecord Full = new(Time, AuditEvent.Open, false, "denied", "小王", 0, 42, "/usr/bin/cat", "finance:secret:customer-7", "/工资/q3 \"final\"\\\n.xlsx", 7, "LevelTooHigh");
    private static readonly AuditRecord Behind = Full with { User = "", Account = "root", ClaimedUser = "小王", ClaimedUid = 1001 };
    private static readonly AuditRecord Based = Full with { Basis = new AuditBasis("tellers", "finance:secret", "only in office", true, "50,51", "ab12", "cd34", "pc7", "remote") };
    private static readonly AuditRecord Least = new(Time, AuditEvent.Mount, true, "", "", null, 0, "", "", "", 0, "");

    [Fact]
    public void A_record_reads_back_as_it_was_written()
    {
        foreach (AuditRecord record in new[] { Full, Behind, Based, Least, Least with { Basis = Based.Basis with { Observed = false } } })
        {
            Assert.True(AuditRecord.TryParse(Written(record), out AuditRecord? again));
            Assert.Equal(record, again);
        }
    }

    [Fact]
    public void The_spelling_of_a_record_is_the_documents()
    {
        Assert.Equal("{\"time\":\"2026-01-31T08:15:30.123Z\",\"event\":\"mount\",\"allowed\":true,\"policy\":0}", Encoding.UTF8.GetString(Written(Least)));
        Assert.Equal(
            "{\"time\":\"2026-01-31T08:15:30.123Z\",\"event\":\"open\",\"allowed\":false,\"mode\":\"denied\",\"user\":\"小王\",\"uid\":0,\"pid\":42,\"executable\":\"/usr/bin/cat\","
            + "\"label\":\"finance:secret:customer-7\",\"path\":\"/工资/q3 \\\"final\\\"\\\\\\u000a.xlsx\",\"policy\":7,\"detail\":\"LevelTooHigh\"}",
            Encoding.UTF8.GetString(Written(Full)));
        Assert.Contains(
            "\"policy\":7,\"grantedTo\":\"tellers\",\"grant\":\"finance:secret\",\"rule\":\"only in office\",\"observed\":true,\"groups\":\"50,51\",\"program\":\"ab12\",\"script\":\"cd34\",\"host\":\"pc7\",\"session\":\"remote\",\"detail\"",
            Encoding.UTF8.GetString(Written(Based)), StringComparison.Ordinal);
        Assert.Contains("\"mode\":\"denied\",\"account\":\"root\",\"uid\":0,\"claimedUser\":\"小王\",\"claimedUid\":1001,\"pid\":42,", Encoding.UTF8.GetString(Written(Behind)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_event_has_a_name_that_reads_back()
    {
        foreach (AuditEvent auditEvent in Enum.GetValues<AuditEvent>())
        {
            Assert.True(AuditEventName.TryParse(AuditEventName.Of(auditEvent), out AuditEvent again));
            Assert.Equal(auditEvent, again);
        }
    }

    [Theory]
    [InlineData('a')]
    [InlineData('\u0001')]
    [InlineData('"')]
    [InlineData('工')]
    [InlineData('\ud800')]
    public void Overlong_texts_are_cut_at_a_characters_edge_and_always_fit(char filler)
    {
        for (int tail = 0; tail < 8; tail++)
        {
            string odd = new string('x', tail) + new string(filler, 9000);
            var record = new AuditRecord(Time, AuditEvent.IntegrityFailure, false, odd, odd, uint.MaxValue, int.MaxValue, odd, odd, odd, ulong.MaxValue, odd) { Account = odd, ClaimedUser = odd, ClaimedUid = uint.MaxValue, Basis = new AuditBasis(odd, odd, odd, true, odd, odd, odd, odd, odd) };
            byte[] target = new byte[AuditRecord.MaxSize];
            int length = record.Write(target);
            Assert.InRange(length, AuditJson.PathBudget, AuditRecord.MaxSize);
            Assert.True(AuditRecord.TryParse(target.AsSpan(0, length), out AuditRecord? again));
            Assert.EndsWith("\u2026", again!.Path, StringComparison.Ordinal);
            Assert.StartsWith(again.Path[..^1], odd.Replace('\ud800', '\ufffd'), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_text_that_just_fits_is_not_cut()
    {
        AuditRecord record = Least with { Path = new string('工', 1024) };
        Assert.True(AuditRecord.TryParse(Written(record), out AuditRecord? again));
        Assert.Equal(record.Path, again!.Path);
        Assert.True(AuditRecord.TryParse(Written(record with { Path = record.Path + "y" }), out again));
        Assert.Equal(new string('工', 1023) + "\u2026", again!.Path);
    }

    [Fact]
    public void Random_texts_are_written_as_rune_by_rune()
    {
        string[] pieces = ["a", "/", " ", "~", "\"", "\\", "\0", "\u001f", "\u007f", "\u0080", "é", "工", "😀", "\ud800", "\udc00", "report-2026.txt", new string('x', 100)];
        var random = new Random(7);
        byte[] target = new byte[2 * AuditJson.PathBudget];
        for (int round = 0; round < 4_000; round++)
        {
            var text = new StringBuilder();
            int kinds = random.Next(1, pieces.Length + 1);
            for (int piece = random.Next(0, 30); piece >= 0; piece--)
            {
                text.Append(pieces[random.Next(kinds)]);
            }

            int budget = random.Next(3, 200);
            var line = new JsonLine(target);
            line.Text(",\"t\":"u8, text.ToString(), budget);
            Assert.Equal(NaiveText(text.ToString(), budget), Encoding.UTF8.GetString(target, 0, line.Length));
        }
    }

    [Fact]
    public void Every_instant_is_written_to_the_millisecond_cut_not_rounded()
    {
        foreach (string instant in new[] { "0001-01-01T00:00:00.0000000", "1999-12-31T23:59:59.9999999", "2026-01-31T08:15:30.0019999", "9999-12-31T23:59:59.9990000" })
        {
            AuditRecord record = Least with { Time = DateTimeOffset.Parse(instant + "Z", CultureInfo.InvariantCulture) };
            Assert.StartsWith("{\"time\":\"" + instant[..23] + "Z\",", Encoding.UTF8.GetString(Written(record)), StringComparison.Ordinal);
        }

        AuditRecord elsewhere = Least with { Time = new DateTimeOffset(2026, 1, 31, 8, 15, 30, 123, TimeSpan.FromHours(8)) };
        Assert.StartsWith("{\"time\":\"2026-01-31T00:15:30.123Z\",", Encoding.UTF8.GetString(Written(elsewhere)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_too_small_is_told()
    {
        int length = Written(Full).Length;
        foreach (int size in Enumerable.Range(0, length))
        {
            Assert.Equal(-1, Full.Write(new byte[size]));
        }

        Assert.Equal(length, Full.Write(new byte[length]));
    }

    [Fact]
    public void Malformed_records_are_refused_without_an_exception()
    {
        byte[] json = Written(Full);
        for (int i = 0; i < json.Length; i++)
        {
            Assert.False(AuditRecord.TryParse(json.AsSpan(0, i), out _));
            byte kept = json[i];
            json[i] = 0xff;
            Assert.False(AuditRecord.TryParse(json, out _));
            json[i] = kept;
        }
    }

    [Theory]
    [InlineData("\"policy\":0", "\"policy\":0,\"policy\":0")]
    [InlineData("\"policy\":0", "\"policy\":0,\"more\":0")]
    [InlineData("\"policy\":0", "\"policy\":\"0\"")]
    [InlineData("\"policy\":0", "\"policy\":-1")]
    [InlineData("\"policy\":0", "\"policy\":0,\"user\":\"late\"")]
    [InlineData("\"policy\":0", "\"pid\":2147483648,\"policy\":0")]
    [InlineData("\"policy\":0", "\"uid\":4294967296,\"policy\":0")]
    [InlineData("\"policy\":0", "\"path\":\"\\ud800\",\"policy\":0")]
    [InlineData(",\"policy\":0", "")]
    [InlineData("mount", "explode")]
    [InlineData("true", "1")]
    [InlineData("2026-01-31", "2026-02-30")]
    public void A_record_that_is_not_the_documents_is_refused(string sound, string broken)
    {
        string json = Encoding.UTF8.GetString(Written(Least));
        Assert.Contains(sound, json, StringComparison.Ordinal);
        Assert.False(AuditRecord.TryParse(Encoding.UTF8.GetBytes(json.Replace(sound, broken, StringComparison.Ordinal)), out AuditRecord? record));
        Assert.Null(record);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        byte[] target = new byte[AuditRecord.MaxSize];
        Allocations.Hold("audit.json", () => Full.Write(target));
    }

    /// <summary>The rule itself: each character escaped or not, then the longest row of whole characters that leaves room for the mark.</summary>
    private static string NaiveText(string text, int budget)
    {
        string[] characters = [.. text.EnumerateRunes().Select(r => r.Value switch
        {
            '"' or '\\' => "\\" + (char)r.Value,
            < 0x20 or 0x7f => FormattableString.Invariant($"\\u{r.Value:x4}"),
            _ => r.ToString(),
        })];
        if (Encoding.UTF8.GetByteCount(string.Concat(characters)) > budget)
        {
            int whole = Enumerable.Range(0, characters.Length + 1).Last(n => Encoding.UTF8.GetByteCount(string.Concat(characters.Take(n))) <= budget - 3);
            return ",\"t\":\"" + string.Concat(characters.Take(whole)) + "\u2026\"";
        }

        return ",\"t\":\"" + string.Concat(characters) + "\"";
    }

    private static byte[] Written(AuditRecord record)
    {
        byte[] target = new byte[AuditRecord.MaxSize];
        int length = record.Write(target);
        return target[..length];
    }
}
