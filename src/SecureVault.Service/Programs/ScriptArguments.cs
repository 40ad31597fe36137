using System;
using System.Linq;
using System.Text;

namespace SecureVault.Service.Programs;

/// <summary>The script that an interpreter's arguments name, or why none is.</summary>
/// <param name="Path">As the argument has it; empty when there is none, and then Reason says why.</param>
internal readonly record struct ScriptArguments(string Path, string Reason)
{
    private const string Shells = "sh ash hush";

    /// <summary>Reads the arguments of a process, each of which ends with a zero byte (proc(5), cmdline). Hostile bytes give a reason.</summary>
    public static ScriptArguments Of(Interpreter interpreter, ReadOnlySpan<byte> commandLine)
    {
        if (commandLine.IsEmpty || commandLine[^1] != 0)
        {
            return None("its arguments cannot be read");
        }

        string[] arguments = Encoding.UTF8.GetString(commandLine[..^1]).Split('\0');
        return interpreter.Place switch
        {
            ScriptPlace.First => First(interpreter, arguments.AsSpan(1)),
            ScriptPlace.AfterF => After("-f", arguments),
            ScriptPlace.AfterJar => After("-jar", arguments),
            ScriptPlace.Applet => Applet(interpreter, arguments),
            _ => None("of this interpreter no script can be told"),
        };
    }

    private static ScriptArguments First(Interpreter interpreter, ReadOnlySpan<string> arguments)
    {
        foreach (string argument in arguments)
        {
            if (argument.Length > 1 && argument[0] is '-' or '+')
            {
                if (!IsHarmless(interpreter, argument))
                {
                    return None($"it was started with the option {Shown(argument)}");
                }
            }
            else
            {
                return argument is "" or "-" ? None("its code comes from its standard input") : new ScriptArguments(argument, "");
            }
        }

        return None("its arguments name no script");
    }

    private static ScriptArguments After(string option, string[] arguments)
    {
        if (arguments.Length < 3 || arguments[1] != option)
        {
            return None($"its script is not named by {option} alone");
        }

        bool more = arguments.Length > 3 && arguments[3] is ['-', _, ..] and not "--" && option == "-f";
        return more ? None($"it was started with the option {Shown(arguments[3])}") : new ScriptArguments(arguments[2], "");
    }

    private static ScriptArguments Applet(Interpreter interpreter, string[] arguments)
    {
        int applet = Interpreters.Of(arguments[0])?.Place == ScriptPlace.Applet ? 1 : 0;
        return applet < arguments.Length && Shells.Split(' ').Contains(arguments[applet][(arguments[applet].LastIndexOf('/') + 1)..])
            ? First(interpreter, arguments.AsSpan(applet + 1))
            : None("it was not started as a shell with a script");
    }

    private static bool IsHarmless(Interpreter interpreter, string option) =>
        option[0] == '-' && (interpreter.Words.Split(' ').Contains(option) || option.AsSpan(1).IndexOfAnyExcept(interpreter.Letters) < 0);

    private static ScriptArguments None(string reason) => new("", reason);

    /// <summary>The first few characters, none that a terminal would obey.</summary>
    private static string Shown(string option) => new([.. option.Take(16).Select(c => c is > ' ' and <= '~' ? c : '?')]);
}
