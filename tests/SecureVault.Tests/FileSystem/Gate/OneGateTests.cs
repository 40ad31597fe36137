using System;
using System.IO;
using System.Linq;
using SecureVault.Tests.Architecture;
using Xunit;

namespace SecureVault.Tests.FileSystem.Gate;

/// <summary>One gate: one file only decides and makes open files.</summary>
public sealed class OneGateTests
{
    [Theory]
    [InlineData("PolicyDecision.Decide(")]
    [InlineData("new OpenFile(")]
    public void Only_the_gate_says(string call)
    {
        var files = Repository.Sources.Where(f => File.ReadAllText(f).Contains(call, StringComparison.Ordinal)).Select(Path.GetFileName);
        Assert.Equal(["OpenGate.cs"], files);
    }
}
