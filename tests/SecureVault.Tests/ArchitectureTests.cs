using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Xunit;

namespace SecureVault.Tests;

/// <summary>The law of the rooms: which project may reference which. With transitive references off, the csproj is the whole truth.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Law = new()
    {
        ["Crypto"] = [],
        ["Format"] = ["Crypto"],
        ["Policy"] = [],
        ["FileSystem"] = ["Crypto", "Format", "Policy"],
        ["Fuse"] = ["FileSystem"],
        ["Dokan"] = ["FileSystem"],
        ["Service"] = ["Crypto", "Dokan", "FileSystem", "Fuse", "Policy"],
        ["Cli"] = ["FileSystem", "Service"],
    };

    [Fact]
    public void Every_room_references_exactly_what_the_law_allows()
    {
        foreach ((string room, string[] allowed) in Law)
        {
            var project = XDocument.Load(Path.Combine(Source(), $"SecureVault.{room}", $"SecureVault.{room}.csproj"));
            var references = project.Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)["SecureVault.".Length..])
                .Order();
            Assert.Equal(allowed, references);
        }
    }

    [Fact]
    public void Every_folder_of_src_is_a_room_of_the_law()
    {
        var rooms = Directory.GetDirectories(Source()).Select(d => Path.GetFileName(d)["SecureVault.".Length..]).Order();
        Assert.Equal(Law.Keys.Order(), rooms);
    }

    [Fact]
    public void Pure_rooms_use_no_package_but_BouncyCastle_in_Crypto()
    {
        foreach (string room in new[] { "Crypto", "Format", "Policy" })
        {
            var project = XDocument.Load(Path.Combine(Source(), $"SecureVault.{room}", $"SecureVault.{room}.csproj"));
            var packages = project.Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value);
            Assert.All(packages, p => Assert.True(room == "Crypto" && p.EndsWith("BouncyCastle", StringComparison.Ordinal) | p.StartsWith("BouncyCastle", StringComparison.Ordinal), p));
        }
    }

    internal static string Source()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "SecureVault.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new InvalidOperationException("The tests do not run inside the repository."), "src");
    }
}
