using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SecureVault.Cli.Output;

/// <summary>A table of any length: the first rows say how wide its columns are, and from then on each row is printed as it comes.</summary>
/// <remarks>On a terminal no line is longer than the terminal: cells go on below. In a pipe a row is one line, whatever its length. The last column is the widest.</remarks>
internal sealed class LongListing
{
    /// <summary>Rows that are kept to find the widths.</summary>
    public const int Learned = 200;

    private const int Least = 6;
    private const int LeastOfLast = 12;
    private readonly Terminal _terminal;
    private readonly int? _width;
    private readonly string[] _headings;
    private readonly List<string[]> _first = [];
    private readonly Lazy<IAnsiConsole> _console;
    private int[]? _widths;

    /// <param name="width">Of the terminal, in cells; null where it is none.</param>
    public LongListing(Terminal terminal, int? width, params string[] headings)
    {
        _terminal = terminal;
        _width = width;
        _headings = headings;
        _console = new Lazy<IAnsiConsole>(() => Listing.Console(terminal));
    }

    public static LongListing On(Terminal terminal, params string[] headings) =>
        new(terminal, terminal.OutputIsTerminal ? Listing.Console(terminal).Profile.Width : null, headings);

    public void Add(params string[] cells)
    {
        string[] clean = [.. cells.Select(c => Printable.OneLine(c) is { Length: > 0 } text ? text : "-")];
        if (_widths is not null)
        {
            Print(clean, heading: false);
            return;
        }

        _first.Add(clean);
        if (_first.Count == Learned)
        {
            Begin();
        }
    }

    /// <summary>Prints what was kept, or the words for an empty table.</summary>
    public void Finish(string whenEmpty)
    {
        if (_widths is null && _first.Count == 0)
        {
            _terminal.Output.WriteLine(whenEmpty);
        }
        else if (_widths is null)
        {
            Begin();
        }
    }

    private void Begin()
    {
        _widths = Widths();
        Print(_headings, heading: true);
        _first.ForEach(row => Print(row, heading: false));
        _first.Clear();
    }

    /// <summary>As wide as the widest of the first rows; on a terminal the widest columns give way until all fit, the last one last.</summary>
    private int[] Widths()
    {
        int[] widths = [.. _headings.Select((h, i) => _first.Max(r => Cells(r[i])) is var most && most > Cells(h) ? most : Cells(h))];
        if (_width is not { } room)
        {
            return widths;
        }

        int gaps = widths.Length; // one between columns, and the terminal's last cell stays free
        int last = widths.Length - 1;
        int floor = Math.Min(widths[last], Math.Max(LeastOfLast, room / 4));
        while (widths[..last].Sum() + floor + gaps > room && widths[..last].Max() > Least)
        {
            widths[Array.IndexOf(widths, widths[..last].Max())]--;
        }

        widths[last] = Math.Max(1, room - gaps - widths[..last].Sum());
        return widths;
    }

    private void Print(string[] cells, bool heading)
    {
        if (_width is null)
        {
            _terminal.Output.WriteLine(Line(cells));
            return;
        }

        List<string>[] wrapped = [.. cells.Select((c, i) => Wrapped(c, _widths![i]))];
        for (int line = 0; line < wrapped.Max(w => w.Count); line++)
        {
            for (int i = 0; i < cells.Length; i++)
            {
                string text = line < wrapped[i].Count ? wrapped[i][line] : "";
                Style style = heading ? new Style(decoration: Decoration.Bold) : Listing.StyleOf(cells[i]);
                _console.Value.Write(new Text(i < cells.Length - 1 ? Padded(text, _widths![i] + 1) : text, style));
            }

            _console.Value.WriteLine();
        }
    }

    private string Line(string[] cells)
    {
        var line = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
        {
            line.Append(i < cells.Length - 1 ? Padded(cells[i], _widths![i]) + "  " : cells[i]);
        }

        return line.ToString();
    }

    private static string Padded(string text, int width) => text + new string(' ', Math.Max(0, width - Cells(text)));

    /// <summary>Lines of at most so many cells, broken at a blank where one is in the second half of a line.</summary>
    private static List<string> Wrapped(string text, int width)
    {
        var lines = new List<string>();
        while (Cells(text) > width)
        {
            int most = Fitting(text, width);
            int blank = text.LastIndexOf(' ', most);
            bool soft = blank > most / 2;
            lines.Add(text[..(soft ? blank : most)]);
            text = text[(soft ? blank + 1 : most)..];
        }

        lines.Add(text);
        return lines;
    }

    /// <summary>How many UTF-16 units fit into so many cells; at least one character, and less than all.</summary>
    private static int Fitting(string text, int width)
    {
        int taken = 0;
        int filled = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            filled += Cells(rune.ToString());
            if (filled > width && taken > 0)
            {
                return taken;
            }

            taken += rune.Utf16SequenceLength;
        }

        return taken;
    }

    private static int Cells(string text) => Ascii.IsValid(text) ? text.Length : new Segment(text).CellCount();
}
