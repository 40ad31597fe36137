using Xunit;

namespace SecureVault.Tests;

/// <summary>Tests that change this process's environment run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TheEnvironment
{
    public const string Name = "the environment of this process";
}
