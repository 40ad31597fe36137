using System;
using System.Collections.Generic;
using System.Text.Json;

namespace SecureVault.Service.Control;

/// <summary>One line to a drive's control place: one of the commands below.</summary>
internal sealed record ControlRequest(string Command)
{
    /// <summary>What the drive says of itself.</summary>
    public const string Status = "status";

    /// <summary>Unmount unless it is busy; answered when everything is saved.</summary>
    public const string Unmount = "unmount";

    /// <summary>Unmount whoever has files open; answered when everything is saved.</summary>
    public const string Force = "unmount-force";
}

/// <summary>One line back. Error empty = done.</summary>
internal sealed record ControlAnswer(string Error, DriveState? Drive)
{
    /// <summary>The error of a busy drive that does not know who keeps it so.</summary>
    public const string Busy = "busy";

    /// <summary>The drive has ended, and this is how: Error says what may not be saved.</summary>
    public bool Ended { get; init; }
}

/// <summary>What a drive says of itself.</summary>
/// <param name="Vault">Path of the vault folder.</param>
/// <param name="MountPoint">Where it is mounted now; of a drive that is held elsewhere only, where it was.</param>
/// <param name="Uid">Its user's number on Linux, else null.</param>
/// <param name="Sid">Its user's security identifier on Windows, else empty.</param>
/// <param name="Warnings">What a person should know, one sentence each.</param>
internal sealed record DriveState(string Vault, string MountPoint, int Pid, uint? Uid, string Sid, string User, DateTimeOffset Since, int OpenFiles, ulong PolicyVersion, IReadOnlyList<string> Warnings)
{
    /// <summary>Mounted read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Where it was mounted when it began.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Its name is gone and it is still served: by a copy of its mount elsewhere.</summary>
    public bool Held { get; init; }

    /// <summary>What the file system under the vault can do; null when it was not tried (read-only).</summary>
    public JsonElement? Store { get; init; }
}
