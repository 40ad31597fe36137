using System;
using System.IO;
using System.Linq;
using Xunit;

namespace SecureVault.Tests.FileSystem.Gate;

/// <summary>One gate: the engine decides and makes open files in one file only.</summary>
public sealed class OneGateTests
{
    [Theory]
    [InlineData("PolicyDecision.Decide(")]
    [InlineData("new OpenFile(")]
    public void Only_the_gate_says(string call)
    {
        string engine = Path.Combine(ArchitectureTests.Source(), "SecureVault.FileSystem");
        string folder = Path.DirectorySeparatorChar + "obj" + Path.DirectorySeparatorChar;
        var files = Directory.GetFiles(engine, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains(folder, StringComparison.Ordinal) && File.ReadAllText(f).Contains(call, StringComparison.Ordinal))
            .Select(Path.GetFileName);
        Assert.Equal(["OpenGate.cs"], files);
    }
}
