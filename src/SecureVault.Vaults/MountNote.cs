using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using SecureVault.Crypto;

namespace SecureVault.Vaults;

/// <summary>What the holder of a vault says of itself in the file `lock`, anew at each beat.</summary>
/// <remarks>
/// Stored: nonce (12), sealed UTF-8 JSON, tag (16), under the document key; associated data "securevault lock" and the vault id. JSON:
/// {"machine":"box","boot":"8d0c...","pid":42,"at":"/mnt/drive","since":"2026-01-31 08:15","beat":"0000000000000007"}.
/// </remarks>
/// <param name="Boot">Names the start of the machine; empty where unknown.</param>
/// <param name="At">Mount point; empty for a command.</param>
/// <param name="Beat">Grows while the holder lives.</param>
internal sealed record MountNote(string Machine, string Boot, int Pid, string At, string Since, ulong Beat)
{
    public const int MaxStored = 16 * 1024;
    private const int Overhead = AeadKey.NonceSize + AeadKey.TagSize;

    /// <summary>For a person: where, by whom, since when.</summary>
    public string Where => $"{(At.Length > 0 ? $" at {At}" : "")} on {Machine} (process {Pid}, since {Since} UTC)";

    /// <summary>True when this machine wrote it; one that does not know its name takes every note for another's.</summary>
    public bool IsOf(string machine) => Machine.Length > 0 && Machine == machine;

    public byte[] Seal(AeadKey key, byte[] associated)
    {
        byte[] plain = ToJson();
        byte[] stored = new byte[plain.Length + Overhead];
        RandomBytes.Fill(stored.AsSpan(0, AeadKey.NonceSize));
        key.Seal(stored.AsSpan(0, AeadKey.NonceSize), plain, stored.AsSpan(AeadKey.NonceSize, plain.Length), stored.AsSpan(^AeadKey.TagSize..), associated);
        return stored;
    }

    /// <summary>Null when it is no note of this vault.</summary>
    public static MountNote? TryOpen(byte[] stored, AeadKey key, byte[] associated)
    {
        if (stored.Length <= Overhead)
        {
            return null;
        }

        byte[] plain = new byte[stored.Length - Overhead];
        ReadOnlySpan<byte> note = stored;
        return key.TryOpen(note[..AeadKey.NonceSize], note[AeadKey.NonceSize..^AeadKey.TagSize], note[^AeadKey.TagSize..], plain, associated) ? TryParse(plain) : null;
    }

    private byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("machine", Machine);
            json.WriteString("boot", Boot);
            json.WriteNumber("pid", Pid);
            json.WriteString("at", At);
            json.WriteString("since", Since);
            json.WriteString("beat", Beat.ToString("x16", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static MountNote? TryParse(byte[] plain)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(plain);
            JsonElement root = document.RootElement;
            string Text(string name) => root.GetProperty(name).GetString() ?? "";
            return new MountNote(Text("machine"), Text("boot"), root.GetProperty("pid").GetInt32(), Text("at"), Text("since"), ulong.Parse(Text("beat"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
