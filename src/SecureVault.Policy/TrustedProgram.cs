using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>A program that conditions name: its bytes. A path is kept for refreshing only and decides nothing.</summary>
/// <param name="Name">As conditions name it.</param>
/// <param name="Images">Digests of the executables that are this program, ascending.</param>
/// <param name="Paths">Where they were read, sorted.</param>
/// <param name="Scripts">For an interpreter: digests of the scripts, one of which it must have been started with. Empty for a program that is itself.</param>
/// <param name="ScriptPaths">Where those were read, sorted.</param>
public sealed record TrustedProgram(string Name, IReadOnlyList<Digest256> Images, IReadOnlyList<string> Paths, IReadOnlyList<Digest256> Scripts, IReadOnlyList<string> ScriptPaths)
{
    /// <summary>Whether a process with this image and script runs this program. Does not allocate.</summary>
    public bool Is(in ProgramFacts facts) => Has(Images, facts.Image) && (Scripts.Count == 0 || Has(Scripts, facts.Script));

    private static bool Has(IReadOnlyList<Digest256> digests, in Digest256 digest)
    {
        for (int i = 0; i < digests.Count; i++)
        {
            if (digests[i] == digest)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What is known of the program that asks.</summary>
/// <param name="Image">Digest of its image; none when it could not be seen.</param>
/// <param name="Script">Digest of the script that an interpreter was started with, or none.</param>
/// <param name="IsSound">False when the process may run other code than its image's, whatever it is: then it may be any program, and is no trusted one.</param>
public readonly record struct ProgramFacts(Digest256 Image, Digest256 Script, bool IsSound)
{
    /// <summary>Whether it can be told which program it is.</summary>
    public bool IsKnown => IsSound && !Image.IsNone;
}
