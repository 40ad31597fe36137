using System;
using System.Threading;
using SecureVault.Format.V1;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Documents;

/// <summary>The policy in force: follows the policy file, and never goes back to an older or an unauthentic one.</summary>
/// <remarks>Any thread. One stat and no allocation while the file is the one last seen.</remarks>
internal sealed class PolicyStore : IPolicySource
{
    private readonly VaultDocuments _documents;
    private readonly StoreHandle _folder;
    private readonly Keyring _keyring;
    private readonly Action<string> _report;

    /// <summary>Serializes reloads; innermost but for the keyring's and the log's own locks.</summary>
    private readonly Lock _reload = new();
    private volatile InForce _inForce;

    private PolicyStore(VaultDocuments documents, StoreHandle folder, Keyring keyring, Action<string> report, InForce first)
    {
        _documents = documents;
        _folder = folder;
        _keyring = keyring;
        _report = report;
        _inForce = first;
    }

    /// <summary>Reads the policy for the first time. report is told, once for each bad file seen later, what is wrong with it.</summary>
    public static VaultStatus Open(VaultDocuments documents, StoreHandle folder, Keyring keyring, Action<string> report, out PolicyStore? policy, out string problem)
    {
        policy = null;
        VaultStatus status = Load(documents, folder, out PolicyDocument? document, out byte[]? body, out StoredVersion seen, out problem);
        if (status == VaultStatus.Ok)
        {
            policy = new PolicyStore(documents, folder, keyring, report, new InForce(document!, body!, seen, ""));
        }

        return status;
    }

    /// <inheritdoc/>
    public PolicyDocument Current
    {
        get
        {
            InForce inForce = _inForce;
            VaultStatus status = _documents.Store.Stat(_folder, VaultNames.Policy, out StoreStat stat);
            StoredVersion seen = status == VaultStatus.Ok ? StoredVersion.Of(stat) : default;
            return seen == inForce.Seen ? inForce.Policy : Reload(seen).Policy;
        }
    }

    /// <summary>Version in force, without looking at the file.</summary>
    public ulong InForceVersion => _inForce.Policy.Version;

    /// <summary>The newest policy when the file holds it; false with what is wrong with the file otherwise.</summary>
    public bool TryCurrent(out PolicyDocument policy, out string problem)
    {
        policy = Current;
        problem = _inForce.Problem;
        return problem.Length == 0;
    }

    private InForce Reload(StoredVersion asked)
    {
        string problem;
        InForce next;
        lock (_reload)
        {
            InForce old = _inForce;
            if (asked == old.Seen)
            {
                return old;
            }

            VaultStatus status = Load(_documents, _folder, out PolicyDocument? document, out byte[]? body, out StoredVersion seen, out problem);
            if (status is not (VaultStatus.Ok or VaultStatus.Corrupt))
            {
                return old; // the store failed, not the file: ask again next time
            }

            if (status == VaultStatus.Ok && document!.Version <= old.Policy.Version && !body.AsSpan().SequenceEqual(old.Body))
            {
                problem = $"holds version {document.Version}, older than version {old.Policy.Version} in force: an old copy was put back";
            }

            bool newer = problem.Length == 0 && document!.Version > old.Policy.Version;
            next = newer ? new InForce(document!, body!, seen, "") : old with { Seen = seen, Problem = problem };
            if (newer && !_keyring.TryReach(document!.KeyringVersion))
            {
                problem = $"needs version {document.KeyringVersion} of the keyring, and the keyring is older";
            }

            _inForce = next;
        }

        if (problem.Length > 0)
        {
            _report(problem);
        }

        return next;
    }

    private static VaultStatus Load(VaultDocuments documents, StoreHandle folder, out PolicyDocument? policy, out byte[]? body, out StoredVersion seen, out string problem)
    {
        policy = null;
        VaultStatus status = documents.Read(folder, VaultNames.Policy, DocumentKind.Policy, out ulong version, out body, out seen, out problem);
        if (status == VaultStatus.Ok && (!PolicyDocument.TryParse(body, out policy) || policy!.Version != version))
        {
            problem = "is damaged: its content is not a policy";
            status = VaultStatus.Corrupt;
        }

        return status;
    }

    /// <param name="Policy">What decides.</param>
    /// <param name="Body">Its serialized form: the same bytes in a touched or copied file are no news.</param>
    /// <param name="Seen">The file last looked at, good or bad.</param>
    /// <param name="Problem">What is wrong with that file, or empty.</param>
    private sealed record InForce(PolicyDocument Policy, byte[] Body, StoredVersion Seen, string Problem);
}
