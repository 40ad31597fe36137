using System;
using System.Collections.Generic;
using System.Text.Json;

namespace SecureVault.Service.Control;

/// <summary>One line to a drive's control place: "status" or "unmount".</summary>
internal sealed record ControlRequest(string Command);

/// <summary>One line back. Error empty = done.</summary>
internal sealed record ControlAnswer(string Error, DriveState? Drive);

/// <summary>What a drive says of itself.</summary>
/// <param name="Vault">Path of the vault folder.</param>
/// <param name="Uid">Its user's number on Linux, else null.</param>
/// <param name="Sid">Its user's security identifier on Windows, else empty.</param>
/// <param name="Warnings">What a person should know, one sentence each.</param>
internal sealed record DriveState(string Vault, string MountPoint, int Pid, uint? Uid, string Sid, string User, DateTimeOffset Since, int OpenFiles, ulong PolicyVersion, IReadOnlyList<string> Warnings)
{
    /// <summary>Mounted read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>What the file system under the vault can do; null when it was not tried (read-only).</summary>
    public JsonElement? Store { get; init; }
}
