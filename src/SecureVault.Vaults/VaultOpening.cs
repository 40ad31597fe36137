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
/// <param name="use">What for.</param>
internal sealed class VaultOpening(VaultParts parts, VaultUse use)
{
    private readonly VaultParts _parts = parts;
    private readonly string _path = parts.Path;
    private readonly FencedStore _store = parts.Store;

    /// <summary>Documents of different times, and a log that lost its end, are found and not refused.</summary>
    private readonly bool _lenient = use is VaultUse.ReadOnly or VaultUse.Restore or VaultUse.Adopt;

    /// <summary>A log that is broken is found and not refused.</summary>
    private readonly bool _tolerant = use is VaultUse.Audit or VaultUse.ReadOnly or VaultUse.Adopt;

    public VaultResult Run(ReadOnlySpan<byte> passphrase, ScryptCost floor, out Vault? vault)
    {
        vault = null;
        VaultResult result = OpenFolder();
        result = result.IsOk ? ReadConfig() : result;
        result = result.IsOk ? Place() : result;
        result = result.IsOk ? Unlock(passphrase, floor) : result;
        result = result.IsOk ? OpenKeyring() : result;
        result = result.IsOk ? OpenLabels() : result;
        result = result.IsOk ? OpenPolicy() : result;
        result = result.IsOk ? ReadSessions() : result;
        result = result.IsOk ? OpenAudit() : result;
        result = result.IsOk ? CrossCheck() : result;
        result = result.IsOk && _parts.IsRemembered ? VaultMemory.Check(_parts, _tolerant) : result;
        if (!result.IsOk)
        {
            _parts.Dispose();
            return result;
        }

        vault = new Vault(_parts);
        VaultMemory.Tell(_parts);
        return result;
    }

    private VaultResult OpenFolder()
    {
        VaultStatus status = _store.OpenRoot(_path, out StoreHandle? folder);
        _parts.Folder = folder;
        return status switch
        {
            VaultStatus.Ok when AdoptionFolder.IsLeft(_store, folder!) => VaultMessages.Failed($"{_path}: making it a vault of its own was interrupted. Finish that with: securevault adopt {ShellWord.Of(_path)}"),
            VaultStatus.Ok => VaultResult.Ok,
            VaultStatus.NotFound => new VaultResult(VaultError.NotAVault, $"{_path} does not exist. Make a vault with: securevault init {ShellWord.Of(_path)}"),
            VaultStatus.NotDirectory => new VaultResult(VaultError.NotAVault, $"{_path} is no folder, so it is no vault. Make one with: securevault init FOLDER"),
            _ => VaultMessages.Store(_path, "Opening", status),
        };
    }

    private VaultResult ReadConfig()
    {
        VaultStatus status = StoredFile.Read(_store, _parts.Folder!, VaultNames.Config, VaultConfig.MaxSize, out byte[] json, out _);
        if (status == VaultStatus.NotFound)
        {
            return _store.Stat(_parts.Folder!, VaultNames.Keyring, out _) == VaultStatus.Ok
                ? Damaged("securevault.json", "is missing")
                : new VaultResult(VaultError.NotAVault, $"{_path} is not a vault: it has no securevault.json. Make one with: securevault init {ShellWord.Of(_path)}");
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

    /// <summary>Whether this folder is the one that this machine's memory is about, and whether it may be written.</summary>
    private VaultResult Place()
    {
        if (use == VaultUse.ReadOnly)
        {
            _parts.Refusal = $"{_path} is open read-only: nothing in it is changed";
        }
        else if (use is VaultUse.Work or VaultUse.Audit)
        {
            string? original = VaultMemory.OriginalOf(_parts);
            _parts.Refusal = original is null ? null : VaultMessages.Copy(_path, original);
            _parts.IsRemembered = original is null;
        }

        if (_parts.Refusal is not null)
        {
            _store.Shut();
        }

        return VaultResult.Ok;
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
        status = AuditOpening.Open(place!, _parts.Keyring.Signer, _parts.Clock, powerCut || _lenient, _tolerant, out AuditLog? log, out AuditOpening.Finding finding);
        _parts.Audit = log!;
        if (log is null)
        {
            place!.Dispose();
            return Outcome(status, finding.File, finding.Problem);
        }

        if (finding.Problem.Length > 0)
        {
            _parts.Found.Add($"{finding.File} {finding.Problem}");
        }

        return VaultResult.Ok;
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

        VaultResult result = VaultResult.Ok;
        if (!_parts.Labels.TryReach(policy.LabelsVersion))
        {
            result = Mixed("labels", $"is older than the policy says (version {_parts.Labels.Version} < {policy.LabelsVersion}): an old copy was put back, or it was removed");
        }

        if (result.IsOk && !_parts.Labels.TryReach(head.LabelsVersion))
        {
            result = Mixed("labels", $"is older than the audit log says (version {_parts.Labels.Version} < {head.LabelsVersion}): an old copy was put back, or it was removed");
        }

        if (result.IsOk && policy.Version < head.PolicyVersion)
        {
            result = Mixed("policy", $"is older than the audit log says (version {policy.Version} < {head.PolicyVersion}): an old copy was put back");
        }

        return result.IsOk && _parts.Sessions.Session < head.Session
            ? Mixed("sessions", $"is older than the audit log says (session {_parts.Sessions.Session} < {head.Session}): an old copy was put back, or two machines had the vault open at once")
            : result;
    }

    private VaultResult Mixed(string file, string problem)
    {
        _parts.Found.Add($"{file} {problem}");
        return _lenient ? VaultResult.Ok : VaultMessages.Mixed(_path, file, problem);
    }

    private VaultResult Outcome(VaultStatus status, string file, string problem) => status switch
    {
        VaultStatus.Ok => VaultResult.Ok,
        VaultStatus.Corrupt => Damaged(file, problem),
        _ => VaultMessages.Store($"{_path}/{file}", "Reading", status),
    };

    private VaultResult Damaged(string file, string problem) => VaultMessages.Damaged($"{_path}/{file}", problem);
}
