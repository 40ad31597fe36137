using System.Buffers;
using System.Text.Json;
using SecureVault.Terms;

namespace SecureVault.Service.Control;

/// <summary>What a store can do, as status shows it: {"keepsModes":B,"longestName":N,..}, lengths and sizes in bytes.</summary>
internal static class StoreJson
{
    public static JsonElement? Of(StoreAbilities? store)
    {
        if (store is null)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("keepsModes", store.KeepsModes);
            json.WriteBoolean("locks", store.Locks);
            json.WriteBoolean("tellsCase", store.TellsCase);
            json.WriteBoolean("stableNumbers", store.StableNumbers);
            json.WriteNumber("longestName", store.LongestName);
            json.WriteBoolean("exchanges", store.Exchanges);
            json.WriteBoolean("hardLinks", store.HardLinks);
            json.WriteNumber("longestLinkTarget", store.LongestLinkTarget);
            json.WriteBoolean("pipes", store.Pipes);
            json.WriteNumber("largestAttribute", store.LargestAttribute);
            json.WriteBoolean("allocates", store.Allocates);
            json.WriteBoolean("punchesHoles", store.PunchesHoles);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
