using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace SecureVault.Vaults.Documents;

/// <summary>Body of the document `sessions`: which mount runs or ran last, and which ended without unmount.</summary>
/// <remarks>{"session":7,"running":true,"boot":"8d0c...","crashed":[3,5]} - crashed ascending; boot names the start of the machine the session began in.</remarks>
/// <param name="Session">Number of the last session begun; 0 = none yet.</param>
/// <param name="Running">It has not ended cleanly.</param>
/// <param name="Boot">The machine's boot id then; empty where unknown.</param>
/// <param name="Crashed">The newest <see cref="MaxCrashed"/> sessions that never ended cleanly, ascending.</param>
internal sealed record SessionsDocument(ulong Session, bool Running, string Boot, IReadOnlyList<ulong> Crashed)
{
    public const int MaxCrashed = 1024;

    public static SessionsDocument Initial { get; } = new(0, false, "", []);

    /// <summary>The next session, running; the one before joins the crashed when it still ran.</summary>
    public SessionsDocument Begin(string boot) => new(Session + 1, true, boot, AllCrashed().ToArray());

    /// <summary>The running session, ended.</summary>
    public SessionsDocument End() => this with { Running = false };

    /// <summary>As if every session up to this one had begun and none of those missing here had ended: files of theirs are recovered, not refused.</summary>
    public SessionsDocument Reach(ulong session)
    {
        ulong first = Math.Max(Session + 1, session > MaxCrashed ? session - MaxCrashed : 0);
        var missing = new List<ulong>();
        for (ulong number = first; number <= session; number++)
        {
            missing.Add(number);
        }

        return new SessionsDocument(session, false, Boot, [.. AllCrashed().Concat(missing).TakeLast(MaxCrashed)]);
    }

    /// <summary>Crashed sessions, with the last one when it still counts as running and the mount lock is free.</summary>
    public IEnumerable<ulong> AllCrashed() => (Running ? Crashed.Append(Session) : Crashed).TakeLast(MaxCrashed);

    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("session", Session);
            json.WriteBoolean("running", Running);
            json.WriteString("boot", Boot);
            json.WriteStartArray("crashed");
            foreach (ulong session in Crashed)
            {
                json.WriteNumberValue(session);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static bool TryParse(byte[] body, out SessionsDocument? sessions)
    {
        sessions = null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            JsonElement root = json.RootElement;
            ulong[] crashed = root.GetProperty("crashed").EnumerateArray().Select(e => e.GetUInt64()).ToArray();
            sessions = new SessionsDocument(root.GetProperty("session").GetUInt64(), root.GetProperty("running").GetBoolean(), root.GetProperty("boot").GetString() ?? "", crashed);
            return crashed.Length <= MaxCrashed;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
