using System;
using System.Collections.Generic;

namespace SecureVault.Policy;

/// <summary>A level: its name, its aliases (other languages), in ascending order of sensitivity within the document.</summary>
public sealed record Level(string Name, IReadOnlyList<string> Aliases);

/// <summary>A grant: department (and all below it), highest level, compartment ("" = files without one, "*" = all), mode, expiry.</summary>
public sealed record Grant(string Department, string Level, string Compartment, AccessMode Mode, DateTimeOffset? Expires);

/// <summary>A user: name, system identities, expiry, encryption mode, grants.</summary>
public sealed record User(string Name, uint? Uid, string? Sid, DateTimeOffset? Expires, EncryptionMode Encryption, IReadOnlyList<Grant> Grants);

/// <summary>A group: name, system identities, members by user name, grants.</summary>
public sealed record Group(string Name, uint? Gid, string? Sid, IReadOnlyList<string> Members, IReadOnlyList<Grant> Grants);

/// <summary>The whole policy: immutable, versioned. Edits give a new document with the next version, or a message saying what is wrong.</summary>
/// <remarks>Any thread. Lookups by uid, gid and name are indexed. Serialized as JSON; the envelope signs and seals it.</remarks>
public sealed partial class PolicyDocument
{
    public ulong Version => throw new NotSupportedException();

    /// <summary>The least keyring version this policy goes with: an older keyring put back is refused.</summary>
    public ulong KeyringVersion => throw new NotSupportedException();

    /// <summary>Grows when labels of folders or files were changed: a drive drops what it remembers of labels.</summary>
    public ulong LabelEpoch => throw new NotSupportedException();
    public IReadOnlyList<Level> Levels => throw new NotSupportedException();
    public IReadOnlyList<string> Departments => throw new NotSupportedException();
    public IReadOnlyList<User> Users => throw new NotSupportedException();
    public IReadOnlyList<Group> Groups => throw new NotSupportedException();

    /// <summary>Version 1: five levels with their Chinese aliases, nothing else.</summary>
    public static PolicyDocument Initial() => throw new NotSupportedException();

    public static bool TryParse(ReadOnlySpan<byte> json, out PolicyDocument? policy) => throw new NotSupportedException();
    public byte[] ToJson() => throw new NotSupportedException();

    /// <summary>Canonical label for what a person typed (aliases, case of levels); error says which part is unknown and what exists.</summary>
    public bool TryResolve(string text, out Label? label, out string? error) => throw new NotSupportedException();
}

/// <summary>Result of an edit: a new document, or an error for the person who asked.</summary>
public readonly record struct PolicyEdit(PolicyDocument? Policy, string? Error);
