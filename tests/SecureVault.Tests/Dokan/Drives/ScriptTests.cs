using System.Collections.Generic;
using System.IO;
using System.Linq;
using SecureVault.Tests.Architecture;
using Xunit;

namespace SecureVault.Tests.Dokan.Drives;

/// <summary>What programs on Windows do, replayed: content and label survive, nothing is left behind, the log says who did it.</summary>
public sealed class ScriptTests
{
    private static string Folder => Path.Combine(Repository.Root, "tests", "scripts", "windows");

    public static TheoryData<string> Scripts() => [.. Names()];

    private static IEnumerable<string> Names() => Directory.GetFiles(Folder, "*.nt", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)).Order();

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script(string name)
    {
        using var vault = new NtVault();
        new ScriptRun(vault).Play(File.ReadAllLines(Path.Combine(Folder, name)));
    }

    [Fact]
    public void The_programs_of_the_issue_have_scripts()
    {
        string[] wanted = ["word-save.nt", "excel-save.nt", "wps-save.nt", "notepad-mmap.nt", "explorer.nt", "sqlite.nt", "thumbnailer.nt", "delete-on-close.nt", "bad-paths.nt", "access/programs.nt", "access/revocation.nt"];
        Assert.Empty(wanted.Except(Names()));
    }
}
