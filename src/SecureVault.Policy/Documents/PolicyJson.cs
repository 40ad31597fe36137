using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecureVault.Policy.Documents;

/// <summary>
/// The JSON of a policy document, members in this order:
/// {"format":N,"version":N,"keyringVersion":N,"labelEpoch":N,"labelsVersion":N,
///  "levels":[{"name":S,"aliases":[S..]}..],"departments":[S..],
///  "users":[{"name":S,"uid":N|null,"sid":S|null,"expires":S|null,"encryption":S,"grants":[GRANT..]}..],
///  "groups":[{"name":S,"gid":N|null,"sid":S|null,"members":[S..],"grants":[GRANT..]}..]}
/// GRANT: {"department":S,"level":S,"compartment":S,"mode":S,"expires":S|null}. No white space; instants "2026-12-31T23:59:59Z".
/// While labelsVersion is 0 it is left out. The format is the least that can say it: 4 with what RuleJson writes, 3 when a name holds more than letters, digits and -_., else 2 with labelsVersion, else 1.
/// </summary>
internal static class PolicyJson
{
    private const int WithoutLabels = 1;
    private const int WithLabels = 2;
    private const int WithWideNames = 3;
    private const int WithRules = 4;
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(PolicyContent content)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("format", FormatOf(content));
            json.WriteNumber("version", content.Version);
            json.WriteNumber("keyringVersion", content.KeyringVersion);
            json.WriteNumber("labelEpoch", content.LabelEpoch);
            if (content.LabelsVersion > 0)
            {
                json.WriteNumber("labelsVersion", content.LabelsVersion);
            }

            WriteArray(json, "levels", content.Levels, WriteLevel);
            WriteArray(json, "departments", content.Departments, static (j, d) => j.WriteStringValue(d));
            WriteArray(json, "users", content.Users, WriteUser);
            WriteArray(json, "groups", content.Groups, WriteGroup);
            RuleJson.Write(json, content);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The content, its shape checked but not its invariants; null when malformed.</summary>
    public static PolicyContent? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
            using var document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            return root.GetProperty("format").GetInt32() is not (>= WithoutLabels and <= WithRules) ? null : RuleJson.Read(root, new PolicyContent(
                root.GetProperty("version").GetUInt64(),
                root.GetProperty("keyringVersion").GetUInt64(),
                root.GetProperty("labelEpoch").GetUInt64(),
                root.TryGetProperty("labelsVersion", out JsonElement labels) ? labels.GetUInt64() : 0,
                ReadArray(root, "levels", e => RuleJson.ReadAttributes(e, new Level(Text(e, "name"), ReadArray(e, "aliases", Text)))),
                ReadArray(root, "departments", Text),
                ReadArray(root, "users", ReadUser),
                ReadArray(root, "groups", ReadGroup)));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether it is a document of a format that only a later version knows.</summary>
    public static bool IsOfLaterFormat(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.GetProperty("format").GetInt32() > WithRules;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false;
        }
    }

    private static int FormatOf(PolicyContent content) =>
        content.HasRules ? WithRules : !content.HasPlainNames() ? WithWideNames : content.LabelsVersion == 0 ? WithoutLabels : WithLabels;

    private static void WriteLevel(Utf8JsonWriter json, Level level)
    {
        json.WriteStartObject();
        json.WriteString("name", level.Name);
        WriteArray(json, "aliases", level.Aliases, static (j, a) => j.WriteStringValue(a));
        RuleJson.WriteAttributes(json, level);
        json.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter json, User user)
    {
        json.WriteStartObject();
        json.WriteString("name", user.Name);
        WriteNumber(json, "uid", user.Uid);
        json.WriteString("sid", user.Sid);
        WriteInstant(json, "expires", user.Expires);
        json.WriteString("encryption", Spelling.Of(user.Encryption));
        WriteArray(json, "grants", user.Grants, WriteGrant);
        RuleJson.WriteWhen(json, user.When);
        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, Group group)
    {
        json.WriteStartObject();
        json.WriteString("name", group.Name);
        WriteNumber(json, "gid", group.Gid);
        json.WriteString("sid", group.Sid);
        WriteArray(json, "members", group.Members, static (j, m) => j.WriteStringValue(m));
        WriteArray(json, "grants", group.Grants, WriteGrant);
        json.WriteEndObject();
    }

    private static void WriteGrant(Utf8JsonWriter json, Grant grant)
    {
        json.WriteStartObject();
        json.WriteString("department", grant.Department);
        json.WriteString("level", grant.Level);
        json.WriteString("compartment", grant.Compartment);
        json.WriteString("mode", Spelling.Of(grant.Mode));
        WriteInstant(json, "expires", grant.Expires);
        RuleJson.WriteWhen(json, grant.When);
        json.WriteEndObject();
    }

    internal static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, uint? number)
    {
        if (number is { } given)
        {
            json.WriteNumber(name, given);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    internal static void WriteInstant(Utf8JsonWriter json, string name, DateTimeOffset? instant) =>
        json.WriteString(name, instant?.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture));

    private static User ReadUser(JsonElement user) => new(
        Text(user, "name"), Number(user, "uid"), Optional(user, "sid"), Instant(user, "expires"),
        Spelling.TryEncryption(Text(user, "encryption"), out EncryptionMode mode) ? mode : throw new FormatException(),
        ReadArray(user, "grants", ReadGrant))
    {
        When = RuleJson.ReadWhen(user),
    };

    private static Group ReadGroup(JsonElement group) => new(
        Text(group, "name"), Number(group, "gid"), Optional(group, "sid"),
        ReadArray(group, "members", Text), ReadArray(group, "grants", ReadGrant));

    private static Grant ReadGrant(JsonElement grant) => new(
        Text(grant, "department"), Text(grant, "level"), Text(grant, "compartment"),
        Spelling.TryMode(Text(grant, "mode"), out AccessMode mode) ? mode : throw new FormatException(),
        Instant(grant, "expires"))
    {
        When = RuleJson.ReadWhen(grant),
    };

    internal static T[] ReadArray<T>(JsonElement parent, string name, Func<JsonElement, T> read) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(read)];

    internal static string Text(JsonElement parent, string name) => Text(parent.GetProperty(name));

    internal static string Text(JsonElement text) => text.GetString() ?? throw new FormatException();

    internal static string? Optional(JsonElement parent, string name) => parent.GetProperty(name).GetString();

    private static uint? Number(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: not JsonValueKind.Null } number ? number.GetUInt32() : null;

    internal static DateTimeOffset? Instant(JsonElement parent, string name) =>
        Optional(parent, name) is { } text
            ? DateTimeOffset.ParseExact(text, InstantFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
            : null;
}
