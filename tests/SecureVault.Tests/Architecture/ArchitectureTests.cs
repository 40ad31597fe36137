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
        Assert.Empty(Compiled.Value.Names.Except(Law.Names));
        Assert.All(Law.Names, name => Assert.Equal(Law.Of(name), Compiled.Value.Of(name).Union(usings.Of(name)).Order(StringComparer.Ordinal)));
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
    public void Pure_rooms_use_no_package_but_BouncyCastle_in_Crypto()
    {
        foreach (string room in new[] { "Crypto", "Format", "Policy", "Terms" })
        {
            string project = File.ReadAllText(Path.Combine(Repository.Source, $"SecureVault.{room}", $"SecureVault.{room}.csproj"));
            IEnumerable<string> packages = PackagePattern().Matches(project).Select(m => m.Groups[1].Value);
            Assert.All(packages, p => Assert.True(room == "Crypto" && p.Contains("BouncyCastle", StringComparison.Ordinal), p));
        }
    }

    private static bool IsRoom(string name) => !name.Contains('/', StringComparison.Ordinal);

    [GeneratedRegex("<PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex PackagePattern();
}
