using System;
using System.Buffers;
using System.Numerics;
using System.Text.Json;
using SecureVault.Crypto;

namespace SecureVault.Format.V1;

/// <summary>Reads securevault.json strictly: exactly the members that format 1 has, each once, hex in lower case.</summary>
internal static class VaultConfigText
{
    private const int MaxText = 64 * 1024;
    private const int MaxDepth = 4;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private static readonly string[] Members = ["securevault", "format", "suite", "blockSize", "id", "signingKey", "slots"];
    private static readonly string[] SlotMembers = ["type", "kdf", "n", "r", "p", "salt", "nonce", "wrapped"];

    /// <summary>Spelling of a suite in the config.</summary>
    public static string SuiteName(CipherSuite suite) => suite switch
    {
        CipherSuite.Aes256Gcm => "aes-256-gcm",
        CipherSuite.Sm4Gcm => "sm4-gcm",
        _ => throw new ArgumentOutOfRangeException(nameof(suite)),
    };

    public static FormatStatus TryParse(ReadOnlySpan<byte> json, out VaultConfig? config, out int foundVersion)
    {
        config = null;
        foundVersion = 0;
        if (json.Length > MaxText)
        {
            return FormatStatus.Corrupt;
        }

        try
        {
            using var document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement, out config, out foundVersion);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string that is not UTF-8 inside.
            config = null;
            return FormatStatus.Corrupt;
        }
    }

    private static FormatStatus Read(JsonElement root, out VaultConfig? config, out int foundVersion)
    {
        config = null;
        foundVersion = 0;
        if (root.ValueKind != JsonValueKind.Object || Text(root, "securevault") != "vault" || !TryNumber(root, "format", out foundVersion) || foundVersion < 1)
        {
            return FormatStatus.Corrupt;
        }

        if (foundVersion > VaultConfig.CurrentVersion)
        {
            return FormatStatus.NewerVersion;
        }

        if (!HasExactly(root, Members) || Text(root, "suite") is not string suiteName)
        {
            return FormatStatus.Corrupt;
        }

        CipherSuite? suite = suiteName switch
        {
            "aes-256-gcm" => CipherSuite.Aes256Gcm,
            "sm4-gcm" => CipherSuite.Sm4Gcm,
            _ => null,
        };
        if (suite is null || !AeadKey.IsKnown(suite.Value))
        {
            return FormatStatus.UnknownSuite;
        }

        config = ReadFields(root, suite.Value);
        return config is null ? FormatStatus.Corrupt : FormatStatus.Ok;
    }

    private static VaultConfig? ReadFields(JsonElement root, CipherSuite suite)
    {
        JsonElement slots = root.GetProperty("slots");
        if (slots.ValueKind != JsonValueKind.Array || slots.GetArrayLength() != 1 || !HasExactly(slots[0], SlotMembers))
        {
            return null;
        }

        JsonElement slot = slots[0];
        if (Text(slot, "type") != "passphrase" || Text(slot, "kdf") != "scrypt"
            || !TryNumber(root, "blockSize", out int blockSize) || blockSize <= 0 || !BitOperations.IsPow2(blockSize) || !FileLayout.IsBlockShift(BitOperations.Log2((uint)blockSize))
            || !TryNumber(slot, "n", out int n) || !TryNumber(slot, "r", out int r) || !TryNumber(slot, "p", out int p) || n <= 0 || r <= 0 || p <= 0)
        {
            return null;
        }

        if (Hex(root, "id", 16) is not byte[] id || Hex(root, "signingKey", VaultConfig.PointSize) is not byte[] point
            || Hex(slot, "salt", VaultConfig.SaltSize) is not byte[] salt || Hex(slot, "nonce", AeadKey.NonceSize) is not byte[] nonce
            || Hex(slot, "wrapped", VaultConfig.WrappedSize) is not byte[] wrapped)
        {
            return null;
        }

        return new VaultConfig(suite, BitOperations.Log2((uint)blockSize), Id128.Read(id), point, new ScryptCost(n, r, p), salt, nonce, wrapped);
    }

    /// <summary>True when the object has each member once and no other.</summary>
    private static bool HasExactly(JsonElement element, string[] members)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        int seen = 0;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            int index = Array.IndexOf(members, property.Name);
            if (index < 0 || (seen & (1 << index)) != 0)
            {
                return false;
            }

            seen |= 1 << index;
        }

        return seen == (1 << members.Length) - 1;
    }

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryNumber(JsonElement element, string member, out int number)
    {
        number = 0;
        return element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }

    private static byte[]? Hex(JsonElement element, string member, int size)
    {
        string? text = Text(element, member);
        if (text is null || text.Length != size * 2 || text.AsSpan().ContainsAnyExcept(Digits))
        {
            return null;
        }

        return Convert.FromHexString(text);
    }
}
