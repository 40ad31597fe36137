using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using SecureVault.Service.Native;
using SecureVault.Service.Programs;
using SecureVault.Terms;
using SecureVault.Vaults;

namespace SecureVault.Service.Callers;

/// <summary>What Windows knows of a caller: its program. Users and groups come as security identifiers with each open, from the caller's own token.</summary>
/// <remarks>Any thread.</remarks>
[SupportedOSPlatform("windows")]
internal sealed class WindowsCallerDirectory : ICallerDirectory
{
    private readonly WindowsPrograms _programs = new();

    /// <inheritdoc/>
    public string Host { get; } = ThisMachine.Name;

    /// <inheritdoc/>
    public bool TryLocal(string zone, DateTimeOffset now, out DateTime local) => WallClocks.TryLocal(zone, now, out local);

    /// <summary>None: Windows has no group numbers.</summary>
    public IReadOnlyList<uint> GroupsOf(uint uid, uint gid) => [];

    /// <summary>Path of the program; empty when the process is gone, the system's own (0 and 4), or may not be asked.</summary>
    public string ExecutableOf(int pid) => WindowsPrograms.PathOf(pid);

    public ProgramIdentity? ProgramOf(int pid) => _programs.ProgramOf(pid);

    public string SessionOf(int pid) => WindowsPrograms.SessionOf(pid);
}
