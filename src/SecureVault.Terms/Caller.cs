namespace SecureVault.Terms;

/// <summary>Who calls, as the kernel says at this request.</summary>
/// <param name="Uid">System user number; without meaning when there is a token.</param>
/// <param name="Gid">System group number; without meaning when there is a token.</param>
/// <param name="Pid">Process number; 0 when unknown.</param>
public readonly record struct Caller(uint Uid, uint Gid, int Pid)
{
    /// <summary>The Windows identity, or null where numbers say who it is.</summary>
    public CallerToken? Token { get; init; }

    /// <summary>Path of the program where the kernel's adapter knows it; null = it is looked up by Pid.</summary>
    public string? Executable { get; init; }

    /// <summary>Permissions that the caller's new objects are not to have, unless their folder hands on an access control list; 0 where the kernel took them off already.</summary>
    public uint Umask { get; init; }

    /// <summary>A caller on Windows.</summary>
    public static Caller Of(CallerToken token, int pid, string executable) => new(0, 0, pid) { Token = token, Executable = executable };
}
