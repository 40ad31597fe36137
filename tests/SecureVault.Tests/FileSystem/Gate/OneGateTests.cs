using System.Linq;
using System.Reflection;
using SecureVault.FileSystem.Gate;
using SecureVault.Policy.Decisions;
using SecureVault.Tests.Architecture;
using Xunit;

namespace SecureVault.Tests.FileSystem.Gate;

/// <summary>One gate: one class only decides and makes open files, in all that is compiled.</summary>
public sealed class OneGateTests
{
    [Fact]
    public void Only_the_gate_decides() => Assert.Equal([nameof(OpenGate)], Callers(typeof(PolicyDecision).GetMethod(nameof(PolicyDecision.Decide))!));

    [Fact]
    public void Only_the_gate_makes_open_files() =>
        Assert.Equal([nameof(OpenGate)], Callers(typeof(OpenFile).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Single()));

    /// <summary>The one way to an open file that decides nothing is for what was made in this very call, after the gate allowed its making.</summary>
    [Fact]
    public void Only_who_makes_a_file_opens_it_without_a_decision() =>
        Assert.Equal(["FileCreation"], Callers(typeof(OpenGate).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Single(m => m.ReturnType == typeof(OpenFile))));

    private static string[] Callers(MethodBase called) =>
    [
        .. from room in Repository.Rooms
           from type in Arrows.Compiled(room)
           where NamedTypes.Called(type).Contains(called)
           select NamedTypes.Outermost(type).Name,
    ];
}
