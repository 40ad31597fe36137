using System;
using System.Collections.Generic;
using System.Text;

namespace SecureVault.Policy.Audit;

/// <summary>A detail that is longer than a record holds, in pieces that each fit.</summary>
public static class AuditDetail
{
    /// <summary>The text, cut after "; " or ", " where that is not far, else between two characters.</summary>
    /// <param name="continued">Stands before every piece but the first.</param>
    public static IReadOnlyList<string> Split(string text, string continued)
    {
        var pieces = new List<string>();
        ReadOnlySpan<char> rest = text;
        string before = "";
        do
        {
            int most = Fitting(rest, AuditJson.TextBudget - Size(before));
            int cut = most == rest.Length ? most : Math.Max(rest[..most].LastIndexOf("; "), rest[..most].LastIndexOf(", ")) is var soft && soft > most / 2 ? soft + 2 : most;
            pieces.Add(string.Concat(before, rest[..cut]));
            rest = rest[cut..];
            before = continued;
        }
        while (!rest.IsEmpty);

        return pieces;
    }

    private static int Size(string text)
    {
        int size = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            size += SizeOf(rune);
        }

        return size;
    }

    /// <summary>How many UTF-16 units fit into so many bytes, at least one character.</summary>
    private static int Fitting(ReadOnlySpan<char> text, int budget)
    {
        int taken = 0;
        int size = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            size += SizeOf(rune);
            if (size > budget && taken > 0)
            {
                return taken;
            }

            taken += rune.Utf16SequenceLength;
        }

        return text.Length;
    }

    /// <summary>Bytes of a character between the quotes of a record, as JsonLine writes it.</summary>
    private static int SizeOf(Rune rune) => rune.Value switch
    {
        '"' or '\\' => 2,
        < 0x20 or 0x7f => 6,
        _ => rune.Utf8SequenceLength,
    };
}
