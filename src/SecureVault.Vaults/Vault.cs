using System;
using SecureVault.Content;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Storage.Local;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>An unlocked vault folder: keys, keyring, policy, audit. Not yet a drive.</summary>
/// <remarks>
/// Folder: securevault.json (config) | keyring | policy | sessions | lock | audit/log, audit/head | journal/ | jobs/ | root/ (the encrypted tree).
/// Any thread for reading; edits take the vault's edit lock, so several processes may edit and a drive may run meanwhile.
/// </remarks>
public sealed class Vault : IDisposable
{
    private readonly VaultParts _parts;

    internal Vault(VaultParts parts) => _parts = parts;

    /// <summary>Makes a vault in a folder that is missing or empty; on failure removes what it made.</summary>
    public static VaultResult Create(string folder, CipherSuite suite, ReadOnlySpan<byte> passphrase, ScryptCost cost, TimeProvider clock) =>
        Create(BackingStores.ForThisSystem(), folder, suite, passphrase, cost, clock);

    /// <summary>Unlocks: KDF, keyring, policy, audit head, cross-checked with each other and the anchor.</summary>
    public static VaultResult Open(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out Vault? vault) =>
        Open(BackingStores.ForThisSystem(), folder, passphrase, floor, anchor, clock, ThisProcess.BootId(), out vault);

    /// <summary>Unlocks for checking the audit log: damage of the log alone does not stop it; nothing can be recorded then.</summary>
    public static VaultResult OpenForAudit(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out Vault? vault) =>
        OpenForAudit(BackingStores.ForThisSystem(), folder, passphrase, floor, anchor, clock, out vault);

    internal static VaultResult Create(IBackingStore store, string folder, CipherSuite suite, ReadOnlySpan<byte> passphrase, ScryptCost cost, TimeProvider clock) =>
        new VaultCreation(store, folder, clock).Run(suite, passphrase, cost);

    internal static VaultResult Open(IBackingStore store, string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, string bootId, out Vault? vault) =>
        new VaultOpening(new VaultParts { Store = store, Path = folder, Anchor = anchor, Clock = clock, BootId = bootId }, tolerant: false).Run(passphrase, floor, out vault);

    internal static VaultResult OpenForAudit(IBackingStore store, string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out Vault? vault) =>
        new VaultOpening(new VaultParts { Store = store, Path = folder, Anchor = anchor, Clock = clock, BootId = ThisProcess.BootId() }, tolerant: true).Run(passphrase, floor, out vault);

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
    public ILabelKeys Labels => new LabelKeys(_parts.Keyring, _parts.Labels);
    public IAuditSink Audit => _parts.Audit;

    /// <summary>Why the last record could not be written; empty when none failed.</summary>
    public string AuditProblem => _parts.Audit.Problem;

    /// <summary>The clock that records and grants go by.</summary>
    public TimeProvider Clock => _parts.Clock;

    /// <summary>A number of the vault for where 32 bits must do, such as a volume's serial number.</summary>
    public uint Serial => (uint)(_parts.Config.VaultId.High >> 32);

    /// <summary>Reads and checks the audit log.</summary>
    public AuditReader OpenAuditReader() => new(_parts.Audit, _parts.Anchor.Read(_parts.Config.VaultId.ToString()));

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

    /// <summary>Gives a label a key when it has none (under the edit lock). The caller then edits the policy with WithLabelsChanged.</summary>
    /// <param name="label">As the policy spells it; Label.None gives the unlabelled key.</param>
    public VaultResult EnsureKey(Label label, out KeyId id) => new VaultEdit(_parts).EnsureKey(label, out id);

    /// <summary>Takes the mount lock (AlreadyMounted when held), begins a session; its dispose ends it cleanly.</summary>
    public VaultResult BeginSession(string mountPoint, out VaultSession? session) => VaultSession.Begin(this, mountPoint, out session);

    /// <summary>What offline tools read contents with: session 0, so they write no state.</summary>
    /// <param name="journal">The vault's journal folder, borrowed.</param>
    internal ContentContext OfflineContent(StoreHandle journal, SessionsDocument sessions) =>
        new(Store, Config.Suite, Config.BlockShift, Keys.Header, Keyring, 0, new CrashedSessions(sessions.AllCrashed()), journal, _parts.Clock);

    /// <summary>Makes the log durable and lets this machine remember how far it has come. Never goes back.</summary>
    internal void TellAnchor()
    {
        string id = _parts.Config.VaultId.ToString();
        TrustedState seen = _parts.Anchor.Read(id);
        ulong policy = Math.Max(seen.PolicyVersion, _parts.Policy.InForceVersion);
        TrustedState next = seen with { PolicyVersion = policy };
        if (_parts.Audit.Head.Sequence > seen.AuditSequence && _parts.Audit.TrySync(out AuditHead synced) && synced.Sequence > seen.AuditSequence)
        {
            next = new TrustedState(policy, synced.Sequence, AuditChain.Spell(synced.Chain));
        }

        if (next != seen)
        {
            _parts.Anchor.Write(id, next);
        }
    }

    public void Dispose() => _parts.Dispose();
}
