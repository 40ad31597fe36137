using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace SecureVault.Cli.Demo;

/// <summary>A real document and where the tour puts it.</summary>
/// <param name="Source">Path on this machine.</param>
/// <param name="Folder">Folder of the vault: "/Finance".</param>
internal sealed record Document(string Source, string Folder)
{
    /// <summary>Path inside the vault.</summary>
    public string Inside => $"{Folder}/{Path.GetFileName(Source)}";
}

/// <summary>Chooses documents: this repository's own where the program was built in one, else files that came with the program.</summary>
internal static class Documents
{
    public const string Finance = "/Finance", Engineering = "/Engineering", Notes = "/Notes";

    private static readonly (string Path, string Folder)[] Wanted =
    [
        ("README.md", Finance),
        ("src/SecureVault.Cli/CLI.md", Finance),
        ("src/SecureVault.Format/FORMAT.md", Engineering),
        ("src/SecureVault.Policy/POLICY.md", Engineering),
        ("LICENSE", Notes),
    ];

    /// <summary>At least one for each of the three folders.</summary>
    public static IReadOnlyList<Document> Find(string programFolder)
    {
        string? repository = programFolder;
        while (repository is not null && !File.Exists(Path.Combine(repository, "SecureVault.sln")))
        {
            repository = Path.GetDirectoryName(repository);
        }

        Document[] own = repository is null ? [] : [.. Wanted.Select(w => new Document(Path.Combine(repository, w.Path), w.Folder)).Where(d => File.Exists(d.Source))];
        return own.Select(d => d.Folder).Distinct().Count() == 3 ? own : Shipped(programFolder);
    }

    private static Document[] Shipped(string programFolder)
    {
        string[] folders = [Finance, Engineering, Notes];
        string[] files = [.. Directory.EnumerateFiles(programFolder).Where(f => new FileInfo(f).Length is > 0 and < 1_000_000).OrderBy(f => Array.IndexOf([".md", ".txt", ".json", ".xml"], Path.GetExtension(f)) & 7).ThenBy(f => f, StringComparer.Ordinal).Take(5)];
        return files.Length >= folders.Length
            ? [.. files.Select((f, i) => new Document(f, folders[Math.Min(i / 2, 2)]))]
            : throw new IOException($"{programFolder}: there is no document to show the tour with.");
    }
}
