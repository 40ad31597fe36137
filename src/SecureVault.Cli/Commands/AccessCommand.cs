using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;
using System.Text.Json;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Commands;

/// <summary>access: the review of who may do what.</summary>
internal static class AccessCommand
{
    private static readonly string[] OfPath = ["user", "mode", "by", "grant", "until", "only", "rules"];
    private static readonly string[] OfUser = ["department", "up to", "compartment", "mode", "by", "grant", "until", "only"];
    private static readonly string[] OfUnused = ["kind", "holder", "grant", "mode", "until"];

    public static Command Build(Terminal terminal, TimeProvider clock)
    {
        var path = Parts.Inside();
        path.Arity = ArgumentArity.ZeroOrOne;
        var user = new Option<string?>("--user") { Description = "Everything this user may open, by department.", HelpName = "USER" };
        var unused = new Option<bool>("--unused") { Description = "Grants that nobody used since --since." };
        var since = Parts.Instant(clock, "--since", "With --unused: from then on (90d unless said).", Instants.TryParseStart);
        var asJson = Parts.Json();
        var asCsv = new Option<bool>("--csv") { Description = "Print CSV for a spreadsheet instead of a table." };
        var command = new VaultCommand(
            terminal, "access", "Who may do what at most, and by what: of a path, of a user, or which grants nobody used.",
            "access /srv/vault /Payroll", "access /srv/vault --user alice --csv", "access /srv/vault --unused --since 90d")
            .ForAudit()
            .With(path, user, unused, since, asJson, asCsv);
        command.Validators.Add(r => OnlyOne(r, path, user, unused, since));
        return command.Does((parse, vault) =>
        {
            Style style = parse.GetValue(asJson) ? Style.Json : parse.GetValue(asCsv) ? Style.Csv : Style.Table;
            return parse.GetValue(user) is { } name ? Show(terminal, vault.Access.OfUser(name), style, OfUser, UserCells, "Nothing that is labelled.", Indented)
                : parse.GetValue(unused) ? Show(terminal, vault.Access.Unused(Since(parse.GetValue(since), clock)), style, OfUnused, UnusedCells, "Every grant was used.", c => c)
                : ShowPath(terminal, vault.Access.Of(parse.GetValue(path)!), style);
        });
    }

    private enum Style
    {
        Table,
        Json,
        Csv,
    }

    private static void OnlyOne(CommandResult given, Argument<string> path, Option<string?> user, Option<bool> unused, Option<string?> since)
    {
        bool isUnused = given.GetResult(unused) is { Implicit: false };
        int asked = (given.GetResult(path) is { Tokens.Count: > 0 } ? 1 : 0) + (given.GetResult(user) is { Implicit: false } ? 1 : 0) + (isUnused ? 1 : 0);
        if (asked != 1)
        {
            given.AddError("Say what is asked: a PATH inside the vault, --user USER, or --unused; one of them.");
        }
        else if (!isUnused && given.GetResult(since) is { Implicit: false })
        {
            given.AddError("--since goes with --unused.");
        }
    }

    private static DateTimeOffset Since(string? text, TimeProvider clock)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return text is not null && Instants.TryParseStart(text, now, out DateTimeOffset since) ? since : now.AddDays(-90);
    }

    private static int ShowPath(Terminal terminal, Answer<PathAccess> answer, Style style)
    {
        if (answer.Result.IsOk && style == Style.Table)
        {
            terminal.Say($"{answer.Value.Path} is {answer.Value.Label}.");
        }

        Answer<IReadOnlyList<PathAccessRow>> rows = new(answer.Result, answer.Result.IsOk ? answer.Value.Rows : default!);
        return Show(terminal, rows, style, OfPath, PathCells, "No user yet.", c => c);
    }

    /// <param name="shown">What a table has in place of the cells.</param>
    private static int Show<T>(Terminal terminal, Answer<IReadOnlyList<T>> answer, Style style, string[] headings, Func<T, string[]> cells, string whenEmpty, Func<string[], string[]> shown)
    {
        if (!answer.Result.IsOk)
        {
            return terminal.Fail(answer.Result);
        }

        if (style == Style.Csv)
        {
            Csv.Print(terminal, headings, answer.Value.Select(cells));
            return ExitCodes.Done;
        }

        if (style == Style.Json)
        {
            Json.PrintArray(terminal, answer.Value.Select(cells), (json, row) => Write(json, headings, row));
            return ExitCodes.Done;
        }

        var listing = new Listing(headings);
        foreach (T row in answer.Value)
        {
            listing.Add(shown(cells(row)));
        }

        listing.Print(terminal, whenEmpty);
        return ExitCodes.Done;
    }

    /// <summary>JSON has the columns of the table, "up to" as "level".</summary>
    private static void Write(Utf8JsonWriter json, string[] headings, string[] row)
    {
        for (int i = 0; i < headings.Length; i++)
        {
            json.WriteString(headings[i] == "up to" ? "level" : headings[i], row[i]);
        }
    }

    private static string[] PathCells(PathAccessRow row) => [row.User, row.Mode, row.Holder, row.Grant, End(row.Until), row.Only, string.Join("; ", row.Rules)];

    private static string[] UserCells(UserAccessRow row) => [row.Department, row.Level, row.Compartment, row.Mode, row.Holder, row.Grant, End(row.Until), row.Only];

    private static string[] UnusedCells(UnusedGrant row) => [row.Kind, row.Holder, row.Scope, row.Mode, End(row.Expires)];

    /// <summary>The tree of departments: each indented below the one it lies in.</summary>
    private static string[] Indented(string[] cells)
    {
        int depth = cells[0].Count(c => c == '/');
        return [new string('\u00a0', 2 * depth) + cells[0][(cells[0].LastIndexOf('/') + 1)..], .. cells[1..]];
    }

    private static string End(DateTimeOffset? end) => end is { } given ? Expiry.Shown(given) : "";
}
