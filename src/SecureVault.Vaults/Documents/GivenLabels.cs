using System.Collections.Generic;
using System.Threading;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Documents;

/// <summary>Which label objects were given that had another before, the document `labels`: by it an old header or folder record that was put back is known.</summary>
/// <remarks>Any thread. One stat while the file is the one last seen. Its version is bound by the policy and the audit log's head; what was read once is never taken back for an older file.</remarks>
internal sealed class GivenLabels
{
    private readonly VaultDocuments _documents;
    private readonly StoreHandle _folder;
    private readonly Keyring _keyring;

    /// <summary>Serializes reloads. Innermost.</summary>
    private readonly Lock _reload = new();
    private volatile Generation _current = new(0, default, []);

    private GivenLabels(VaultDocuments documents, StoreHandle folder, Keyring keyring)
    {
        _documents = documents;
        _folder = folder;
        _keyring = keyring;
    }

    /// <summary>Version in use; 0 = nothing was ever relabelled.</summary>
    public ulong Version => _current.Version;

    public bool IsEmpty => _current.Keys.Count == 0;

    /// <summary>Reads the document; a vault in which nothing was relabelled has none. Corrupt with the problem when its bytes are not this vault's.</summary>
    public static VaultStatus Open(VaultDocuments documents, StoreHandle folder, Keyring keyring, out GivenLabels? labels, out string problem)
    {
        labels = null;
        var opened = new GivenLabels(documents, folder, keyring);
        VaultStatus status = opened.Read(out Generation? read, out problem);
        if (status == VaultStatus.Ok)
        {
            opened._current = read!;
            labels = opened;
        }

        return status;
    }

    /// <summary>Whether an object with that key carries another label than it was given.</summary>
    /// <param name="owner">Id of the file or folder.</param>
    /// <param name="key">As its header or record says; zero = unlabelled.</param>
    public bool IsOld(Id128 owner, KeyId key)
    {
        Follow();
        return _current.Keys.TryGetValue(owner, out KeyId given) && given != key && LabelOf(given) != LabelOf(key);
    }

    /// <summary>Whether the list says of an object that it was given that key.</summary>
    public bool Has(Id128 owner, KeyId key)
    {
        Follow();
        return _current.Keys.TryGetValue(owner, out KeyId given) && given == key;
    }

    /// <summary>Reloads until the version is reached; false when the file does not have it.</summary>
    public bool TryReach(ulong version)
    {
        if (Version < version)
        {
            Follow();
        }

        return Version >= version;
    }

    /// <summary>Forgets some objects and notes what others were given, durably. The caller holds the edit lock.</summary>
    /// <param name="atLeast">The version that it gets at least.</param>
    public VaultStatus Write(IEnumerable<Id128> forget, IEnumerable<KeyValuePair<Id128, KeyId>> given, ulong atLeast, out string problem)
    {
        VaultStatus status = Read(out Generation? read, out problem);
        if (status == VaultStatus.Ok && read!.Version < Version)
        {
            problem = $"holds version {read.Version}, older than version {Version} in use: an old copy was put back";
            status = VaultStatus.Corrupt;
        }

        if (status != VaultStatus.Ok)
        {
            return status;
        }

        var keys = new Dictionary<Id128, KeyId>(read!.Keys);
        foreach (Id128 owner in forget)
        {
            keys.Remove(owner);
        }

        foreach ((Id128 owner, KeyId key) in given)
        {
            keys[owner] = key;
        }

        ulong version = ulong.Max(read.Version + 1, atLeast);
        status = _documents.Write(_folder, VaultNames.Labels, DocumentKind.Labels, version, LabelsBody.Write(keys), _keyring.Signer);
        Follow();
        return status;
    }

    private Label? LabelOf(KeyId key) => _keyring.LabelOf(key);

    private void Follow()
    {
        VaultStatus status = _documents.Store.Stat(_folder, VaultNames.Labels, out StoreStat stat);
        StoredVersion seen = status == VaultStatus.Ok ? StoredVersion.Of(stat) : default;
        if (seen == _current.Seen)
        {
            return;
        }

        lock (_reload)
        {
            bool newer = Read(out Generation? read, out _) == VaultStatus.Ok && read!.Version > _current.Version;
            _current = newer ? read! : _current with { Seen = seen };
        }
    }

    private VaultStatus Read(out Generation? read, out string problem)
    {
        read = null;
        problem = "";
        VaultStatus status = _documents.Store.Stat(_folder, VaultNames.Labels, out _);
        if (status == VaultStatus.NotFound)
        {
            read = new Generation(0, default, []);
            return VaultStatus.Ok;
        }

        status = _documents.Read(_folder, VaultNames.Labels, DocumentKind.Labels, out ulong version, out byte[]? body, out StoredVersion seen, out problem);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (!LabelsBody.TryRead(body, out Dictionary<Id128, KeyId> keys))
        {
            problem = "is damaged: its content is no list of labels";
            return VaultStatus.Corrupt;
        }

        read = new Generation(version, seen, keys);
        return status;
    }

    /// <summary>One document as read; immutable.</summary>
    private sealed record Generation(ulong Version, StoredVersion Seen, Dictionary<Id128, KeyId> Keys);
}
