using System;
using System.Globalization;
using System.Text.Json;

namespace SecureVault.Policy.Audit;

/// <summary>
/// One record as one flat JSON object, members in this order; those marked ? are left out when empty:
/// time (yyyy-MM-ddTHH:mm:ss.fffZ) | event | allowed | mode? | user? | account? | uid? | claimedUser? | claimedUid? | pid? (0) | executable? | label? | path? | policy | grantedTo? | grant? | rule? | observed? (false) | groups? | program? | script? | host? | session? | detail?
/// </summary>
internal static class AuditJson
{
    /// <summary>Bytes a path may take between its quotes.</summary>
    public const int PathBudget = 3072;

    /// <summary>Bytes a program's path, a detail and a label may take each.</summary>
    public const int TextBudget = 1024;

    /// <summary>Bytes a user's name may take.</summary>
    public const int NameBudget = 256;

    /// <summary>Bytes an account's name, a claimed name and group numbers may take each.</summary>
    public const int AccountBudget = 128;

    /// <summary>Bytes that a holder of a grant, its scope and a rule's name may take each.</summary>
    public const int BasisBudget = 192;

    /// <summary>Bytes a digest and a machine's name may take each.</summary>
    public const int DigestBudget = 64;

    private const int ModeBudget = 16;
    private const int ToMilliseconds = 23; // yyyy-MM-ddTHH:mm:ss.fff
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static int Write(in AuditFacts record, Span<byte> target)
    {
        Span<byte> instant = stackalloc byte[32];
        record.Time.UtcDateTime.TryFormat(instant, out _, "O", CultureInfo.InvariantCulture); // the round-trip format has a fast path
        var line = new JsonLine(target);
        line.Raw("{\"time\":\""u8);
        line.Raw(instant[..ToMilliseconds]);
        line.Raw("Z\""u8);
        line.Text(",\"event\":"u8, AuditEventName.Of(record.Event), NameBudget);
        line.Raw(record.Allowed ? ",\"allowed\":true"u8 : ",\"allowed\":false"u8);
        line.Text(",\"mode\":"u8, record.Mode, ModeBudget);
        line.Text(",\"user\":"u8, record.User, NameBudget);
        line.Text(",\"account\":"u8, record.Account, AccountBudget);
        if (record.Uid is { } uid)
        {
            line.Number(",\"uid\":"u8, uid);
        }

        line.Text(",\"claimedUser\":"u8, record.ClaimedUser, AccountBudget);
        if (record.ClaimedUid is { } claimed)
        {
            line.Number(",\"claimedUid\":"u8, claimed);
        }

        if (record.Pid > 0)
        {
            line.Number(",\"pid\":"u8, record.Pid);
        }

        line.Text(",\"executable\":"u8, record.Executable, TextBudget);
        line.Text(",\"label\":"u8, record.Label, TextBudget);
        line.Text(",\"path\":"u8, record.Path, PathBudget);
        line.Number(",\"policy\":"u8, record.PolicyVersion);
        WriteBasis(record, ref line);
        line.Text(",\"detail\":"u8, record.Detail, TextBudget);
        line.Raw("}"u8);
        return line.Length;
    }

    private static void WriteBasis(in AuditFacts record, ref JsonLine line)
    {
        line.Text(",\"grantedTo\":"u8, record.GrantedTo, BasisBudget);
        line.Text(",\"grant\":"u8, record.Grant, BasisBudget);
        line.Text(",\"rule\":"u8, record.Rule, BasisBudget);
        if (record.Observed)
        {
            line.Raw(",\"observed\":true"u8);
        }

        line.Text(",\"groups\":"u8, record.Groups, AccountBudget);
        line.Text(",\"program\":"u8, record.Program, DigestBudget);
        line.Text(",\"script\":"u8, record.Script, DigestBudget);
        line.Text(",\"host\":"u8, record.Host, DigestBudget);
        line.Text(",\"session\":"u8, record.Session, ModeBudget);
    }

    public static bool TryRead(ReadOnlySpan<byte> json, out AuditRecord? record)
    {
        try
        {
            record = Read(json);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            record = null;
        }

        return record is not null;
    }

    /// <summary>Null or an exception for anything Write would not have written: unknown, repeated, missing or reordered members.</summary>
    private static AuditRecord? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 2 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read())
        {
            return null;
        }

        string time = Required(ref reader, "time"u8).GetText();
        string name = Required(ref reader, "event"u8).GetText();
        bool allowed = Required(ref reader, "allowed"u8).GetFlag();
        string mode = Optional(ref reader, "mode"u8).GetText();
        string user = Optional(ref reader, "user"u8).GetText();
        string account = Optional(ref reader, "account"u8).GetText();
        Member uid = Optional(ref reader, "uid"u8);
        string claimedUser = Optional(ref reader, "claimedUser"u8).GetText();
        Member claimedUid = Optional(ref reader, "claimedUid"u8);
        Member pid = Optional(ref reader, "pid"u8);
        string executable = Optional(ref reader, "executable"u8).GetText();
        string label = Optional(ref reader, "label"u8).GetText();
        string path = Optional(ref reader, "path"u8).GetText();
        Member policy = Required(ref reader, "policy"u8);
        AuditBasis basis = ReadBasis(ref reader);
        string detail = Optional(ref reader, "detail"u8).GetText();
        if (reader.TokenType != JsonTokenType.EndObject || reader.Read() || !AuditEventName.TryParse(name, out AuditEvent auditEvent))
        {
            return null;
        }

        var instant = DateTimeOffset.ParseExact(time, InstantFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        return new AuditRecord(
            instant, auditEvent, allowed, mode, user, uid.GetUid(), (int)pid.GetNumber(int.MaxValue), executable, label, path, policy.GetNumber(ulong.MaxValue), detail)
        {
            Account = account,
            ClaimedUser = claimedUser,
            ClaimedUid = claimedUid.GetUid(),
            Basis = basis,
        };
    }

    private static AuditBasis ReadBasis(ref Utf8JsonReader reader)
    {
        string grantedTo = Optional(ref reader, "grantedTo"u8).GetText();
        string grant = Optional(ref reader, "grant"u8).GetText();
        string rule = Optional(ref reader, "rule"u8).GetText();
        Member observed = Optional(ref reader, "observed"u8);
        if (observed.IsThere && !observed.GetFlag())
        {
            throw new FormatException();
        }

        string groups = Optional(ref reader, "groups"u8).GetText();
        string program = Optional(ref reader, "program"u8).GetText();
        string script = Optional(ref reader, "script"u8).GetText();
        string host = Optional(ref reader, "host"u8).GetText();
        string session = Optional(ref reader, "session"u8).GetText();
        bool isThere = observed.IsThere || (grantedTo.Length | grant.Length | rule.Length | groups.Length | program.Length | script.Length | host.Length | session.Length) > 0;
        return isThere ? new AuditBasis(grantedTo, grant, rule, observed.IsThere, groups, program, script, host, session) : AuditBasis.None;
    }

    private static Member Required(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        Member member = Optional(ref reader, name);
        return member.IsThere ? member : throw new FormatException();
    }

    /// <summary>The member if it is the next one, and then the reader stands on the one after it.</summary>
    private static Member Optional(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name))
        {
            return default;
        }

        reader.Read();
        Member member = reader.TokenType switch
        {
            JsonTokenType.String when !reader.ValueTextEquals(""u8) => new Member(true, reader.GetString(), null, null),
            JsonTokenType.Number => new Member(true, null, reader.GetUInt64(), null),
            JsonTokenType.True or JsonTokenType.False => new Member(true, null, null, reader.GetBoolean()),
            _ => throw new FormatException(),
        };
        reader.Read();
        return member;
    }

    private readonly record struct Member(bool IsThere, string? Text, ulong? Number, bool? Flag)
    {
        public string GetText() => IsThere ? Text ?? throw new FormatException() : "";

        public bool GetFlag() => Flag ?? throw new FormatException();

        public uint? GetUid() => IsThere ? checked((uint)GetNumber(uint.MaxValue)) : null;

        public ulong GetNumber(ulong limit)
        {
            ulong number = IsThere ? Number ?? throw new FormatException() : 0;
            return number <= limit ? number : throw new FormatException();
        }
    }
}
