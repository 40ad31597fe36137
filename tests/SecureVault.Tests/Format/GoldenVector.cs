using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;

namespace SecureVault.Tests.Format;

/// <summary>One case of tests/vectors/format-*.txt: fields that may repeat; see the README there.</summary>
internal sealed class GoldenVector
{
    private readonly Dictionary<string, List<string>> _fields = [];

    public string Case => Text("case");

    public string Kind => Text("kind");

    public FormatStatus Expected => Text("expect") switch
    {
        "ok" => FormatStatus.Ok,
        "corrupt" => FormatStatus.Corrupt,
        "newer-version" => FormatStatus.NewerVersion,
        "unknown-suite" => FormatStatus.UnknownSuite,
        "unknown-key" => FormatStatus.UnknownKey,
        "wrong-passphrase" => FormatStatus.WrongPassphrase,
        "weak-kdf" => FormatStatus.WeakKdf,
        string other => throw new InvalidDataException($"Case {Case} expects {other}."),
    };

    public CipherSuite Suite => _fields.ContainsKey("suite") && Text("suite") == "sm4-gcm" ? CipherSuite.Sm4Gcm : CipherSuite.Aes256Gcm;

    public string Text(string field) => _fields[field][0];

    public IReadOnlyList<string> All(string field) => _fields.TryGetValue(field, out List<string>? values) ? values : [];

    public byte[] Bytes(string field) => Convert.FromHexString(Text(field));

    public long Number(string field) => long.Parse(Text(field), CultureInfo.InvariantCulture);

    public Id128 Id(string field) => Id128.Read(Bytes(field));

    public SecretKey Secret(string field) => SecretKey.Import(Bytes(field));

    public AeadKey Aead(string field = "key")
    {
        using SecretKey key = Secret(field);
        return AeadKey.Create(Suite, key);
    }

    public SivKey Siv(string field = "key")
    {
        using SecretKey key = Secret(field);
        return SivKey.Create(key);
    }

    public override string ToString() => $"{Kind}: {Case}";

    public static List<GoldenVector> Read(string file)
    {
        var vectors = new List<GoldenVector>();
        GoldenVector? current = null;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "vectors", file)).Where(line => !line.StartsWith('#')))
        {
            if (line.Length == 0)
            {
                current = null;
                continue;
            }

            if (current is null)
            {
                vectors.Add(current = new GoldenVector());
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (!current._fields.TryGetValue(line[..colon], out List<string>? values))
            {
                current._fields.Add(line[..colon], values = []);
            }

            values.Add(line[(colon + 1)..].Trim());
        }

        return vectors.Count > 0 ? vectors : throw new InvalidDataException($"{file} holds no case.");
    }
}
