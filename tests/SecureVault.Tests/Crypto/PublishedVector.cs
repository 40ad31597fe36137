using System;
using System.Collections.Generic;
using System.IO;

namespace SecureVault.Tests.Crypto;

/// <summary>One case of a file under tests/vectors: see its README for the text.</summary>
internal sealed class PublishedVector
{
    private readonly Dictionary<string, string> _values = [];

    internal string Case => _values["case"];

    internal bool IsValid => _values["expect"] switch
    {
        "valid" => true,
        "invalid" => false,
        string other => throw new InvalidDataException($"Case {Case} expects {other}."),
    };

    internal byte[] Bytes(string name) => Convert.FromHexString(_values[name]);

    internal int Number(string name) => int.Parse(_values[name], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>All cases of a file, which has at least one.</summary>
    internal static List<PublishedVector> Read(string file)
    {
        List<PublishedVector> vectors = [];
        PublishedVector? current = null;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "vectors", file)))
        {
            if (line.Length == 0)
            {
                current = null;
            }
            else if (line[0] != '#')
            {
                if (current is null)
                {
                    current = new PublishedVector();
                    vectors.Add(current);
                }

                int colon = line.IndexOf(':', StringComparison.Ordinal);
                current._values.Add(line[..colon], line[(colon + 1)..].Trim());
            }
        }

        return vectors.Count > 0 ? vectors : throw new InvalidDataException($"{file} holds no case.");
    }
}
