using System;
using System.Collections.Generic;
using SecureVault.FileSystem.Vaults;

namespace SecureVault.Service.Administration;

/// <summary>Everything a person does to a vault from the outside; each call is complete in itself. One unlocked vault.</summary>
/// <remarks>One thread. Works while the vault is mounted: a running drive follows at the next open.</remarks>
public sealed class VaultAdministration : IDisposable
{
    /// <summary>Makes a vault. suite "aes-256-gcm" or "sm4-gcm". The folder must be missing or empty.</summary>
    public static VaultResult Initialize(string folder, string suite, ReadOnlySpan<byte> passphrase) => throw new NotSupportedException();

    /// <summary>Unlocks a vault (runs the KDF).</summary>
    public static VaultResult Open(string folder, ReadOnlySpan<byte> passphrase, out VaultAdministration? administration) => throw new NotSupportedException();

    public VaultResult AddDepartment(string path) => throw new NotSupportedException();
    public VaultResult RemoveDepartment(string path) => throw new NotSupportedException();
    public IReadOnlyList<string> Departments() => throw new NotSupportedException();
    public VaultResult SetLevels(IReadOnlyList<string> items) => throw new NotSupportedException();
    public IReadOnlyList<LevelRow> Levels() => throw new NotSupportedException();

    /// <summary>encryption "mandatory", "optional" or "read-only".</summary>
    public VaultResult AddUser(string name, uint? uid, string? sid, DateTimeOffset? expires, string encryption) => throw new NotSupportedException();
    public VaultResult RemoveUser(string name) => throw new NotSupportedException();
    public IReadOnlyList<UserRow> Users() => throw new NotSupportedException();
    public VaultResult AddGroup(string name, uint? gid, string? sid) => throw new NotSupportedException();
    public VaultResult RemoveGroup(string name) => throw new NotSupportedException();
    public VaultResult AddMember(string group, string user) => throw new NotSupportedException();
    public VaultResult RemoveMember(string group, string user) => throw new NotSupportedException();
    public IReadOnlyList<GroupRow> Groups() => throw new NotSupportedException();

    /// <summary>mode "plaintext" or "read-only"; principal kinds are told apart by the method.</summary>
    public VaultResult GrantUser(string user, string scope, string mode, DateTimeOffset? expires) => throw new NotSupportedException();
    public VaultResult RevokeUser(string user, string scope) => throw new NotSupportedException();
    public VaultResult GrantGroup(string group, string scope, string mode, DateTimeOffset? expires) => throw new NotSupportedException();
    public VaultResult RevokeGroup(string group, string scope) => throw new NotSupportedException();

    /// <summary>Labels a folder (and what is in it) or a file; "none" removes the label. Resumes an interrupted one first. encryption null = leave.</summary>
    public VaultResult SetLabel(string path, string label, string? encryption, Action<WorkProgress>? progress) => throw new NotSupportedException();
    public Answer<LabelRow> ShowLabel(string path) => throw new NotSupportedException();
    public Answer<Explanation> Explain(string path, string user, string? application) => throw new NotSupportedException();
    public Answer<IReadOnlyList<AuditRow>> ShowAudit(AuditFilter filter) => throw new NotSupportedException();
    public Answer<AuditVerdict> VerifyAudit() => throw new NotSupportedException();

    /// <summary>Every header, block and name. Result Damaged when there are findings (Value filled then too).</summary>
    public Answer<VerifyVerdict> Verify(Action<WorkProgress>? progress) => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}
