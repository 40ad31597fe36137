using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SecureVault.Crypto;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Documents;

/// <summary>The compartment keys, by id and by label; reloads when the file changed.</summary>
/// <remarks>Any thread. A key once handed out stays valid until the keyring is disposed, also when a later keyring lacks it.</remarks>
public sealed class Keyring : IWrappingKeys, IDisposable
{
    private readonly VaultDocuments _documents;
    private readonly StoreHandle _folder;
    private readonly CipherSuite _suite;

    /// <summary>Serializes reloads; protects _bound. Innermost.</summary>
    private readonly Lock _reload = new();
    private readonly Dictionary<KeyId, AeadKey> _bound = [];
    private volatile Generation _current;

    private Keyring(VaultDocuments documents, StoreHandle folder, CipherSuite suite, SigningKey signer)
    {
        _documents = documents;
        _folder = folder;
        _suite = suite;
        Signer = signer;
        _current = Generation.Empty;
    }

    /// <summary>Signs checkpoints and documents; borrowed.</summary>
    internal SigningKey Signer { get; }

    /// <summary>Version of the keyring in use.</summary>
    internal ulong Version => _current.Version;

    /// <summary>The key of unlabelled files.</summary>
    public KeyId Unlabelled => _current.Unlabelled;

    /// <summary>Reads the keyring. Corrupt with the problem when its bytes are not this vault's.</summary>
    internal static VaultStatus Open(VaultDocuments documents, StoreHandle folder, VaultConfig config, out Keyring? keyring, out string problem)
    {
        keyring = null;
        VaultStatus status = ReadDocument(documents, folder, out KeyringDocument? document, out ulong version, out StoredVersion seen, out problem);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (document)
        {
            SigningKey? signer = KeyringEdits.CopySigner(document!.Signer);
            if (signer is null || !signer.PublicPoint().AsSpan().SequenceEqual(config.SigningPoint.Span))
            {
                signer?.Dispose();
                problem = "is damaged: its signing key is not the one of securevault.json";
                return VaultStatus.Corrupt;
            }

            var opened = new Keyring(documents, folder, config.Suite, signer);
            opened.Adopt(document, version, seen);
            if (opened.Unlabelled.Value.IsZero)
            {
                opened.Dispose();
                problem = "is damaged: it lacks the key of unlabelled files";
                return VaultStatus.Corrupt;
            }

            keyring = opened;
            return VaultStatus.Ok;
        }
    }

    /// <inheritdoc/>
    public AeadKey? Find(KeyId id)
    {
        if (_current.ById.TryGetValue(id, out Compartment? found))
        {
            return found.Key;
        }

        return FollowFile() && _current.ById.TryGetValue(id, out found) ? found.Key : null;
    }

    /// <summary>Label of a key; Label.None for the zero id; null when unknown.</summary>
    public Label? LabelOf(KeyId id)
    {
        if (id.Value.IsZero)
        {
            return Label.None;
        }

        if (_current.ById.TryGetValue(id, out Compartment? found))
        {
            return found.Label;
        }

        return FollowFile() && _current.ById.TryGetValue(id, out found) ? found.Label : null;
    }

    /// <summary>Newest key of a label; zero when the keyring has none (labels are given keys by Vault.EnsureKey).</summary>
    public KeyId NewestOf(Label label) => _current.Newest.GetValueOrDefault(label);

    /// <summary>True when such a label ever had a key. Label.None is not asked about.</summary>
    public bool Knows(Func<Label, bool> which)
    {
        FollowFile();
        return _current.Newest.Keys.Any(label => !label.IsNone && which(label));
    }

    /// <summary>Calls labels otherwise; keys and their ids stay. The caller holds the edit lock.</summary>
    internal VaultStatus Rename(Func<Label, Label> renamed, out string problem)
    {
        VaultStatus status = ReadDocument(_documents, _folder, out KeyringDocument? document, out ulong version, out _, out problem);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (document)
        {
            if (version < _current.Version)
            {
                return Older(version, out problem);
            }

            return Store([.. KeyringEdits.Renamed(document!.Entries, renamed)], document.Signer, version + 1);
        }
    }

    /// <summary>Reloads until the version is reached; false when the file does not have it.</summary>
    internal bool TryReach(ulong version)
    {
        if (_current.Version < version)
        {
            FollowFile();
        }

        return _current.Version >= version;
    }

    /// <summary>Adds a key for a label that has none, and stores the keyring. The caller holds the edit lock.</summary>
    internal VaultStatus Add(Label label, out KeyId id, out string problem)
    {
        id = default;
        VaultStatus status = ReadDocument(_documents, _folder, out KeyringDocument? document, out ulong version, out StoredVersion seen, out problem);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using (document)
        {
            if (version < _current.Version)
            {
                return Older(version, out problem);
            }

            Adopt(document!, version, seen);
            id = NewestOf(label);
            return !id.Value.IsZero ? VaultStatus.Ok : Store(document!, version + 1, label, out id);
        }
    }

    public void Dispose()
    {
        lock (_reload)
        {
            _current = Generation.Empty;
            foreach (AeadKey key in _bound.Values)
            {
                key.Dispose();
            }

            _bound.Clear();
        }

        Signer.Dispose();
    }

    private VaultStatus Older(ulong version, out string problem)
    {
        problem = $"holds version {version}, older than version {_current.Version} in use: an old copy was put back";
        return VaultStatus.Corrupt;
    }

    private VaultStatus Store(KeyringDocument old, ulong version, Label label, out KeyId id)
    {
        id = new KeyId(Id128.Random());
        using SecretKey secret = SecretKey.Generate(32);
        return Store([.. old.Entries, new KeyringEntry(id, label.Department, label.Level, label.Compartment, 1, secret)], old.Signer, version);
    }

    private VaultStatus Store(IReadOnlyList<KeyringEntry> entries, SigningKey current, ulong version)
    {
        SigningKey? signer = KeyringEdits.CopySigner(current);
        var next = new KeyringDocument(entries, signer!);
        byte[] body = next.Write();
        VaultStatus status = _documents.Write(_folder, VaultNames.Keyring, DocumentKind.Keyring, version, body, Signer);
        StoredFile.Wipe(body);
        if (status == VaultStatus.Ok && _documents.Store.Stat(_folder, VaultNames.Keyring, out StoreStat stat) == VaultStatus.Ok)
        {
            Adopt(next, version, StoredVersion.Of(stat));
        }

        signer!.Dispose();
        return status;
    }

    /// <summary>Reads the file when it is another than the one last seen; true when that brought a newer keyring.</summary>
    private bool FollowFile()
    {
        if (_documents.Store.Stat(_folder, VaultNames.Keyring, out StoreStat stat) != VaultStatus.Ok || StoredVersion.Of(stat) == _current.Seen)
        {
            return false;
        }

        VaultStatus status = ReadDocument(_documents, _folder, out KeyringDocument? document, out ulong version, out StoredVersion seen, out _);
        using (document)
        {
            lock (_reload)
            {
                if (status == VaultStatus.Ok && version > _current.Version)
                {
                    Adopt(document!, version, seen);
                    return true;
                }

                _current = _current.Noticed(StoredVersion.Of(stat));
                return false;
            }
        }
    }

    private void Adopt(KeyringDocument document, ulong version, StoredVersion seen)
    {
        lock (_reload)
        {
            var byId = new Dictionary<KeyId, Compartment>();
            var newest = new Dictionary<Label, KeyId>();
            foreach (KeyringEntry entry in document.Entries)
            {
                if (!_bound.TryGetValue(entry.Id, out AeadKey? key))
                {
                    _bound[entry.Id] = key = AeadKey.Create(_suite, entry.Key);
                }

                var label = new Label(entry.Department, entry.Level, entry.Compartment);
                byId[entry.Id] = new Compartment(key, label, entry.Epoch);
                if (!newest.TryGetValue(label, out KeyId known) || byId[known].Epoch < entry.Epoch)
                {
                    newest[label] = entry.Id;
                }
            }

            _current = new Generation(version, seen, byId, newest);
        }
    }

    private static VaultStatus ReadDocument(VaultDocuments documents, StoreHandle folder, out KeyringDocument? document, out ulong version, out StoredVersion seen, out string problem)
    {
        document = null;
        VaultStatus status = documents.Read(folder, VaultNames.Keyring, DocumentKind.Keyring, out version, out byte[]? body, out seen, out problem);
        if (status == VaultStatus.Ok && KeyringDocument.TryParse(body, out document) != FormatStatus.Ok)
        {
            problem = "is damaged: its content is not a keyring";
            status = VaultStatus.Corrupt;
        }

        StoredFile.Wipe(body);
        return status;
    }

    private sealed record Compartment(AeadKey Key, Label Label, uint Epoch);

    /// <summary>One keyring as read; immutable.</summary>
    private sealed class Generation(ulong version, StoredVersion seen, Dictionary<KeyId, Compartment> byId, Dictionary<Label, KeyId> newest)
    {
        public static Generation Empty => new(0, default, [], []);
        public ulong Version => version;
        public StoredVersion Seen => seen;
        public Dictionary<KeyId, Compartment> ById => byId;
        public Dictionary<Label, KeyId> Newest => newest;
        public KeyId Unlabelled { get; } = newest.GetValueOrDefault(Label.None);
        public Generation Noticed(StoredVersion other) => new(version, other, byId, newest);
    }
}
