using System;
using System.Collections.Generic;
using System.Linq;

namespace SecureVault.Cli.Output;

/// <summary>What --csv prints: RFC 4180, the first line names the columns. A cell that a spreadsheet would take for a formula has a ' before it.</summary>
internal static class Csv
{
    public static void Print(Terminal terminal, string[] headings, IEnumerable<string[]> rows)
    {
        foreach (string[] row in rows.Prepend(headings))
        {
            terminal.Output.Write(string.Join(',', row.Select(Cell)) + "\r\n");
        }
    }

    private static string Cell(string text)
    {
        string safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
