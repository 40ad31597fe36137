using System;
using SecureVault.Policy.Exchange;

namespace SecureVault.Service.Yaml;

/// <summary>What a plain word of YAML is.</summary>
internal static class YamlWords
{
    public static NodeShape Shape(string plain) => plain switch
    {
        "" or "~" or "null" => NodeShape.Nothing,
        "true" or "false" => NodeShape.Truth,
        _ => IsNumber(plain) ? NodeShape.Number : NodeShape.Text,
    };

    private static bool IsNumber(string plain)
    {
        ReadOnlySpan<char> digits = plain[0] == '-' ? plain.AsSpan(1) : plain;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9');
    }
}
