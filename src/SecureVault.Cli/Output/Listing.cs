using System.Collections.Generic;
using System.Linq;
using Spectre.Console;

namespace SecureVault.Cli.Output;

/// <summary>A table for people: framed on a wide terminal, plain columns in a pipe.</summary>
internal sealed class Listing(params string[] headings)
{
    private const int PipeWidth = 4096;
    private const int RoomForFrames = 100;
    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Prints the table, or the words for an empty one.</summary>
    public void Print(Terminal terminal, string whenEmpty, int indent = 0)
    {
        if (_rows.Count == 0)
        {
            terminal.Output.WriteLine(whenEmpty);
            return;
        }

        IAnsiConsole console = Console(terminal);
        bool framed = terminal.OutputIsTerminal && console.Profile.Width >= RoomForFrames;
        var table = new Table { Border = framed ? TableBorder.Rounded : terminal.OutputIsTerminal ? TableBorder.Simple : TableBorder.None };
        table.BorderColor(Color.Grey);
        var padding = framed ? new Padding(1, 0, 1, 0) : new Padding(0, 0, terminal.OutputIsTerminal ? 1 : 2, 0);
        foreach (string heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))) { Padding = padding });
        }

        foreach (string[] row in _rows)
        {
            table.AddRow(row.Select(Cell));
        }

        console.Write(indent == 0 ? table : new Padder(table, new Padding(indent, 0, 0, 0)));
    }

    /// <summary>A console that draws on Output; as wide as needed when that is no terminal, so nothing is broken in a pipe.</summary>
    public static IAnsiConsole Console(Terminal terminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Output),
            Ansi = terminal.OutputIsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal.OutputIsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!terminal.OutputIsTerminal)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }

    /// <summary>The words every table colours alike.</summary>
    public static Style StyleOf(string cell) => cell switch
    {
        "plaintext" or "allowed" => new Style(Color.Green),
        "read-only" => new Style(Color.Yellow),
        "denied" or "refused" => new Style(Color.Red),
        "-" => new Style(Color.Grey),
        _ => Style.Plain,
    };

    private static Text Cell(string text)
    {
        string clean = Printable.OneLine(text);
        return new Text(clean.Length == 0 ? "-" : clean, StyleOf(clean.Length == 0 ? "-" : clean));
    }
}
