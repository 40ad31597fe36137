using System;
using System.Collections.Generic;
using System.Text.Json;

namespace SecureVault.Service.Drives;

/// <summary>A mounted drive as status shows it; of one that did not answer, what the system knows of it, and null or empty else.</summary>
/// <param name="Uid">Number of its user on Linux, else null.</param>
/// <param name="Sid">Security identifier of its user on Windows, else empty.</param>
public sealed record DriveRow(string Vault, string MountPoint, int? Pid, uint? Uid, string Sid, string User, DateTimeOffset? Since, int? OpenFiles, ulong? PolicyVersion)
{
    /// <summary>What a person should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Mounted read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>What the file system under the vault can do, an object as StoreJson makes it; null when it was not tried (read-only).</summary>
    public JsonElement? Store { get; init; }

    /// <summary>How it is.</summary>
    public DriveCondition Condition { get; init; }
}

/// <summary>How a drive is.</summary>
public enum DriveCondition : byte
{
    /// <summary>It answers and is mounted there.</summary>
    Live,

    /// <summary>It answers; its name is gone, and a copy of its mount elsewhere is still served.</summary>
    Held,

    /// <summary>It is mounted and does not answer.</summary>
    Silent,

    /// <summary>Its process died; what is left is a name.</summary>
    Dead,

    /// <summary>Another user's, who alone (with administrators) is told more.</summary>
    Foreign,
}
