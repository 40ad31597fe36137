using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Content;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Storage.Local;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>An unlocked vault folder: keys, keyring, policy, audit. Not yet a drive.</summary>
/// <remarks>
/// Folder: securevault.json (config) | keyring | policy | sessions | lock | policies/ (earlier ones) | audit/log, audit/head | journal/ | jobs/ | root/ (the encrypted tree).
/// Any thread for reading; edits take the vault's edit lock, so several processes may edit and a drive may run meanwhile.
/// </remarks>
public sealed class Vault : IDisposable
{
    private static readonly TrustedState Unknown = new(0, 0, "");
    private readonly VaultParts _parts;

    internal Vault(VaultParts parts) => _parts = parts;

    /// <summary>Makes a vault in a folder that is missing or empty; on failure removes what it made.</summary>
    public static VaultResult Create(string folder, CipherSuite suite, ReadOnlySpan<byte> passphrase, ScryptCost cost, TimeProvider clock) =>
        new VaultCreation(BackingStores.ForThisSystem(), folder, clock, probes: true).Run(suite, passphrase, cost);

    /// <summary>Unlocks: KDF, keyring, policy, audit head, cross-checked with each other and the anchor.</summary>
    public static VaultResult Open(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out Vault? vault) =>
        Open(BackingStores.ForThisSystem(), folder, passphrase, floor, anchor, clock, ThisProcess.BootId(), out vault);

    /// <summary>Unlocks for checking the audit log: damage of the log alone does not stop it; nothing can be recorded then.</summary>
    public static VaultResult OpenForAudit(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out Vault? vault) =>
        OpenForAudit(BackingStores.ForThisSystem(), folder, passphrase, floor, anchor, clock, out vault);

    /// <summary>Unlocks to look into it, an old copy as well: nothing in the folder is written, and this machine's memory is neither asked nor told.</summary>
    public static VaultResult OpenReadOnly(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out Vault? vault) =>
        Open(BackingStores.ForThisSystem(), folder, VaultUse.ReadOnly, passphrase, floor, anchor, clock, ThisProcess.BootId(), out vault);

    /// <summary>Says that the folder holds a backup put back on purpose: recorded in the vault, and this machine's memory is set to it.</summary>
    public static VaultResult Restored(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out VaultRestore? done) =>
        VaultRestoring.Run(BackingStores.ForThisSystem(), folder, passphrase, floor, anchor, clock, out done);

    /// <summary>Makes a copy of a vault a vault of its own; finishes an adoption that was interrupted.</summary>
    public static VaultResult Adopt(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out VaultAdopted? done) =>
        VaultAdoption.Run(BackingStores.ForThisSystem(), folder, passphrase, floor, anchor, clock, out done);

    internal static VaultResult Create(IBackingStore store, string folder, CipherSuite suite, ReadOnlySpan<byte> passphrase, ScryptCost cost, TimeProvider clock) =>
        new VaultCreation(store, folder, clock, probes: false).Run(suite, passphrase, cost);

    internal static VaultResult Open(IBackingStore store, string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, string bootId, out Vault? vault) =>
        Open(store, folder, VaultUse.Work, passphrase, floor, anchor, clock, bootId, out vault);

    internal static VaultResult OpenForAudit(IBackingStore store, string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out Vault? vault) =>
        Open(store, folder, VaultUse.Audit, passphrase, floor, anchor, clock, ThisProcess.BootId(), out vault);

    internal static VaultResult Open(IBackingStore store, string folder, VaultUse use, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, string bootId, out Vault? vault) =>
        new VaultOpening(new VaultParts { Store = new FencedStore(store), Path = folder, Anchor = anchor, Clock = clock, BootId = bootId }, use).Run(passphrase, floor, out vault);

    /// <summary>Path as it was given.</summary>
    public string Folder => _parts.Path;
    public VaultConfig Config => _parts.Config;
    public VaultKeys Keys => _parts.Keys;
    public IBackingStore Store => _parts.Store;
    public StoreHandle FolderHandle => _parts.Folder!;

    /// <summary>Follows the policy file.</summary>
    public IPolicySource Policy => _parts.Policy;

    /// <summary>What is wrong with the policy file, to stand after its name; empty when nothing is.</summary>
    public string PolicyProblem => _parts.Policy.TryCurrent(out _, out string problem) ? "" : problem;

    /// <summary>Follows the keyring file.</summary>
    public Keyring Keyring => _parts.Keyring;

    /// <summary>What the engine asks of keys and labels.</summary>
    public ILabelKeys Labels => new LabelKeys(_parts);

    /// <summary>Where decisions go on record: the vault's log, or that of the machine for a vault mounted read-only.</summary>
    public IAuditSink Audit => _parts.OwnLog ?? _parts.Audit;

    /// <summary>Why the last record could not be written; empty when none failed.</summary>
    public string AuditProblem => (_parts.OwnLog ?? _parts.Audit).Problem;

    /// <summary>The clock that records and grants go by.</summary>
    public TimeProvider Clock => _parts.Clock;

    /// <summary>A number of the vault for where 32 bits must do, such as a volume's serial number.</summary>
    public uint Serial => (uint)(_parts.Config.VaultId.High >> 32);

    /// <summary>Reads and checks the audit log.</summary>
    public AuditReader OpenAuditReader() => new(_parts.Audit, _parts.IsRemembered ? _parts.Anchor.Read(_parts.Id) : Unknown);

    /// <summary>Reads and checks what this machine recorded of read-only mounts of the vault and its copies.</summary>
    public VaultResult OpenOwnAuditReader(out AuditReader? reader)
    {
        VaultResult result = OwnLog.Open(_parts);
        reader = result.IsOk ? new AuditReader(_parts.OwnLog!, Unknown) : null;
        return result;
    }

    internal VaultParts Parts => _parts;
    internal AuditLog AuditLog => _parts.Audit;

    /// <summary>Takes the edit lock, applies the edit to the newest policy, stores it, records it, tells the anchor.</summary>
    /// <remarks>Recorded before it is in force; an edit that cannot be recorded is not made.</remarks>
    public VaultResult EditPolicy(Func<PolicyDocument, PolicyEdit> edit, string description)
    {
        VaultResult result = new VaultEdit(_parts).Policy(edit, "", "", description);
        TellAnchor();
        return result;
    }

    /// <summary>Versions of the policy that are kept beside the one in force, ascending.</summary>
    public IReadOnlyList<ulong> KeptPolicies => [.. new PolicyHistory(_parts).Versions().Where(v => v < _parts.Policy.InForceVersion)];

    /// <summary>A version of the policy: the one in force, or one that is kept. Failed when it is neither; Damaged when it is not as it was written.</summary>
    public VaultResult ReadPolicy(ulong version, out PolicyDocument? policy)
    {
        policy = Policy.Current;
        if (version == policy.Version)
        {
            return VaultResult.Ok;
        }

        VaultStatus status = version < policy.Version ? new PolicyHistory(_parts).Read(version, out policy, out string problem) : Missing(out policy, out problem);
        return status switch
        {
            VaultStatus.Ok => VaultResult.Ok,
            VaultStatus.NotFound => VaultMessages.Failed($"version {version} of the policy is not kept; securevault policy history {ShellWord.Of(Folder)} lists those that are."),
            VaultStatus.Corrupt => VaultMessages.Damaged($"{Folder}/policies/{version}", problem),
            _ => VaultMessages.Store($"{Folder}/policies/{version}", "Reading", status),
        };
    }

    /// <summary>Gives a label a key when it has none (under the edit lock). The caller then edits the policy with WithLabelsChanged.</summary>
    /// <param name="label">As the policy spells it; Label.None gives the unlabelled key.</param>
    public VaultResult EnsureKey(Label label, out KeyId id) => new VaultEdit(_parts).EnsureKey(label, out id);

    /// <summary>Takes the mount lock (AlreadyMounted when held), begins a session; its dispose ends it cleanly.</summary>
    public VaultResult BeginSession(string mountPoint, out VaultSession? session) => BeginSession(mountPoint, takeOver: false, out session);

    /// <param name="takeOver">A person says that a holder on another machine, of which nothing is heard, is gone.</param>
    public VaultResult BeginSession(string mountPoint, bool takeOver, out VaultSession? session) => VaultSession.Begin(this, mountPoint, takeOver, out session);

    /// <summary>As BeginSession for a vault that was opened read-only: nothing is written but records, into this machine's own log.</summary>
    public VaultResult BeginReading(string mountPoint, out IVaultSession? session) => ReadingSession.Begin(this, mountPoint, out session);

    /// <summary>What offline tools read contents with: session 0, so they write no state.</summary>
    /// <param name="journal">The vault's journal folder, borrowed.</param>
    internal ContentContext OfflineContent(StoreHandle journal, SessionsDocument sessions) =>
        new(Store, Config.Suite, Config.BlockShift, Keys.Header, Keyring, 0, new CrashedSessions(sessions.AllCrashed()), journal, _parts.Clock);

    /// <summary>As VaultMemory has it.</summary>
    internal void TellAnchor() => VaultMemory.Tell(_parts);

    private static VaultStatus Missing(out PolicyDocument? policy, out string problem)
    {
        (policy, problem) = (null, "");
        return VaultStatus.NotFound;
    }

    public void Dispose() => _parts.Dispose();
}
