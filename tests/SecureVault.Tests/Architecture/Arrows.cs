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

    /// <summary>Everyone who names someone, in order.</summary>
    public IEnumerable<string> Names => _from.Keys;

    /// <summary>Whom one names, in order.</summary>
    public IReadOnlyCollection<string> Of(string name) => _from.TryGetValue(name, out SortedSet<string>? named) ? named : [];

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
            arrows.Add(room, ReferencePattern().Matches(project).Select(m => m.Groups[1].Value));
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
                Xunit.Assert.True(Room(type) is null || Room(type) == room, $"{type} is compiled into {room}");
                arrows.Add(type, NamedTypes.Of(type));
            }
        }

        return arrows;
    }

    /// <summary>Every type of a room, what the compiler adds included.</summary>
    public static Type[] Compiled(string room) => Assembly.Load(room == "Cli" ? "securevault" : $"SecureVault.{room}").GetTypes();

    /// <summary>The arrows between folders that using directives make: one that nothing needs does not compile (IDE0005), and one that a constant alone needs shows nowhere else.</summary>
    public static Arrows OfUsings()
    {
        var arrows = new Arrows();
        foreach (string source in Repository.Sources)
        {
            string[] place = Path.GetRelativePath(Repository.Source, source).Replace('\\', '/').Split('/');
            string room = place[0]["SecureVault.".Length..];
            string folder = Folder(room, string.Join('.', place[..^1]));
            foreach (Match used in UsingPattern().Matches(File.ReadAllText(source)))
            {
                string space = used.Groups[2].Value;
                space = used.Groups[1].Length == 0 ? space : space[..space.LastIndexOf('.')]; // an alias or a static using names a type
                if ((space + ".").StartsWith($"SecureVault.{room}.", StringComparison.Ordinal))
                {
                    arrows.Add(folder, [Folder(room, space)]);
                }
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

    public void Add(string from, IEnumerable<string> to)
    {
        if (!_from.TryGetValue(from, out SortedSet<string>? named))
        {
            _from[from] = named = new SortedSet<string>(StringComparer.Ordinal);
        }

        named.UnionWith(to.Where(t => t != from));
    }

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
                Add(room, [otherRoom]);
                Add(folder, otherRoom == room ? [Folder(room, other.Namespace!)] : []);
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

    [GeneratedRegex("<ProjectReference Include=\"\\.\\./SecureVault\\.(\\w+)/")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"^using (static |\w+ = )?(SecureVault(?:\.\w+)+);", RegexOptions.Multiline)]
    private static partial Regex UsingPattern();
}
