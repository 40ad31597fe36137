using System;
using System.Globalization;
using SecureVault.Service.Administration;
using Spectre.Console;

namespace SecureVault.Cli.Output;

/// <summary>Long work with a bar on a terminal's standard error, and in silence elsewhere.</summary>
internal static class ProgressBar
{
    /// <summary>Runs the work; it reports through the callback it is given (null where there is no terminal).</summary>
    public static T Run<T>(Terminal terminal, string title, Func<Action<WorkProgress>?, T> work)
    {
        if (!terminal.ErrorIsTerminal)
        {
            return work(null);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                return work(p => Show(bar, title, p));
            });
    }

    /// <summary>"3.4 MiB": bytes for people.</summary>
    public static string Bytes(long count)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
        double size = count;
        int unit = 0;
        while (size >= 1024 && unit < units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {units[unit]}");
    }

    private static void Show(ProgressTask bar, string title, WorkProgress progress)
    {
        string current = Printable.OneLine(progress.Current);
        bar.MaxValue = Math.Max(progress.Total, 1);
        bar.Value = progress.Done;
        bar.Description = Markup.Escape($"{title} {(current.Length > 40 ? $"\u2026{current[^39..]}" : current)}");
    }
}
