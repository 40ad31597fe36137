using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>A level: its name, its aliases (other languages), in ascending order of sensitivity within the document.</summary>
public sealed record Level(string Name, IReadOnlyList<string> Aliases);
