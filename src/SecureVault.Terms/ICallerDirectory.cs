using System;
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

    /// <summary>Name of this machine; empty when not known.</summary>
    string Host => "";

    /// <summary>Whether this machine reaches its control plane; null when nobody can tell.</summary>
    bool? IsOnline => null;

    /// <summary>The reason a user has given for what they do now and that still stands; empty without one.</summary>
    string ReasonOf(in Caller caller) => "";

    /// <summary>What a wall clock shows in a zone of the IANA time zone database; false when this machine does not know the zone.</summary>
    bool TryLocal(string zone, DateTimeOffset now, out DateTime local)
    {
        local = default;
        return false;
    }
}
