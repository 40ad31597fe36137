using System;
using System.IO;
using System.Linq;

namespace SecureVault.Service.Programs;

/// <summary>Which programs are interpreters: their bytes say nothing of what they do.</summary>
/// <remarks>By name, so one that root installed under a name of its own is not known for what it is. The lists are of what is common on Linux; what they lack an administrator must not register.</remarks>
public static class Interpreters
{
    private const string Runtime = "DOTNET_ CORECLR_ COMPlus_";

    private static readonly Interpreter[] Families =
    [
        new("python pypy", ScriptPlace.First, "IEsSuBOqP", "", "PYTHON"),
        new("bash dash sh ash rbash ksh mksh", ScriptPlace.First, "eufxvpC", "--norc --noprofile --posix", "BASH_ENV= ENV= BASH_FUNC_ SHELLOPTS= BASHOPTS="),
        new("perl", ScriptPlace.First, "wtT", "", "PERL5 PERLLIB= PERL_"),
        new("ruby jruby", ScriptPlace.First, "w", "", "RUBY GEM_ BUNDLE_"),
        new("node nodejs", ScriptPlace.First, "", "", "NODE_"),
        new("php", ScriptPlace.First, "n", "", "PHPRC= PHP_"),
        new("lua luajit", ScriptPlace.First, "", "", "LUA_"),
        new("tclsh wish", ScriptPlace.First, "", "", "TCLLIBPATH= TCL_ TK_"),
        new("awk gawk mawk nawk original-awk", ScriptPlace.AfterF, "", "", "AWK GAWK"),
        new("java", ScriptPlace.AfterJar, "", "", "CLASSPATH= JAVA_ JDK_ _JAVA_"),
        new("dotnet", ScriptPlace.First, "", "", Runtime),
        new("busybox toybox", ScriptPlace.Applet, "eufx", "", "ENV="),
        new("zsh fish csh tcsh wine qemu box valgrind memcheck gdb expect julia guile R Rscript mono pwsh deno bun", ScriptPlace.Nowhere), // start files of the user's, or whole programs as data
    ];

    /// <summary>
    /// True when the program runs what it is given, so that it is never trusted by itself: a rule names it together with a script. Symbolic links are followed.
    /// Any thread; a path that leads nowhere is judged by its name.
    /// </summary>
    public static bool IsInterpreter(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Of(path) is not null || Of(Resolved(path)) is not null;
    }

    /// <summary>The family of a program by its file's name; null for an ordinary program.</summary>
    internal static Interpreter? Of(string path)
    {
        string name = NameOf(path);
        return Array.Find(Families, f => f.Names.Split(' ').Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A file's name without folder and version: python for /usr/bin/python3.11, wine for wine64-preloader.</summary>
    internal static string NameOf(string path)
    {
        string name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        int end = name.AsSpan().IndexOfAnyInRange('0', '9');
        name = end > 0 ? name[..end] : name;
        return name == "original-awk" ? name : name.Split(['-', '.'])[0];
    }

    /// <summary>True for the dynamic loader (ld.so(8)), by the names C libraries give it.</summary>
    internal static bool IsLoader(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.StartsWith("ld-linux", StringComparison.Ordinal) || name.StartsWith("ld-musl", StringComparison.Ordinal)
            || (name.StartsWith("ld", StringComparison.Ordinal) && name.Contains(".so", StringComparison.Ordinal));
    }

    private static string Resolved(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return path;
        }
    }
}
