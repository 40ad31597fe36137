using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace SecureVault.Policy.Documents;

/// <summary>The members of a document that only format 4 has. Each is left out while it holds nothing.</summary>
/// <remarks>
/// "programs":[{"name":S,"images":[HEX..],"paths":[S..],"scripts":[HEX..],"scriptPaths":[S..]}..],
/// "rules":[{"name":S,"department":S,"from":S,"to":S,"compartment":S,"path":S,"users":[S..],"groups":[S..],"actions":[S..],"when":C,"unless":C,"ceiling":S,"say":S,"notify":B,"reason":B}..],
/// "layers":[{"department":S,"audit":S|null,"observes":B|null,"until":T|null,"encryption":S|null}..],
/// "locks":[{"kind":S,"name":S,"because":S,"by":S,"since":T,"until":T|null}..].
/// C: null or {"programs":[S..],"hours":S|null,"zone":S|null,"hosts":[S..],"online":B|null,"sessions":[S..]}.
/// </remarks>
internal static class RuleJson
{
    public static void Write(Utf8JsonWriter json, PolicyContent content)
    {
        WriteUnlessEmpty(json, "programs", content.Programs, Write);
        WriteUnlessEmpty(json, "rules", content.Rules, Write);
        WriteUnlessEmpty(json, "layers", content.Layers, Write);
        WriteUnlessEmpty(json, "locks", content.Locks, Write);
    }

    public static PolicyContent Read(JsonElement root, PolicyContent content) => content with
    {
        Programs = ReadIfThere(root, "programs", ReadProgram),
        Rules = ReadIfThere(root, "rules", ReadRule),
        Layers = ReadIfThere(root, "layers", ReadLayer),
        Locks = ReadIfThere(root, "locks", ReadLock),
    };

    /// <summary>The attributes of a level, each left out while it holds nothing: "strict":true,"noWriteDown":true,"notOnHosts":[S..].</summary>
    public static void WriteAttributes(Utf8JsonWriter json, Level level)
    {
        if (level.Strict)
        {
            json.WriteBoolean("strict", true);
        }

        if (level.NoWriteDown)
        {
            json.WriteBoolean("noWriteDown", true);
        }

        WriteUnlessEmpty(json, "notOnHosts", level.NotOnHosts, static (j, h) => j.WriteStringValue(h));
    }

    public static Level ReadAttributes(JsonElement from, Level level) => level with
    {
        Strict = from.TryGetProperty("strict", out JsonElement strict) && strict.GetBoolean(),
        NoWriteDown = from.TryGetProperty("noWriteDown", out JsonElement down) && down.GetBoolean(),
        NotOnHosts = ReadIfThere(from, "notOnHosts", PolicyJson.Text),
    };

    /// <summary>"when" of a user or grant; left out when there is none.</summary>
    public static void WriteWhen(Utf8JsonWriter json, Conditions? when)
    {
        if (when is not null)
        {
            Write(json, "when", when);
        }
    }

    public static Conditions? ReadWhen(JsonElement from) => from.TryGetProperty("when", out JsonElement when) ? ReadConditions(when) ?? throw new FormatException() : null;

    private static void Write(Utf8JsonWriter json, TrustedProgram program)
    {
        json.WriteStartObject();
        json.WriteString("name", program.Name);
        PolicyJson.WriteArray(json, "images", program.Images, static (j, d) => j.WriteStringValue(d.ToString()));
        WriteNames(json, "paths", program.Paths);
        PolicyJson.WriteArray(json, "scripts", program.Scripts, static (j, d) => j.WriteStringValue(d.ToString()));
        WriteNames(json, "scriptPaths", program.ScriptPaths);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Rule rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        json.WriteString("department", rule.Labels.Department);
        json.WriteString("from", rule.Labels.From);
        json.WriteString("to", rule.Labels.To);
        json.WriteString("compartment", rule.Labels.Compartment);
        json.WriteString("path", rule.Path);
        WriteNames(json, "users", rule.Users);
        WriteNames(json, "groups", rule.Groups);
        WriteNames(json, "actions", [.. Spelling.Actions.Where(a => rule.Actions.HasFlag((RuleActions)(1 << (int)a))).Select(Spelling.Of)]);
        Write(json, "when", rule.When);
        Write(json, "unless", rule.Unless);
        json.WriteString("ceiling", Spelling.Of(rule.Ceiling));
        json.WriteString("say", rule.Say);
        json.WriteBoolean("notify", rule.Notify);
        json.WriteBoolean("reason", rule.NeedsReason);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Conditions? conditions)
    {
        if (conditions is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        WriteNames(json, "programs", conditions.Programs);
        json.WriteString("hours", conditions.Hours?.Spans);
        json.WriteString("zone", conditions.Hours?.Zone);
        WriteNames(json, "hosts", conditions.Hosts);
        WriteTruth(json, "online", conditions.Online);
        WriteNames(json, "sessions", conditions.Sessions);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Layer layer)
    {
        json.WriteStartObject();
        json.WriteString("department", layer.Department);
        json.WriteString("audit", layer.Audit is { } audit ? Spelling.Of(audit) : null);
        WriteTruth(json, "observes", layer.Observes);
        PolicyJson.WriteInstant(json, "until", layer.ObservesUntil);
        json.WriteString("encryption", layer.Encryption is { } encryption ? Spelling.Of(encryption) : null);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IncidentLock locked)
    {
        json.WriteStartObject();
        json.WriteString("kind", Spelling.Of(locked.Kind));
        json.WriteString("name", locked.Name);
        json.WriteString("because", locked.Because);
        json.WriteString("by", locked.By);
        PolicyJson.WriteInstant(json, "since", locked.Since);
        PolicyJson.WriteInstant(json, "until", locked.Until);
        json.WriteEndObject();
    }

    private static TrustedProgram ReadProgram(JsonElement from) => new(
        PolicyJson.Text(from, "name"), PolicyJson.ReadArray(from, "images", ReadDigest), ReadNames(from, "paths"),
        PolicyJson.ReadArray(from, "scripts", ReadDigest), ReadNames(from, "scriptPaths"));

    private static Rule ReadRule(JsonElement from) => new(
        PolicyJson.Text(from, "name"),
        new LabelRange(PolicyJson.Text(from, "department"), PolicyJson.Text(from, "from"), PolicyJson.Text(from, "to"), PolicyJson.Text(from, "compartment")),
        PolicyJson.Text(from, "path"), ReadNames(from, "users"), ReadNames(from, "groups"),
        ReadNames(from, "actions").Aggregate(RuleActions.None, (all, a) => Spelling.TryAction(a, out AccessAction action) ? all | (RuleActions)(1 << (int)action) : throw new FormatException()),
        ReadConditions(from.GetProperty("when")), ReadConditions(from.GetProperty("unless")),
        PolicyJson.Text(from, "ceiling") is var ceiling && ceiling == "denied" ? AccessMode.Denied : Spelling.TryMode(ceiling, out AccessMode mode) ? mode : throw new FormatException(),
        PolicyJson.Text(from, "say"), from.GetProperty("notify").GetBoolean(), from.GetProperty("reason").GetBoolean());

    private static Conditions? ReadConditions(JsonElement from)
    {
        if (from.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        Hours? hours = null;
        bool timed = PolicyJson.Optional(from, "hours") is not null;
        if (timed && !Hours.TryParse(PolicyJson.Text(from, "hours"), PolicyJson.Text(from, "zone"), out hours, out _))
        {
            throw new FormatException();
        }

        return new Conditions(ReadNames(from, "programs"), hours, ReadNames(from, "hosts"), Truth(from, "online"), ReadNames(from, "sessions"));
    }

    private static Layer ReadLayer(JsonElement from) => new(
        PolicyJson.Text(from, "department"),
        PolicyJson.Optional(from, "audit") is not { } audit ? null : Spelling.TryExtent(audit, out AuditExtent extent) ? extent : throw new FormatException(),
        Truth(from, "observes"), PolicyJson.Instant(from, "until"),
        PolicyJson.Optional(from, "encryption") is not { } mode ? null : Spelling.TryEncryption(mode, out EncryptionMode encryption) ? encryption : throw new FormatException());

    private static IncidentLock ReadLock(JsonElement from) => new(
        Spelling.TryLockKind(PolicyJson.Text(from, "kind"), out LockKind kind) ? kind : throw new FormatException(),
        PolicyJson.Text(from, "name"), PolicyJson.Text(from, "because"), PolicyJson.Text(from, "by"),
        PolicyJson.Instant(from, "since") ?? throw new FormatException(), PolicyJson.Instant(from, "until"));

    private static Digest256 ReadDigest(JsonElement from) => Digest256.TryParse(PolicyJson.Text(from), out Digest256 digest) ? digest : throw new FormatException();

    private static bool? Truth(JsonElement from, string name) => from.GetProperty(name) is { ValueKind: not JsonValueKind.Null } truth ? truth.GetBoolean() : null;

    private static void WriteTruth(Utf8JsonWriter json, string name, bool? truth)
    {
        if (truth is { } known)
        {
            json.WriteBoolean(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string[] ReadNames(JsonElement from, string name) => PolicyJson.ReadArray(from, name, PolicyJson.Text);

    private static void WriteNames(Utf8JsonWriter json, string name, IReadOnlyList<string> names) => PolicyJson.WriteArray(json, name, names, static (j, n) => j.WriteStringValue(n));

    private static T[] ReadIfThere<T>(JsonElement from, string name, Func<JsonElement, T> read) => from.TryGetProperty(name, out _) ? PolicyJson.ReadArray(from, name, read) : [];

    private static void WriteUnlessEmpty<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count > 0)
        {
            PolicyJson.WriteArray(json, name, items, write);
        }
    }
}
