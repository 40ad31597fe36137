using System;
using Microsoft.Extensions.Configuration;
using SecureVault.Service.Machines;

namespace SecureVault.Service.Configuration;

/// <summary>How this machine runs drives: nothing in here weakens a vault.</summary>
public sealed record ServiceOptions
{
    /// <summary>Least level of the operational log: verbose, debug, information, warning, error or fatal.</summary>
    public string LogLevel { get; init; } = "information";

    /// <summary>Folder of the operational log; empty = none is written.</summary>
    public string LogFolder { get; init; } = Machine.This.Folders.Log;

    /// <summary>Where this machine remembers what it saw of each vault.</summary>
    public string StateFolder { get; init; } = Machine.This.Folders.State;

    /// <summary>Where drives have their control places.</summary>
    public string RunFolder { get; init; } = Machine.This.Folders.Run;

    /// <summary>How long the kernel may keep names and attributes, 0 to 60 seconds: less where something else than the drive changes the vault's folder. Opens are decided each time whatever it says.</summary>
    public TimeSpan EntryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Windows: make a drive's letter known to the system's mount manager, which some programs ask for the way to a file. Only for drives that serve everyone.</summary>
    public bool MountManager { get; init; }

    /// <summary>Linux: POSIX access control lists are offered and enforced (PROTOCOL.md has what they cost).</summary>
    public bool AccessLists { get; init; }

    /// <summary>Threads that serve requests, 1 to 64; 0 = by the number of processors.</summary>
    public int Threads { get; init; }

    /// <summary>All that was configured, for the log's own section; null when nothing was.</summary>
    internal IConfiguration? Source { get; init; }
}
