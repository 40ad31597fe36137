using System;
using System.Threading;
using SecureVault.Format.V1;
using SecureVault.Policy.Documents;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Documents;

/// <summary>What a policy store asks and tells.</summary>
/// <param name="HasLabels">Whether the list of given labels reaches a version.</param>
/// <param name="Recorded">The newest policy version that the audit log tells of, as far as this process has read it. Cheap.</param>
/// <param name="Report">Told, once for each bad file, what is wrong with it.</param>
internal sealed record PolicySurroundings(Func<ulong, bool> HasLabels, Func<ulong> Recorded, Action<string> Report, TimeProvider Clock);

/// <summary>The policy in force: follows the policy file, and never goes back to an older or an unauthentic one.</summary>
/// <remarks>
/// Any thread. One stat and no allocation while the file is the one last seen. Where the newest policy is not known for sure, a closed one is given, which grants nothing:
/// at once when the file cannot be read or the audit log speaks of a newer one, after a minute when the file is missing or damaged.
/// </remarks>
internal sealed class PolicyStore : IPolicySource
{
    /// <summary>How long the last good policy decides while the file is missing or damaged.</summary>
    public static readonly TimeSpan Bearable = TimeSpan.FromMinutes(1);

    private readonly VaultDocuments _documents;
    private readonly StoreHandle _folder;
    private readonly Keyring _keyring;
    private readonly PolicySurroundings _around;

    /// <summary>Serializes reloads; innermost but for the keyring's and the log's own locks.</summary>
    private readonly Lock _reload = new();
    private volatile State _inForce;

    private PolicyStore(VaultDocuments documents, StoreHandle folder, Keyring keyring, PolicySurroundings around, State first)
    {
        _documents = documents;
        _folder = folder;
        _keyring = keyring;
        _around = around;
        _inForce = first;
    }

    /// <summary>Reads the policy for the first time. </summary>
    public static VaultStatus Open(VaultDocuments documents, StoreHandle folder, Keyring keyring, PolicySurroundings around, out PolicyStore? policy, out string problem)
    {
        policy = null;
        VaultStatus status = Load(documents, folder, out PolicyDocument? document, out byte[]? body, out StoredVersion seen, out problem);
        if (status == VaultStatus.Ok)
        {
            policy = new PolicyStore(documents, folder, keyring, around, new State(document!, body!, seen, 0, "", default));
        }

        return status;
    }

    /// <inheritdoc/>
    public PolicyDocument Current
    {
        get
        {
            State inForce = _inForce;
            VaultStatus status = _documents.Store.Stat(_folder, VaultNames.Policy, out StoreStat stat);
            StoredVersion seen = status == VaultStatus.Ok ? StoredVersion.Of(stat) : default;
            return InEffect(seen == inForce.Seen && inForce.Newest == Newest ? inForce : Reload(seen));
        }
    }

    /// <inheritdoc/>
    public ulong Newest => Math.Max(_around.Recorded(), _inForce.Policy.Version);

    /// <summary>Version in force, without looking at the file.</summary>
    public ulong InForceVersion => _inForce.Policy.Version;

    /// <summary>The newest policy that was read, without looking at the file.</summary>
    public PolicyDocument InForce => _inForce.Policy;

    /// <summary>The newest policy when the file holds it; false with what is wrong with the file otherwise.</summary>
    public bool TryCurrent(out PolicyDocument policy, out string problem)
    {
        policy = Current;
        problem = _inForce.Problem;
        return problem.Length == 0;
    }

    private PolicyDocument InEffect(State inForce)
    {
        bool known = inForce.Policy.Version >= inForce.Newest && !inForce.Unreadable;
        bool bearable = inForce.BadSince is not { } since || _around.Clock.GetElapsedTime(since) < Bearable;
        return known && bearable ? inForce.Policy : inForce.Closed;
    }

    private State Reload(StoredVersion asked)
    {
        string problem;
        State next;
        lock (_reload)
        {
            State old = _inForce;
            ulong newest = Newest;
            if (asked == old.Seen && old.Newest == newest)
            {
                return old;
            }

            VaultStatus status = Load(_documents, _folder, out PolicyDocument? document, out byte[]? body, out StoredVersion seen, out problem);
            if (status is not (VaultStatus.Ok or VaultStatus.Corrupt))
            {
                return old with { Unreadable = true }; // the store failed, not the file: asked again next time
            }

            next = status == VaultStatus.Ok ? Judge(old, document!, body!, newest, ref problem) : old with { BadSince = old.BadSince ?? _around.Clock.GetTimestamp() };
            next = next with { Seen = seen, Newest = newest, Problem = problem };
            _inForce = next;
        }

        if (problem.Length > 0)
        {
            _around.Report(problem);
        }

        return next;
    }

    /// <summary>What is in force once an authentic policy was read.</summary>
    private State Judge(State old, PolicyDocument read, byte[] body, ulong newest, ref string problem)
    {
        if (read.Version < newest)
        {
            problem = $"holds version {read.Version}, older than version {newest} {(newest == old.Policy.Version ? "in force" : "of which the audit log tells")}: an old copy was put back";
        }
        else if (read.Version == old.Policy.Version && !body.AsSpan().SequenceEqual(old.Body))
        {
            problem = $"holds another version {read.Version} than the one in force: another copy was put there";
        }

        if (read.Version <= old.Policy.Version)
        {
            return old with { BadSince = null };
        }

        if (!_keyring.TryReach(read.KeyringVersion))
        {
            problem = $"needs version {read.KeyringVersion} of the keyring, and the keyring is older";
        }

        bool labels = _around.HasLabels(read.LabelsVersion);
        problem = labels ? problem : $"needs version {read.LabelsVersion} of the labels, and those are older";
        return new State(read, body, default, newest, "", null) { Unreadable = !labels };
    }

    private static VaultStatus Load(VaultDocuments documents, StoreHandle folder, out PolicyDocument? policy, out byte[]? body, out StoredVersion seen, out string problem)
    {
        policy = null;
        VaultStatus status = documents.Read(folder, VaultNames.Policy, DocumentKind.Policy, out ulong version, out body, out seen, out problem);
        if (status == VaultStatus.Ok && (!PolicyDocument.TryParse(body, out policy) || policy!.Version != version))
        {
            problem = PolicyDocument.IsOfLaterFormat(body) ? "was written by a later version of SecureVault, with words that this one does not know: use that version" : "is damaged: its content is not a policy";
            status = VaultStatus.Corrupt;
        }

        return status;
    }

    /// <param name="Policy">The newest that was read.</param>
    /// <param name="Body">Its serialized form: the same bytes in a touched or copied file are no news.</param>
    /// <param name="Seen">The file last looked at, good or bad.</param>
    /// <param name="Newest">The newest version known of when it was looked at.</param>
    /// <param name="Problem">What is wrong with that file, or empty.</param>
    /// <param name="BadSince">When the file was first found missing or damaged, as a timestamp of the clock; null while it is not.</param>
    private sealed record State(PolicyDocument Policy, byte[] Body, StoredVersion Seen, ulong Newest, string Problem, long? BadSince)
    {
        private readonly Lazy<PolicyDocument> _closed = new(Policy.Closed);

        /// <summary>The file could not be looked at just now, or what belongs to it is missing.</summary>
        public bool Unreadable { get; init; }

        public PolicyDocument Closed => _closed.Value;
    }
}
