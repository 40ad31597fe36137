using System;
using System.Collections.Generic;
using SecureVault.Crypto;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Service.Configuration;
using SecureVault.Service.State;
using SecureVault.Vaults;
using SecureVault.Vaults.Offline;

namespace SecureVault.Service.Administration;

/// <summary>Everything a person does to a vault from the outside; each call is complete in itself. One unlocked vault.</summary>
/// <remarks>One thread. Works while the vault is mounted: a running drive follows at the next open.</remarks>
public sealed class VaultAdministration : IDisposable
{
    private readonly Vault _vault;
    private readonly TrustAnchor _anchor;

    private VaultAdministration(Vault vault, TrustAnchor anchor)
    {
        _vault = vault;
        _anchor = anchor;
        Rules = new VaultRules(() => Policy, Edit, vault.Clock);
    }

    /// <summary>Rules, programs and incident locks.</summary>
    public VaultRules Rules { get; }

    /// <summary>Path as it was given.</summary>
    public string Folder => _vault.Folder;

    private PolicyDocument Policy => _vault.Policy.Current;

    /// <summary>Makes a vault. suite "aes-256-gcm" or "sm4-gcm". The folder must be missing or empty.</summary>
    public static VaultResult Initialize(string folder, string suite, ReadOnlySpan<byte> passphrase) =>
        Initialize(folder, suite, passphrase, ScryptCost.Default, TimeProvider.System);

    /// <summary>Unlocks a vault (runs the KDF).</summary>
    public static VaultResult Open(string folder, ReadOnlySpan<byte> passphrase, out VaultAdministration? administration)
    {
        administration = null;
        VaultResult loaded = ServiceConfiguration.Load(null, [], out ServiceOptions options);
        return loaded.IsOk ? Open(folder, passphrase, options, out administration) : loaded;
    }

    /// <summary>Unlocks a vault (runs the KDF) with the settings given.</summary>
    public static VaultResult Open(string folder, ReadOnlySpan<byte> passphrase, ServiceOptions options, out VaultAdministration? administration) =>
        Open(folder, passphrase, ScryptCost.Default, new TrustAnchor(options.StateFolder), TimeProvider.System, out administration);

    /// <summary>Unlocks for looking at the audit log alone: what is wrong with the log does not keep it closed, and nothing can be changed.</summary>
    public static VaultResult OpenForAudit(string folder, ReadOnlySpan<byte> passphrase, out VaultAdministration? administration)
    {
        administration = null;
        VaultResult loaded = ServiceConfiguration.Load(null, [], out ServiceOptions options);
        return loaded.IsOk ? OpenForAudit(folder, passphrase, ScryptCost.Default, new TrustAnchor(options.StateFolder), TimeProvider.System, out administration) : loaded;
    }

    public VaultResult AddDepartment(string path) => Edit(p => p.AddDepartment(path), $"department add {path}");

    /// <summary>Refused while an object carries a label of the department.</summary>
    public VaultResult RemoveDepartment(string path) => Remembered(() => new LabelEdits(_vault).RemoveDepartment(path));

    /// <summary>Calls it otherwise, with all below it; labels and grants follow. to: the whole path, or its last part.</summary>
    public VaultResult RenameDepartment(string from, string to) => Remembered(() => new LabelEdits(_vault).RenameDepartment(from, to));

    public IReadOnlyList<string> Departments() => Policy.Departments;

    /// <summary>The whole list; refused while an object or a grant names a level that is left out. An item that is only a name keeps its aliases.</summary>
    public VaultResult SetLevels(IReadOnlyList<string> items) => Remembered(() => new LabelEdits(_vault).SetLevels(items));

    /// <summary>Calls it otherwise; labels and grants follow, and the former name stays as an alias.</summary>
    public VaultResult RenameLevel(string from, string to) => Remembered(() => new LabelEdits(_vault).RenameLevel(from, to));

    public IReadOnlyList<LevelRow> Levels() => PolicyRows.Levels(Policy);

    /// <summary>encryption "mandatory", "optional" or "read-only".</summary>
    public VaultResult AddUser(string name, uint? uid, string? sid, DateTimeOffset? expires, string encryption) =>
        Spelling.TryEncryption(encryption, out EncryptionMode mode)
            ? Edit(p => p.AddUser(name, uid, sid, expires, mode), $"user add {name}")
            : Usage($"encryption mode {encryption} does not exist; there is mandatory, optional, read-only");

    /// <summary>Changes what is given and leaves the rest, with grants and memberships.</summary>
    public VaultResult SetUser(string name, UserChange change)
    {
        EncryptionMode mode = default;
        if (change.Encryption is { } encryption && !Spelling.TryEncryption(encryption, out mode))
        {
            return Usage($"encryption mode {encryption} does not exist; there is mandatory, optional, read-only");
        }

        User Changed(User user) => user with
        {
            Uid = change.Uid.Or(user.Uid),
            Sid = change.Sid.Or(user.Sid),
            Expires = change.Expires.Or(user.Expires),
            Encryption = change.Encryption is null ? user.Encryption : mode,
        };
        return Edit(p => p.ChangeUser(name, Changed), $"user set {name}");
    }

    /// <summary>Grants and memberships follow.</summary>
    public VaultResult RenameUser(string from, string to) => Edit(p => p.ChangeUser(from, u => u with { Name = to }), $"user rename {from} {to}");

    public VaultResult RemoveUser(string name) => Edit(p => p.RemoveUser(name), $"user remove {name}");

    public IReadOnlyList<UserRow> Users() => PolicyRows.Users(Policy);

    public VaultResult AddGroup(string name, uint? gid, string? sid) => Edit(p => p.AddGroup(name, gid, sid), $"group add {name}");

    /// <summary>Changes what is given and leaves the rest, with members and grants.</summary>
    public VaultResult SetGroup(string name, GroupChange change) =>
        Edit(p => p.ChangeGroup(name, g => g with { Gid = change.Gid.Or(g.Gid), Sid = change.Sid.Or(g.Sid) }), $"group set {name}");

    /// <summary>Members and grants follow.</summary>
    public VaultResult RenameGroup(string from, string to) => Edit(p => p.ChangeGroup(from, g => g with { Name = to }), $"group rename {from} {to}");

    public VaultResult RemoveGroup(string name) => Edit(p => p.RemoveGroup(name), $"group remove {name}");

    public VaultResult AddMember(string group, string user) => Edit(p => p.AddMember(group, user), $"group member add {group} {user}");

    public VaultResult RemoveMember(string group, string user) => Edit(p => p.RemoveMember(group, user), $"group member remove {group} {user}");

    public IReadOnlyList<GroupRow> Groups() => PolicyRows.Groups(Policy);

    /// <summary>mode "plaintext" or "read-only"; principal kinds are told apart by the method.</summary>
    public VaultResult GrantUser(string user, string scope, string mode, DateTimeOffset? expires) =>
        Grant(mode, m => Edit(p => p.GrantUser(user, scope, m, expires), $"user grant {user} {scope} {mode}"));

    public VaultResult RevokeUser(string user, string scope) => Edit(p => p.RevokeUser(user, scope), $"user revoke {user} {scope}");

    public VaultResult GrantGroup(string group, string scope, string mode, DateTimeOffset? expires) =>
        Grant(mode, m => Edit(p => p.GrantGroup(group, scope, m, expires), $"group grant {group} {scope} {mode}"));

    public VaultResult RevokeGroup(string group, string scope) => Edit(p => p.RevokeGroup(group, scope), $"group revoke {group} {scope}");

    /// <summary>The policy as one document: exported, applied, its history.</summary>
    public PolicyAdministration Policies => new(_vault, Remembered);

    /// <summary>Who may do what: the access review.</summary>
    public AccessAdministration Access => new(_vault);

    /// <summary>Labels a folder (and what is in it) or a file; "none" removes the label. Resumes an interrupted one first. encryption null = leave.</summary>
    public VaultResult SetLabel(string path, string label, string? encryption, Action<WorkProgress>? progress)
    {
        EncryptionMode mode = default;
        if (encryption is not null && !Spelling.TryEncryption(encryption, out mode))
        {
            return Usage($"encryption {encryption} does not exist; there is mandatory, optional");
        }

        return Remembered(() => new VaultLabels(_vault).Set(path, label, encryption is null ? null : mode, Reporting(progress)));
    }

    public Answer<LabelRow> ShowLabel(string path)
    {
        VaultResult result = new VaultLabels(_vault).Show(path, out LabelledObject? found);
        return result.IsOk ? new Answer<LabelRow>(result, LabelRows.Of(found!)) : new Answer<LabelRow>(result, default!);
    }

    /// <summary>What the gate would decide for this user now, in words.</summary>
    public Answer<Explanation> Explain(string path, string user, string? application) => new Explaining(_vault).Explain(path, user);

    /// <summary>The matching records, all at once: for logs that are short.</summary>
    public Answer<IReadOnlyList<AuditRow>> ShowAudit(AuditFilter filter)
    {
        var rows = new List<AuditRow>();
        Answer<AuditShown> shown = AuditRows.Show(_vault, filter, rows.Add);
        return new Answer<IReadOnlyList<AuditRow>>(shown.Result, shown.Value is null ? null! : rows);
    }

    /// <summary>Hands on each matching record as it is read. Damaged when the log is not as it was written, with what could be read before that.</summary>
    public Answer<AuditShown> ShowAudit(AuditFilter filter, Action<AuditRow> each) => AuditRows.Show(_vault, filter, each);

    /// <param name="own">What this machine recorded of read-only mounts, not the vault's log.</param>
    public Answer<AuditVerdict> VerifyAudit(bool own = false) => AuditRows.Verify(_vault, own);

    /// <summary>Where a file or folder is stored.</summary>
    public Answer<StoredRow> Where(string path)
    {
        VaultResult result = new VaultWhere(_vault).Find(path, out StoredObject? found);
        return result.IsOk ? new Answer<StoredRow>(result, new StoredRow(found!.Path, LabelRows.KindOf(found.Kind), found.Stored, found.Companion)) : new Answer<StoredRow>(result, default!);
    }

    /// <summary>Every header, block and name. Result Damaged when there are findings (Value filled then too).</summary>
    public Answer<VerifyVerdict> Verify(Action<WorkProgress>? progress)
    {
        VaultResult result = new VaultVerifier(_vault).Run(Reporting(progress), out VaultFindings found);
        if (result.IsOk && found.Findings.Count > 0)
        {
            result = new VaultResult(VaultError.Damaged, $"{_vault.Folder}: {found.Findings.Count} of {found.Files + found.Folders} files and folders are damaged, first {found.Findings[0].Path}: {found.Findings[0].Problem}");
        }

        return new Answer<VerifyVerdict>(result, VerifyRows.Of(found));
    }

    public void Dispose() => _vault.Dispose();

    /// <summary>With another cost of the KDF than the product's, which Open below must be told too.</summary>
    internal static VaultResult Initialize(string folder, string suite, ReadOnlySpan<byte> passphrase, ScryptCost cost, TimeProvider clock)
    {
        CipherSuite? known = suite switch
        {
            "aes-256-gcm" => CipherSuite.Aes256Gcm,
            "sm4-gcm" => CipherSuite.Sm4Gcm,
            _ => null,
        };
        return known is { } chosen
            ? Vault.Create(folder, chosen, passphrase, cost, clock)
            : Usage($"suite {suite} does not exist; there is aes-256-gcm, sm4-gcm");
    }

    /// <summary>With another floor of the KDF's cost, state folder and clock.</summary>
    internal static VaultResult Open(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, TrustAnchor anchor, TimeProvider clock, out VaultAdministration? administration)
    {
        VaultResult result = VaultOpening.Open(folder, passphrase, floor, anchor, clock, out Vault? vault);
        administration = vault is null ? null : new VaultAdministration(vault, anchor);
        return result;
    }

    /// <summary>With another floor of the KDF's cost, state folder and clock.</summary>
    internal static VaultResult OpenForAudit(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, TrustAnchor anchor, TimeProvider clock, out VaultAdministration? administration)
    {
        VaultResult result = VaultOpening.OpenForAudit(folder, passphrase, floor, anchor, clock, out Vault? vault);
        administration = vault is null ? null : new VaultAdministration(vault, anchor);
        return result;
    }

    private static VaultResult Usage(string message) => new(VaultError.Usage, message);

    private static VaultResult Grant(string mode, Func<AccessMode, VaultResult> edit) =>
        Spelling.TryMode(mode, out AccessMode known) ? edit(known) : Usage($"mode {mode} does not exist; there is plaintext, read-only");

    private static Action<VaultProgress>? Reporting(Action<WorkProgress>? progress) =>
        progress is null ? null : seen => progress(new WorkProgress(seen.Done, seen.Total, seen.Current));

    private VaultResult Edit(Func<PolicyDocument, PolicyEdit> edit, string description) => Remembered(() => _vault.EditPolicy(edit, description));

    /// <summary>A change is refused before it is made when it could not be remembered outside the vault.</summary>
    private VaultResult Remembered(Func<VaultResult> change)
    {
        VaultResult prepared = _anchor.Prepare();
        VaultResult result = prepared.IsOk ? change() : prepared;
        return result.IsOk && _anchor.Problem.Length > 0 ? new VaultResult(VaultError.Failed, $"done, but {_anchor.Problem}") : result;
    }
}
