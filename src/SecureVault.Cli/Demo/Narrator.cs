using SecureVault.Cli.Output;
using Spectre.Console;

namespace SecureVault.Cli.Demo;

/// <summary>The tour's voice: numbered steps, plain sentences, the commands a person would type.</summary>
internal sealed class Narrator(Terminal terminal)
{
    private const int Indent = 3;

    private readonly IAnsiConsole _console = Listing.Console(terminal);
    private int _step;

    public void Title(string title, string below)
    {
        Line(title, new Style(Color.Aqua, decoration: Decoration.Bold));
        Line(below, new Style(Color.Grey));
    }

    /// <summary>Begins the next step.</summary>
    public void Step(string title)
    {
        _step++;
        terminal.Output.WriteLine();
        Line($"{_step}  {title}", new Style(Color.Aqua, decoration: Decoration.Bold));
    }

    public void Say(string sentence) => Indented(sentence, Style.Plain);

    /// <summary>Something that could not be shown, or went wrong.</summary>
    public void Warn(string sentence) => Indented(sentence, new Style(Color.Yellow));

    public void Good(string sentence) => Indented(sentence, new Style(Color.Green));

    /// <summary>A command line without the program's name.</summary>
    public void Command(string command) => Indented($"$ {command}", new Style(Color.Grey));

    public void Table(Listing listing) => listing.Print(terminal, "", Indent - 1);

    private void Indented(string text, Style style) => _console.Write(new Padder(new Text(Printable.OneLine(text), style), new Padding(Indent, 0, 0, 0)));

    private void Line(string text, Style style) => _console.Write(new Text(Printable.OneLine(text) + "\n", style));
}
