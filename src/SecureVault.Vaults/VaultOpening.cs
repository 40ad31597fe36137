using System;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Audit;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>Unlocks a vault step by step; whatever was opened before a step failed is closed. Writes nothing but the anchor.</summary>
/// <param name="parts">Filled; the opened vault owns it, or it is disposed.</param>
/// <param name="tolerant">For `audit verify`: what is wrong with the log alone does not stop.</param>
internal sealed class VaultOpening(VaultParts parts, bool tolerant)
{
    private const int MaxConfig = 64 * 1024;
    private readonly VaultParts _parts = parts;
    private readonly string _path = parts.Path;
    private readonly IBackingStore _store = parts.Store;

    public VaultResult Run(ReadOnlySpan<byte> passphrase, ScryptCost floor, out Vault? vault)
    {
        vault = null;
        VaultResult result = OpenFolder();
        result = result.IsOk ? ReadConfig() : result;
        result = result.IsOk ? Unlock(passphrase, floor) : result;
        result = result.IsOk ? OpenKeyring() : result;
        result = result.IsOk ? OpenLabels() : result;
        result = result.IsOk ? OpenPolicy() : result;
        result = result.IsOk ? ReadSessions() : result;
        result = result.IsOk ? OpenAudit() : result;
        result = result.IsOk ? CrossCheck() : result;
        result = result.IsOk ? CheckAnchor() : result;
        if (!result.IsOk)
        {
            _parts.Dispose();
            return result;
        }

        vault = new Vault(_parts);
        vault.TellAnchor();
        return result;
    }

    private VaultResult OpenFolder()
    {
        VaultStatus status = _store.OpenRoot(_path, out StoreHandle? folder);
        _parts.Folder = folder;
        return status switch
        {
            VaultStatus.Ok => VaultResult.Ok,
            VaultStatus.NotFound => new VaultResult(VaultError.NotAVault, $"{_path} does not exist. Make a vault with: securevault init {_path}"),
            VaultStatus.NotDirectory => new VaultResult(VaultError.NotAVault, $"{_path} is no folder, so it is no vault. Make one with: securevault init FOLDER"),
            _ => VaultMessages.Store(_path, "Opening", status),
        };
    }

    private VaultResult ReadConfig()
    {
        VaultStatus status = StoredFile.Read(_store, _parts.Folder!, VaultNames.Config, MaxConfig, out byte[] json, out _);
        if (status == VaultStatus.NotFound)
        {
            return _store.Stat(_parts.Folder!, VaultNames.Keyring, out _) == VaultStatus.Ok
                ? Damaged("securevault.json", "is missing")
                : new VaultResult(VaultError.NotAVault, $"{_path} is not a vault: it has no securevault.json. Make one with: securevault init {_path}");
        }

        if (status is not (VaultStatus.Ok or VaultStatus.TooLarge or VaultStatus.Invalid))
        {
            return VaultMessages.Store($"{_path}/securevault.json", "Reading", status);
        }

        FormatStatus parsed = FormatStatus.Corrupt;
        int version = 0;
        if (status == VaultStatus.Ok)
        {
            parsed = VaultConfig.TryParse(json, out VaultConfig? config, out version);
            _parts.Config = config!;
        }

        return parsed switch
        {
            FormatStatus.Ok => VaultResult.Ok,
            FormatStatus.NewerVersion => new VaultResult(VaultError.NewerFormat, $"{_path} has format version {version}; this build reads up to version {VaultConfig.CurrentVersion}. Update SecureVault to open it."),
            FormatStatus.UnknownSuite => new VaultResult(VaultError.NewerFormat, $"{_path} uses a cipher suite that this build does not know. Update SecureVault to open it."),
            _ => Damaged("securevault.json", json.Length == 0 && status == VaultStatus.Ok ? "is empty" : "is damaged: it is cut, garbled or no vault's config"),
        };
    }

    private VaultResult Unlock(ReadOnlySpan<byte> passphrase, ScryptCost floor)
    {
        FormatStatus status = _parts.Config.TryUnlock(passphrase, floor, out SecretKey? vaultKey);
        using (vaultKey)
        {
            if (status == FormatStatus.Ok)
            {
                _parts.Keys = new VaultKeys(_parts.Config.Suite, vaultKey!);
                _parts.Documents = new VaultDocuments(_store, _parts.Config, _parts.Keys.Document);
                return VaultResult.Ok;
            }
        }

        return status == FormatStatus.WrongPassphrase
            ? new VaultResult(VaultError.WrongPassphrase, $"The passphrase does not open {_path} (or its securevault.json was changed). Try again.")
            : Damaged("securevault.json", "asks for a weaker key derivation than is accepted: it was changed");
    }

    private VaultResult OpenKeyring()
    {
        VaultStatus status = Keyring.Open(_parts.Documents, _parts.Folder!, _parts.Config, out Keyring? keyring, out string problem);
        _parts.Keyring = keyring!;
        return Outcome(status, "keyring", problem);
    }

    private VaultResult OpenLabels()
    {
        VaultStatus status = GivenLabels.Open(_parts.Documents, _parts.Folder!, _parts.Keyring, out GivenLabels? labels, out string problem);
        _parts.Labels = labels!;
        return Outcome(status, "labels", problem);
    }

    private VaultResult OpenPolicy()
    {
        VaultStatus status = PolicyStore.Open(_parts.Documents, _parts.Folder!, _parts.Keyring, new PolicySurroundings(_parts.Labels.TryReach, () => _parts.Audit?.NewestPolicy ?? 0, _parts.ReportPolicy, _parts.Clock), out PolicyStore? policy, out string problem);
        _parts.Policy = policy!;
        return Outcome(status, "policy", problem);
    }

    private VaultResult ReadSessions()
    {
        VaultStatus status = VaultSessions.Read(_parts, out SessionsDocument? sessions, out _, out string problem);
        _parts.Sessions = sessions!;
        return Outcome(status, "sessions", problem);
    }

    private VaultResult OpenAudit()
    {
        var keys = new AuditKeys(_parts.Keys.Audit, _parts.Config.VaultId, _parts.Config.SigningPoint);
        VaultStatus status = AuditPlace.Open(_store, _parts.Folder!, keys, out AuditPlace? place, out string missing);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.NotFound ? Damaged(missing, "is missing") : VaultMessages.Store($"{_path}/{missing}", "Opening", status);
        }

        bool powerCut = _parts.Sessions.Running && _parts.BootId.Length > 0 && _parts.Sessions.Boot != _parts.BootId;
        status = AuditOpening.Open(place!, _parts.Keyring.Signer, _parts.Clock, powerCut, tolerant, out AuditLog? log, out AuditOpening.Finding finding);
        _parts.Audit = log!;
        if (log is null)
        {
            place!.Dispose();
        }

        return log is not null ? VaultResult.Ok : Outcome(status, finding.File, finding.Problem);
    }

    /// <summary>Documents of one vault but of different times betray that one of them was put back.</summary>
    private VaultResult CrossCheck()
    {
        AuditHead head = _parts.Audit.Head;
        PolicyDocument policy = _parts.Policy.Current;
        if (_parts.Keyring.Version < policy.KeyringVersion)
        {
            return Damaged("keyring", $"is older than the policy says (version {_parts.Keyring.Version} < {policy.KeyringVersion}): an old copy was put back");
        }

        if (!_parts.Labels.TryReach(policy.LabelsVersion))
        {
            return Damaged("labels", $"is older than the policy says (version {_parts.Labels.Version} < {policy.LabelsVersion}): an old copy was put back, or it was removed");
        }

        if (policy.Version < head.PolicyVersion)
        {
            return Damaged("policy", $"is older than the audit log says (version {policy.Version} < {head.PolicyVersion}): an old copy was put back");
        }

        return _parts.Sessions.Session < head.Session
            ? Damaged("sessions", $"is older than the audit log says (session {_parts.Sessions.Session} < {head.Session}): an old copy was put back")
            : VaultResult.Ok;
    }

    private VaultResult CheckAnchor()
    {
        string id = _parts.Config.VaultId.ToString();
        TrustedState seen = _parts.Anchor.Read(id);
        string forget = _parts.Anchor.Describe(id);
        ulong policy = _parts.Policy.Current.Version;
        if (policy < seen.PolicyVersion)
        {
            return VaultMessages.Older($"{_path}/policy", $"version {policy} < {seen.PolicyVersion}", forget);
        }

        AuditHead head = _parts.Audit.Head;
        if (tolerant || head.Sequence > seen.AuditSequence)
        {
            return VaultResult.Ok;
        }

        if (head.Sequence < seen.AuditSequence)
        {
            return VaultMessages.Older($"{_path}/audit/log", $"record {head.Sequence} < {seen.AuditSequence}", forget);
        }

        return head.Sequence == 0 || AuditChain.Spell(head.Chain) == seen.AuditChain
            ? VaultResult.Ok
            : new VaultResult(VaultError.Damaged, $"{_path}/audit/log is not the log this machine has seen (record {head.Sequence} differs): another copy was put back. If you did that on purpose, remove {forget} and try again.");
    }

    private VaultResult Outcome(VaultStatus status, string file, string problem) => status switch
    {
        VaultStatus.Ok => VaultResult.Ok,
        VaultStatus.Corrupt => Damaged(file, problem),
        _ => VaultMessages.Store($"{_path}/{file}", "Reading", status),
    };

    private VaultResult Damaged(string file, string problem) => VaultMessages.Damaged($"{_path}/{file}", problem);
}
