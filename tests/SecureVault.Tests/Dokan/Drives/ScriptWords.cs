using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using SecureVault.Dokan.Values;

namespace SecureVault.Tests.Dokan.Drives;

/// <summary>The words of the scripts in tests/scripts/windows, as their README describes them.</summary>
internal static class ScriptWords
{
    /// <summary>Takes the escapes %XX out.</summary>
    public static byte[] Bytes(string word)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < word.Length; i++)
        {
            if (word[i] == '%')
            {
                bytes.Add(byte.Parse(word.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add((byte)word[i]);
            }
        }

        return [.. bytes];
    }

    public static string Text(string word) => Encoding.UTF8.GetString(Bytes(word));

    public static byte[] Content(string word)
    {
        string[] parts = word.Split(':', 3);
        return parts[0] switch
        {
            "-" => [],
            "text" => Bytes(word[5..]),
            "hex" => Convert.FromHexString(parts[1]),
            "fill" => [.. Enumerable.Repeat(Convert.ToByte(parts[2], 16), int.Parse(parts[1], CultureInfo.InvariantCulture))],
            _ => throw new FormatException($"'{word}' is no content."),
        };
    }

    /// <summary>Value of "name=..." among the words, or the default.</summary>
    public static T Option<T>(string[] words, string name, T otherwise)
        where T : struct, Enum
    {
        string? found = words.FirstOrDefault(w => w.StartsWith(name + "=", StringComparison.Ordinal));
        return found is null ? otherwise : Flags<T>(found[(name.Length + 1)..]);
    }

    /// <summary>READ_DATA|WRITE_DATA and the like; spelled as the values here but for case and underscores.</summary>
    public static T Flags<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word.Replace("_", "", StringComparison.Ordinal).Replace('|', ','), ignoreCase: true);

    /// <summary>STATUS_ACCESS_DENIED and the like.</summary>
    public static NtStatus Status(string word) => Flags<NtStatus>(word["STATUS_".Length..]);
}
