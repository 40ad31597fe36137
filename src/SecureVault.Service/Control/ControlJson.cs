using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace SecureVault.Service.Control;

/// <summary>
/// The JSON of control lines: {"command":S}, and back {"error":S,"ended":B,"drive":null|{"vault":S,"mountPoint":S,"pid":N,"uid":N|null,
/// "sid":S,"user":S,"since":S,"openFiles":N,"policyVersion":N,"readOnly":B,"origin":S,"held":B,"store":{..},"warnings":[S..]}}. Members in any order, unknown ones ignored.
/// </summary>
/// <remarks>By hand and not by the serializer, which each mount, status and unmount would wait for: it is compiled while it runs.</remarks>
internal static class ControlJson
{
    public static ReadOnlyMemory<byte> Write(ControlRequest request) => Write(request, static (json, r) => json.WriteString("command", r.Command));

    public static ReadOnlyMemory<byte> Write(ControlAnswer answer) => Write(answer, static (json, a) =>
    {
        json.WriteString("error", a.Error);
        json.WriteBoolean("ended", a.Ended);
        json.WritePropertyName("drive");
        WriteDrive(json, a.Drive);
    });

    /// <summary>Null when it is no such message.</summary>
    public static ControlRequest? ReadRequest(ReadOnlyMemory<byte> line) => Read(line, static root => new ControlRequest(Text(root, "command")));

    /// <summary>Null when it is no such message.</summary>
    public static ControlAnswer? ReadAnswer(ReadOnlyMemory<byte> line) => Read(line, static root => new ControlAnswer(Text(root, "error"), ReadDrive(root.GetProperty("drive"))) { Ended = Flag(root, "ended") });

    private static ReadOnlyMemory<byte> Write<T>(T message, Action<Utf8JsonWriter, T> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json, message);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static T? Read<T>(ReadOnlyMemory<byte> line, Func<JsonElement, T> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return read(document.RootElement);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static void WriteDrive(Utf8JsonWriter json, DriveState? drive)
    {
        if (drive is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("vault", drive.Vault);
        json.WriteString("mountPoint", drive.MountPoint);
        json.WriteNumber("pid", drive.Pid);
        if (drive.Uid is { } uid)
        {
            json.WriteNumber("uid", uid);
        }
        else
        {
            json.WriteNull("uid");
        }

        json.WriteString("sid", drive.Sid);
        json.WriteString("user", drive.User);
        json.WriteString("since", drive.Since);
        json.WriteNumber("openFiles", drive.OpenFiles);
        json.WriteNumber("policyVersion", drive.PolicyVersion);
        json.WriteBoolean("readOnly", drive.ReadOnly);
        json.WriteString("origin", drive.Origin);
        json.WriteBoolean("held", drive.Held);
        if (drive.Store is { } store)
        {
            json.WritePropertyName("store");
            store.WriteTo(json);
        }

        json.WriteStartArray("warnings");
        foreach (string warning in drive.Warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static DriveState? ReadDrive(JsonElement drive)
    {
        if (drive.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        JsonElement uid = drive.GetProperty("uid");
        return new DriveState(
            Text(drive, "vault"),
            Text(drive, "mountPoint"),
            drive.GetProperty("pid").GetInt32(),
            uid.ValueKind == JsonValueKind.Null ? null : uid.GetUInt32(),
            Text(drive, "sid"),
            Text(drive, "user"),
            drive.GetProperty("since").GetDateTimeOffset(),
            drive.GetProperty("openFiles").GetInt32(),
            drive.GetProperty("policyVersion").GetUInt64(),
            [.. drive.GetProperty("warnings").EnumerateArray().Select(Text)])
        {
            ReadOnly = Flag(drive, "readOnly"),
            Origin = drive.TryGetProperty("origin", out JsonElement origin) ? Text(origin) : "",
            Held = Flag(drive, "held"),
            Store = drive.TryGetProperty("store", out JsonElement store) ? store.Clone() : null,
        };
    }

    /// <summary>False when an older drive does not say.</summary>
    private static bool Flag(JsonElement parent, string member) => parent.TryGetProperty(member, out JsonElement flag) && flag.GetBoolean();

    private static string Text(JsonElement parent, string member) => Text(parent.GetProperty(member));

    private static string Text(JsonElement text) => text.GetString() ?? throw new FormatException("null where a text must be");
}
