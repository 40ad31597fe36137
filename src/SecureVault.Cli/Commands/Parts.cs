using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using SecureVault.Cli.Output;
using SecureVault.Vaults;

namespace SecureVault.Cli.Commands;

/// <summary>Arguments and options that several commands have; each call makes a new one.</summary>
internal static class Parts
{
    public const string Modes = "plaintext or read-only";

    public static Argument<string> Vault()
    {
        var argument = new Argument<string>("VAULT") { Description = "Folder of the vault." };
        RefuseUnspeakable(argument);
        return argument;
    }

    /// <summary>Refuses paths whose bytes this program's text cannot hold: they came as U+FFFD, and would lead to another name.</summary>
    public static void RefuseUnspeakable(Argument argument) => argument.Validators.Add(r =>
    {
        if (r.Tokens.Count == 1 && (RawText.HasBytes(r.Tokens[0].Value) || (r.Tokens[0].Value.Contains('\ufffd') && !Path.Exists(r.Tokens[0].Value))))
        {
            r.AddError($"{argument.Name} '{r.Tokens[0].Value}' is not UTF-8, which this program cannot hand to the system: rename the folder, or go by another path.");
        }
    });

    public static Argument<string> Text(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(r =>
        {
            if (r.Tokens is [{ Value: "" }])
            {
                r.AddError($"{name} may not be empty.");
            }
        });
        return argument;
    }

    /// <summary>A path inside the vault: begins with '/'.</summary>
    public static Argument<string> Inside()
    {
        var argument = new Argument<string>("PATH") { Description = "Path inside the vault, beginning with /." };
        argument.Validators.Add(r => BeginsWithSlash(r, "PATH"));
        return argument;
    }

    /// <summary>Refuses what is no path inside the vault.</summary>
    public static void BeginsWithSlash(Option option, string name) => option.Validators.Add(r => BeginsWithSlash(r, name));

    private static void BeginsWithSlash(SymbolResult given, string name)
    {
        if (given.Tokens.Count == 1 && !given.Tokens[0].Value.StartsWith('/'))
        {
            given.AddError($"{name} is a path inside the vault and begins with '/', unlike '{given.Tokens[0].Value}'.");
        }
    }

    public static Option<string?> PassphraseFile() => new("--passphrase-file")
    {
        Description = "Read the passphrase from FILE (a line break at its end is ignored); else $SECUREVAULT_PASSPHRASE, else a prompt.",
        HelpName = "FILE",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON for a script instead of a table." };

    /// <summary>A uid or gid.</summary>
    public static Option<uint?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number != uint.MaxValue)
            {
                return number;
            }

            result.AddError($"{name} takes a whole number from 0 to {uint.MaxValue - 1}, not '{text}'.");
            return null;
        },
    };

    /// <summary>An option that takes one of a few words.</summary>
    public static Option<string?> OneOf(string name, string description, string? usual, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', words) };
        if (usual is not null)
        {
            option.DefaultValueFactory = _ => usual;
        }

        option.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && !words.Contains(r.Tokens[0].Value))
            {
                r.AddError($"{name} is {string.Join(" or ", words)}, not '{r.Tokens[0].Value}'.");
            }
        });
        return option;
    }

    public static Option<string?> Expires(TimeProvider clock)
    {
        var option = new Option<string?>("--expires") { Description = "When it ends: 2026-12-31 (the end of that day, UTC), 2026-12-31T18:00Z, or 30d from now.", HelpName = "DATE" };
        option.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && !Instants.TryParseEnd(r.Tokens[0].Value, clock.GetUtcNow(), out _))
            {
                r.AddError($"--expires takes a date like 2026-12-31, an instant like 2026-12-31T18:00Z or a time from now like 30d, not '{r.Tokens[0].Value}'.");
            }
        });
        return option;
    }

    /// <summary>Reads an instant as a person types it.</summary>
    public delegate bool TryInstant(string text, DateTimeOffset now, out DateTimeOffset instant);

    /// <summary>An option that takes an instant or a time ago.</summary>
    public static Option<string?> Instant(TimeProvider clock, string name, string description, TryInstant read)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && !read(r.Tokens[0].Value, clock.GetUtcNow(), out _))
            {
                r.AddError($"{name} takes a date like 2026-12-31, an instant like 2026-12-31T18:00Z or a time ago like 7d or 24h, not '{r.Tokens[0].Value}'.");
            }
        });
        return option;
    }
}
