using System;
using SecureVault.Crypto;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Storage;
using SecureVault.Format.V1;
using SecureVault.Policy;

namespace SecureVault.FileSystem.Vaults;

/// <summary>Why a vault could not be opened or a command not done. Each maps to one exit code.</summary>
public enum VaultError : byte
{
    None = 0,
    Failed,
    WrongPassphrase,
    Damaged,
    NotPermitted,
    NewerFormat,
    AlreadyMounted,
    NotAVault,
    Usage,
}

/// <summary>An answer for a person: what happened, which thing, what to do; Message empty when None.</summary>
public readonly record struct VaultResult(VaultError Error, string Message)
{
    public static VaultResult Ok => new(VaultError.None, "");
    public bool IsOk => Error == VaultError.None;
}

/// <summary>What this machine remembers of a vault outside it, to notice an older copy put back. Implemented by the service.</summary>
public interface ITrustAnchor
{
    /// <summary>The highest seen, or zeros when the vault is new here.</summary>
    TrustedState Read(UInt128 vaultId);
    void Write(UInt128 vaultId, TrustedState state);
}

/// <summary>Policy version, audit sequence and its chain value (hex) last seen.</summary>
public readonly record struct TrustedState(ulong PolicyVersion, ulong AuditSequence, string AuditChain);

/// <summary>An unlocked vault folder: keys, keyring, policy, audit. Not yet a drive.</summary>
/// <remarks>
/// Folder: securevault.json (config) | keyring | policy | sessions | lock | audit/log, audit/head | journal/ | jobs/ | root/ (the encrypted tree).
/// Any thread for reading; edits take the vault's edit lock, so several processes may edit and a drive may run meanwhile.
/// </remarks>
public sealed class Vault : IDisposable
{
    public static VaultResult Create(string folder, CipherSuite suite, ReadOnlySpan<byte> passphrase, ScryptCost cost, TimeProvider clock) => throw new NotSupportedException();

    /// <summary>Unlocks: KDF, keyring, policy, audit head, cross-checked with each other and the anchor.</summary>
    public static VaultResult Open(string folder, ReadOnlySpan<byte> passphrase, ScryptCost floor, ITrustAnchor anchor, TimeProvider clock, out Vault? vault) => throw new NotSupportedException();

    public string Folder => throw new NotSupportedException();
    public VaultConfig Config => throw new NotSupportedException();
    public VaultKeys Keys => throw new NotSupportedException();
    public IBackingStore Store => throw new NotSupportedException();
    public StoreHandle FolderHandle => throw new NotSupportedException();

    /// <summary>Follows the policy file.</summary>
    public IPolicySource Policy => throw new NotSupportedException();

    /// <summary>Follows the keyring file.</summary>
    public Keyring Keyring => throw new NotSupportedException();
    public IAuditSink Audit => throw new NotSupportedException();

    /// <summary>Takes the edit lock, applies the edit to the newest policy, stores it, records it, tells the anchor.</summary>
    public VaultResult EditPolicy(Func<PolicyDocument, PolicyEdit> edit, string description) => throw new NotSupportedException();

    /// <summary>Takes the mount lock (AlreadyMounted when held), begins a session; its dispose ends it cleanly.</summary>
    public VaultResult BeginSession(string mountPoint, out VaultSession? session) => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}

/// <summary>The compartment keys, by id and by label; reloads when the file changed.</summary>
public sealed class Keyring : IWrappingKeys
{
    public AeadKey? Find(KeyId id) => throw new NotSupportedException();

    /// <summary>Label of a key; null when unknown.</summary>
    public Label? LabelOf(KeyId id) => throw new NotSupportedException();

    /// <summary>Newest key of a label; zero when the keyring has none (labels are given keys by Vault.EnsureKey).</summary>
    public KeyId NewestOf(Label label) => throw new NotSupportedException();

    /// <summary>The key of unlabelled files.</summary>
    public KeyId Unlabelled => throw new NotSupportedException();
}

/// <summary>One mount of a vault: session number, crashed sessions, the open content context. Dispose = clean end.</summary>
public sealed class VaultSession : IDisposable
{
    public ulong Number => throw new NotSupportedException();
    public Content.ContentContext Content => throw new NotSupportedException();
    public StoreHandle RootDirectory => throw new NotSupportedException();
    public void Dispose() => throw new NotSupportedException();
}
