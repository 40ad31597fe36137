using System.Collections.Generic;

namespace SecureVault.Terms;

/// <summary>What the machine knows of a caller: its groups and name (user database, cached) and program.</summary>
/// <remarks>Any thread.</remarks>
public interface ICallerDirectory
{
    /// <summary>Every group of a user, the given primary one included.</summary>
    IReadOnlyList<uint> GroupsOf(uint uid, uint gid);

    /// <summary>The system's name of a user; empty when not known.</summary>
    string AccountOf(uint uid, uint gid) => "";

    /// <summary>Path of the program, or empty when not known.</summary>
    string ExecutableOf(int pid);

    /// <summary>The program a process runs, by its bytes; null when it cannot be seen: number 0, gone, in another namespace. Asked while the caller waits.</summary>
    ProgramIdentity? ProgramOf(int pid) => null;

    /// <summary>How the caller came to the machine: "console", "remote", "service", or empty when not known.</summary>
    string SessionOf(int pid) => "";
}
