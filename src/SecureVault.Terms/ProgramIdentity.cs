using System;

namespace SecureVault.Terms;

/// <summary>The program a process really runs, by its bytes. Immutable; compared by reference: as long as nothing changes, every process of it gets the same object.</summary>
public sealed class ProgramIdentity
{
    /// <param name="image">32 bytes, or none.</param>
    /// <param name="script">32 bytes, or none.</param>
    public ProgramIdentity(ReadOnlyMemory<byte> image, string path, ReadOnlyMemory<byte> script = default, string scriptPath = "", string distrust = "")
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(scriptPath);
        ArgumentNullException.ThrowIfNull(distrust);
        Image = image;
        Path = path;
        Script = script;
        ScriptPath = scriptPath;
        Distrust = distrust;
    }

    /// <summary>SHA-256 of the executable's bytes, 32 bytes; empty where they could not be read, and then <see cref="Distrust"/> says why.</summary>
    public ReadOnlyMemory<byte> Image { get; }

    /// <summary>Where the executable lies as the system tells it: for people, never for a decision.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of the script an interpreter was started with, 32 bytes; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Script { get; }

    /// <summary>Where the script lies; empty where there is none.</summary>
    public string ScriptPath { get; }

    /// <summary>Empty = sound. Else why the process is not to be trusted whatever its image: a short sentence without its full stop, as "it is traced by another process".</summary>
    public string Distrust { get; }
}
