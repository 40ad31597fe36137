using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;

namespace SecureVault.Tests.Architecture;

/// <summary>Who names whom: an arrow from A to B when something in A names something in B. A room is a project of src ("Vaults"), a folder one of its folders ("Vaults/Audit"; "Vaults/." is the room's own).</summary>
internal sealed partial class Arrows
{
    private readonly SortedDictionary<string, SortedSet<string>> _from = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To), string> _by = [];

    /// <summary>Everyone who names someone, in order.</summary>
    public IEnumerable<string> Names => _from.Keys;

    /// <summary>Whom one names, in order.</summary>
    public IReadOnlyCollection<string> Of(string name) => _from.TryGetValue(name, out SortedSet<string>? named) ? named : [];

    /// <summary>The first that was seen to make an arrow.</summary>
    public string By(string from, string to) => _by.GetValueOrDefault((from, to), "its project");

    /// <summary>The arrows that the table in arrows.txt allows.</summary>
    public static Arrows Allowed()
    {
        var arrows = new Arrows();
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "tests", "SecureVault.Tests", "Architecture", "arrows.txt")))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0] != "#")
            {
                Assert(words.Length > 1 && words[1] == "->", line);
                arrows.Add(words[0], words[2..]);
            }
        }

        return arrows;
    }

    /// <summary>The arrows between rooms that the projects' files ask for.</summary>
    public static Arrows OfProjects()
    {
        var arrows = new Arrows();
        foreach (string room in Repository.Rooms)
        {
            string project = File.ReadAllText(Path.Combine(Repository.Source, $"SecureVault.{room}", $"SecureVault.{room}.csproj"));
            string[] references = [.. ReferencePattern().Matches(project).Select(m => m.Groups[1].Value)];
            Xunit.Assert.Equal(project.Split("<ProjectReference").Length - 1, references.Length);
            arrows.Add(room, references);
        }

        return arrows;
    }

    /// <summary>The arrows between rooms, and between the folders of each room, in the compiled assemblies.</summary>
    public static Arrows OfAssemblies()
    {
        var arrows = new Arrows();
        foreach (string room in Repository.Rooms)
        {
            arrows.Add(room, []);
            foreach (Type type in Compiled(room))
            {
                Xunit.Assert.True(Room(type) == room || IsOfTheCompiler(type), $"{type} is compiled into {room}");
                arrows.Add(type, NamedTypes.Of(type));
            }
        }

        return arrows;
    }

    /// <summary>Every type of a room, what the compiler adds included.</summary>
    public static Type[] Compiled(string room) => Assembly.Load(room == "Cli" ? "securevault" : $"SecureVault.{room}").GetTypes();

    /// <summary>The arrows that using directives make, and names that are qualified in part: what a constant alone needs shows nowhere else. A using that nothing needs does not compile (IDE0005).</summary>
    public static Arrows OfUsings()
    {
        var arrows = new Arrows();
        foreach (string source in Repository.Sources)
        {
            string[] place = Path.GetRelativePath(Repository.Source, source).Replace('\\', '/').Split('/');
            string room = place[0]["SecureVault.".Length..];
            string folder = Folder(room, string.Join('.', place[..^1]));
            string text = File.ReadAllText(source);
            IEnumerable<string> spaces = UsingPattern().Matches(text)
                .Select(m => m.Groups[1].Length == 0 ? m.Groups[2].Value : m.Groups[2].Value[..m.Groups[2].Value.LastIndexOf('.')]) // an alias or a static using names a type
                .Concat(Qualified(text, string.Join('.', place[..^1])));
            foreach (string space in spaces)
            {
                arrows.Add(room, folder, space, Path.GetRelativePath(Source, source));
            }
        }

        return arrows;
    }

    /// <summary>A way that leads back to where it began, or nothing.</summary>
    public IReadOnlyList<string> Circle()
    {
        var done = new HashSet<string>();
        return _from.Keys.Select(name => Circle(name, [], done)).FirstOrDefault(c => c.Count > 0) ?? [];
    }

    public void Add(string from, IEnumerable<string> to, string by = "")
    {
        if (!_from.TryGetValue(from, out SortedSet<string>? named))
        {
            _from[from] = named = new SortedSet<string>(StringComparer.Ordinal);
        }

        foreach (string one in to.Where(t => t != from))
        {
            named.Add(one);
            _ = _by.TryAdd((from, one), by);
        }
    }

    private static readonly Lazy<HashSet<string>> OwnTypes = new(() =>
        [.. from room in Repository.Rooms from type in Compiled(room) where type.DeclaringType is null && Room(type) is not null select type.FullName]);

    private static string Source => Repository.Source;

    /// <summary>The namespaces of the types that a source names by a part of their namespace, as code of its own namespace may.</summary>
    private static IEnumerable<string> Qualified(string text, string own)
    {
        string[] scopes = [.. Enumerable.Range(1, own.Split('.').Length).Select(n => string.Join('.', own.Split('.')[..n]) + "."), ""];
        return from Match name in QualifiedPattern().Matches(CommentPattern().Replace(text, ""))
               let parts = name.Value.Split('.')
               from length in Enumerable.Range(2, parts.Length - 1)
               from scope in scopes
               let type = scope + string.Join('.', parts[..length])
               where OwnTypes.Value.Contains(type)
               select type[..type.LastIndexOf('.')];
    }

    private void Add(string room, string folder, string space, string by)
    {
        string other = space.Split('.') is ["SecureVault", var named, ..] ? named : room;
        Add(room, [other], by);
        Add(folder, other == room ? [Folder(room, space)] : [], by);
    }

    // What the compiler and its generators add stands in no namespace of ours.
    private static bool IsOfTheCompiler(Type type) =>
        Room(type) is null && (string.IsNullOrEmpty(type.Namespace) ? NamedTypes.Outermost(type).Name.StartsWith('<') : type.Namespace.StartsWith("System.", StringComparison.Ordinal) || type.Namespace.StartsWith("Microsoft.", StringComparison.Ordinal));

    private void Add(Type type, IEnumerable<Type> named)
    {
        if (Room(type) is not { } room)
        {
            return; // what the compiler adds stands in no namespace of ours
        }

        string folder = Folder(room, type.Namespace!);
        Add(folder, []);
        foreach (Type other in named)
        {
            if (Room(other) is { } otherRoom)
            {
                Add(room, [otherRoom], type.FullName!);
                Add(folder, otherRoom == room ? [Folder(room, other.Namespace!)] : [], type.FullName!);
            }
        }
    }

    private IReadOnlyList<string> Circle(string name, List<string> way, HashSet<string> done)
    {
        int before = way.IndexOf(name);
        if (before >= 0)
        {
            return [.. way[before..], name];
        }

        if (!done.Contains(name))
        {
            way.Add(name);
            foreach (string next in Of(name))
            {
                IReadOnlyList<string> circle = Circle(next, way, done);
                if (circle.Count > 0)
                {
                    return circle;
                }
            }

            way.RemoveAt(way.Count - 1);
            _ = done.Add(name);
        }

        return [];
    }

    private static string? Room(Type type)
    {
        string[] parts = (type.Namespace ?? "").Split('.');
        return parts.Length > 1 && parts[0] == "SecureVault" ? parts[1] : null;
    }

    private static string Folder(string room, string space)
    {
        string inside = space[$"SecureVault.{room}".Length..];
        return inside.Length == 0 ? $"{room}/." : room + inside.Replace('.', '/');
    }

    private static void Assert(bool holds, string line) => Xunit.Assert.True(holds, $"arrows.txt: not \"NAME -> NAMES\": {line}");

    [GeneratedRegex("<ProjectReference Include=\"\\.\\.[\\\\/]SecureVault\\.(\\w+)[\\\\/]")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"^\s*(?:global )?using (static |\w+ = )?(?:global::)?(SecureVault(?:\.\w+)+);", RegexOptions.Multiline)]
    private static partial Regex UsingPattern();

    [GeneratedRegex(@"(?<![\w.])(?:[A-Z]\w*\.)+[A-Z]\w*")]
    private static partial Regex QualifiedPattern();

    [GeneratedRegex(@"//.*$|^\s*(?:global )?using .*$|^namespace .*$", RegexOptions.Multiline)]
    private static partial Regex CommentPattern();
}
