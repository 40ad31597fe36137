using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>A level: its name, its aliases (other languages), in ascending order of sensitivity within the document.</summary>
public sealed record Level(string Name, IReadOnlyList<string> Aliases)
{
    /// <summary>Content of this level is kept in no cache of the system's, and every read is decided anew.</summary>
    public bool Strict { get; init; }

    /// <summary>A process that has read content of this level writes only where the label includes that one.</summary>
    public bool NoWriteDown { get; init; }

    /// <summary>Machines on which nothing of this level is given out, sorted; case ignored.</summary>
    public IReadOnlyList<string> NotOnHosts { get; init; } = [];

    /// <summary>Whether it has any of these.</summary>
    public bool HasAttributes => Strict || NoWriteDown || NotOnHosts.Count > 0;
}
