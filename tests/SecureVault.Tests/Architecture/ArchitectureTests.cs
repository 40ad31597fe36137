using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace SecureVault.Tests.Architecture;

/// <summary>The law of the rooms: who may name whom. arrows.txt is its one table; projects, compiled assemblies, sources and README are held against it.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Arrows Law = Arrows.Allowed();
    private static readonly Lazy<Arrows> Compiled = new(Arrows.OfAssemblies);

    [Fact]
    public void Every_folder_of_src_is_a_room_of_the_law() => Assert.Equal(Repository.Rooms.Order(StringComparer.Ordinal), Law.Names.Where(IsRoom));

    [Fact]
    public void Every_project_references_exactly_what_the_law_allows()
    {
        Arrows projects = Arrows.OfProjects();
        Assert.All(Law.Names.Where(IsRoom), room => Assert.Equal(Law.Of(room), projects.Of(room)));
    }

    [Fact]
    public void What_is_compiled_names_exactly_whom_the_law_allows()
    {
        Arrows usings = Arrows.OfUsings();
        IEnumerable<string> names = Law.Names.Union(Compiled.Value.Names).Union(usings.Names);
        IEnumerable<string> broken =
            from name in names
            from other in Compiled.Value.Of(name).Union(usings.Of(name)).Except(Law.Of(name))
            select $"{name} names {other}, by {(Compiled.Value.Of(name).Contains(other) ? Compiled.Value : usings).By(name, other)}: take it out, or allow it in arrows.txt";
        IEnumerable<string> idle =
            from name in Law.Names
            from other in Law.Of(name).Except(Compiled.Value.Of(name).Union(usings.Of(name)))
            select $"arrows.txt: {name} no longer names {other}";
        IEnumerable<string> folders =
            names.Except(Law.Names).Select(n => $"arrows.txt has no row for {n}").Concat(Law.Names.Except(Compiled.Value.Names).Select(n => $"arrows.txt: there is no {n}"));
        Assert.Equal([], broken.Concat(idle).Concat(folders).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_from_elsewhere_is_compiled_into_a_room() =>
        Assert.All(Repository.Rooms, room => Assert.DoesNotContain("<Compile Include", File.ReadAllText(Path.Combine(Repository.Source, $"SecureVault.{room}", $"SecureVault.{room}.csproj")), StringComparison.Ordinal));

    [Fact]
    public void The_waist_is_one_class_with_what_it_gives_out() =>
        Assert.Equal(["OpenFolder", "VaultFileSystem"], Arrows.Compiled("FileSystem").Where(t => t.IsPublic && t.Namespace == "SecureVault.FileSystem").Select(t => t.Name).Order());

    [Fact]
    public void No_source_reaches_what_is_not_open_to_it()
    {
        string[] ways = ["UnsafeAccessor", "BindingFlags.NonPublic", "IgnoresAccessChecksTo"];
        Assert.All(Repository.Sources, source => Assert.All(ways, way => Assert.DoesNotContain(way, File.ReadAllText(source), StringComparison.Ordinal)));
    }

    [Fact]
    public void Nobody_is_named_by_whom_he_names()
    {
        Assert.Equal([], Law.Circle());
        Assert.Equal([], Compiled.Value.Circle());
    }

    [Fact]
    public void A_circle_is_found()
    {
        var arrows = new Arrows();
        arrows.Add("a", ["b", "d"]);
        arrows.Add("b", ["c"]);
        Assert.Equal([], arrows.Circle());
        arrows.Add("c", ["d", "b"]);
        Assert.Equal(["b", "c", "b"], arrows.Circle());
    }

    [Fact]
    public void The_namespace_is_the_folder()
    {
        Assert.NotEmpty(Repository.Sources);
        Assert.All(Repository.Sources, source =>
        {
            string folder = Path.GetRelativePath(Repository.Source, Path.GetDirectoryName(source)!).Replace('\\', '.').Replace('/', '.');
            Match declared = NamespacePattern().Match(File.ReadAllText(source));
            Assert.True(declared.Success && declared.Groups[1].Value == folder, $"{source}: not in namespace {folder}");
        });
    }

    [Fact]
    public void README_says_what_the_law_says()
    {
        Dictionary<string, string> rows = RowPattern().Matches(Readme()).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value.Trim());
        Assert.Equal(Law.Names.Where(IsRoom).Order(), rows.Keys.Order());
        Assert.All(rows, row => Assert.Equal(string.Join(' ', Law.Of(row.Key)), row.Value));
    }

    [Fact]
    public void In_the_picture_every_arrow_leads_down()
    {
        string[] lines = Readme().Split("## Where things are")[1].Split("| room |")[0].Split('\n');
        int Line(string room) => Array.FindIndex(lines, l => Regex.IsMatch(l, $@"\b{room}\b"));
        Assert.All(Law.Names.Where(IsRoom), room =>
        {
            Assert.NotEqual(-1, Line(room));
            Assert.All(Law.Of(room), named => Assert.True(Line(room) < Line(named), $"{room} names {named}, which does not stand below it"));
        });
    }

    [Fact]
    public void Pure_rooms_use_no_package_but_BouncyCastle_in_Crypto()
    {
        foreach (string room in new[] { "Crypto", "Format", "Policy", "Terms" })
        {
            string project = File.ReadAllText(Path.Combine(Repository.Source, $"SecureVault.{room}", $"SecureVault.{room}.csproj"));
            IEnumerable<string> packages = PackagePattern().Matches(project).Select(m => m.Groups[1].Value);
            Assert.All(packages, p => Assert.True(room == "Crypto" && p.Contains("BouncyCastle", StringComparison.Ordinal), p));
        }
    }

    private static string Readme() => File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    private static bool IsRoom(string name) => !name.Contains('/', StringComparison.Ordinal);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"^\| \[(\w+)\]\(src/SecureVault\.\w+\) \|[^|]*\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex("<PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex PackagePattern();
}
