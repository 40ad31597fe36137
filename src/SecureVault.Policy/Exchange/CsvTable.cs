using System;
using System.Collections.Generic;
using System.Text;

namespace SecureVault.Policy.Exchange;

/// <summary>One cell of a table, and where it begins.</summary>
public readonly record struct CsvCell(string Text, TextPlace Place);

/// <summary>Reads tables as RFC 4180 has them: commas, and quotes around what holds a comma, a quote (doubled) or a line break. Line breaks of any kind; empty lines are no rows.</summary>
public static class CsvTable
{
    /// <summary>The rows, the header too. Faults name line and column; what is wrong is read as well as it can be.</summary>
    public static IReadOnlyList<IReadOnlyList<CsvCell>> Read(string text, DocumentFaults faults)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(faults);
        var rows = new List<IReadOnlyList<CsvCell>>();
        var reader = new Reader(text.TrimStart('\ufeff'), faults);
        while (!reader.IsAtEnd)
        {
            var row = new List<CsvCell>();
            do
            {
                row.Add(reader.Cell());
            }
            while (reader.Skip(','));
            reader.EndLine();
            if (row.Count > 1 || row[0].Text.Length > 0)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private sealed class Reader(string text, DocumentFaults faults)
    {
        private int _at;
        private int _line = 1;
        private int _lineStart;

        public bool IsAtEnd => _at >= text.Length;

        private TextPlace Here => new(_line, _at - _lineStart + 1);

        public CsvCell Cell()
        {
            TextPlace place = Here;
            if (!IsAtEnd && text[_at] == '"')
            {
                return new CsvCell(Quoted(place), place);
            }

            int start = _at;
            while (!IsAtEnd && text[_at] is not (',' or '\r' or '\n'))
            {
                if (text[_at] == '"')
                {
                    faults.Add(Here, "a quote stands within a cell that does not begin with one: put the whole cell in quotes and double the quotes in it.");
                    return new CsvCell(Rest(start), place);
                }

                _at++;
            }

            return new CsvCell(text[start.._at].Trim(), place);
        }

        public bool Skip(char character)
        {
            bool there = !IsAtEnd && text[_at] == character;
            _at += there ? 1 : 0;
            return there;
        }

        public void EndLine()
        {
            if (Skip('\r') | Skip('\n'))
            {
                NextLine();
            }
        }

        private void NextLine()
        {
            _line++;
            _lineStart = _at;
        }

        private string Quoted(TextPlace begun)
        {
            _at++;
            var cell = new StringBuilder();
            while (!IsAtEnd)
            {
                char character = text[_at++];
                if (character == '"' && !Skip('"'))
                {
                    return Closed(cell);
                }

                cell.Append(character);
                if (character == '\n')
                {
                    NextLine();
                }
            }

            faults.Add(begun, "a quote is opened here and never closed.");
            return cell.ToString();
        }

        private string Closed(StringBuilder cell)
        {
            if (!IsAtEnd && text[_at] is not (',' or '\r' or '\n'))
            {
                faults.Add(Here, "something stands behind the closing quote: a quote within a cell is doubled.");
                Rest(_at);
            }

            return cell.ToString();
        }

        /// <summary>Up to the next comma or line break.</summary>
        private string Rest(int start)
        {
            while (!IsAtEnd && text[_at] is not (',' or '\r' or '\n'))
            {
                _at++;
            }

            return text[start.._at];
        }
    }
}
