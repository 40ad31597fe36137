using System;
using System.Linq;
using System.Threading;
using SecureVault.Content;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults;

/// <summary>One mount of a vault: session number, crashed sessions, the open content context. End or Dispose = clean end.</summary>
/// <remarks>Any thread; disposed once, after the last file was committed.</remarks>
public sealed class VaultSession : IVaultSession
{
    private static readonly TimeSpan Beat = TimeSpan.FromMinutes(1);
    private readonly Vault _vault;
    private readonly MountLock _lock;
    private readonly IDisposable _live;
    private readonly string _mountPoint;
    private readonly SessionsDocument _sessions;
    private readonly ulong _version;
    private readonly StoreHandle _journal;
    private readonly ITimer _timer;

    /// <summary>Keeps the beat and the end apart; protects _ended. Outermost.</summary>
    private readonly Lock _ending = new();
    private bool _ended;
    private volatile bool _abandoned;

    private VaultSession(Vault vault, MountLock held, IDisposable live, string mountPoint, SessionsDocument sessions, ulong version, StoreHandle journal, StoreHandle root)
    {
        _vault = vault;
        _lock = held;
        _live = live;
        _mountPoint = mountPoint;
        _sessions = sessions;
        _version = version;
        _journal = journal;
        RootDirectory = root;
        Content = new ContentContext(vault.Store, vault.Config.Suite, vault.Config.BlockShift, vault.Keys.Header, vault.Keyring, sessions.Session, new CrashedSessions(sessions.Crashed), journal, vault.Parts.Clock);
        _timer = vault.Parts.Clock.CreateTimer(_ => KeepUp(), null, Beat, Beat);
    }

    /// <summary>Number of this mount, 1 for a vault's first.</summary>
    public ulong Number => _sessions.Session;

    /// <summary>The session before did not end.</summary>
    public bool FollowsCrash => _sessions.Crashed.Contains(Number - 1);

    /// <summary>When the session began that did not end, by the store's clock; the beginning of time when it is not known or more than one was lost.</summary>
    private FileTime LostSince { get; init; }

    /// <summary>Whether what was changed at a time of the store may have lost something when the session before stopped. With ten minutes' slack: clocks of shares differ.</summary>
    internal bool MayHaveLost(FileTime changed) => changed.Seconds >= LostSince.Seconds - 600;

    /// <summary>What the files of this mount share.</summary>
    public ContentContext Content { get; }

    /// <summary>The folder root/, borrowed.</summary>
    public StoreHandle RootDirectory { get; }

    /// <summary>Tries what the file system under the vault can do; not Ok when that is too little for a drive.</summary>
    public VaultResult CheckStore(out StoreAbilities? abilities) => StoreCheck.Run(_vault.Store, _vault.FolderHandle, _vault.Folder, out abilities);

    internal static VaultResult Begin(Vault vault, string mountPoint, bool takeOver, out VaultSession? session)
    {
        session = null;
        VaultParts parts = vault.Parts;
        VaultResult result = MountLock.Take(parts, mountPoint, takeOver, out MountLock? held);
        if (!result.IsOk)
        {
            return result;
        }

        IDisposable? live = parts.Anchor.TryHold(parts.Id);
        result = live is null ? VaultMessages.LiveElsewhere(parts) : Begin(vault, held!, live, mountPoint, out session);
        if (!result.IsOk)
        {
            live?.Dispose();
            held!.Dispose();
        }

        return result;
    }

    private static VaultResult Begin(Vault vault, MountLock held, IDisposable live, string mountPoint, out VaultSession? session)
    {
        session = null;
        VaultParts parts = vault.Parts;
        VaultResult result = OpenFolders(parts, out StoreHandle? journal, out StoreHandle? root);
        if (result.IsOk)
        {
            FileTime begun = parts.Store.Stat(parts.Folder!, VaultNames.Sessions, out StoreStat written) == VaultStatus.Ok ? written.Modified : default; // written once a session, at its begin
            result = Start(parts, mountPoint, held.From, out SessionsDocument? sessions, out ulong version);
            if (result.IsOk && !held.IsMine())
            {
                result = VaultMessages.Failed($"{parts.Path} was taken by another machine at the same moment. See with securevault status there, and try again.");
            }
            else if (result.IsOk)
            {
                session = new VaultSession(vault, held, live, mountPoint, sessions!, version, journal!, root!) { LostSince = sessions!.Session > 2 && sessions.Crashed.Contains(sessions.Session - 2) ? default : begun };
                session.SweepJournals();
                if (session.FollowsCrash)
                {
                    TemporarySweep.Run(vault.Store, root!);
                }

                vault.TellAnchor();
                return result;
            }
        }

        journal?.Dispose();
        root?.Dispose();
        return result;
    }

    /// <summary>Called once, with a sentence, when another has taken the vault over: nothing can be written any more, and the drive must end.</summary>
    public void OnLost(Action<string> lost) => _lock.OnLost(lost);

    /// <summary>Says that not everything could be made clean: the session will count as crashed, so that the next mount recovers its files.</summary>
    public void Abandon() => _abandoned = true;

    /// <inheritdoc/>
    public void Follow(Func<string> place) => _lock.Follow(place);

    public void Dispose() => _ = End();

    /// <inheritdoc/>
    public VaultResult End()
    {
        lock (_ending)
        {
            if (_ended)
            {
                return VaultResult.Ok;
            }

            _ended = true;
        }

        _timer.Dispose();
        VaultResult result = Settle(_vault.Parts);
        _vault.TellAnchor();
        RootDirectory.Dispose();
        _journal.Dispose();
        _lock.Dispose();
        _live.Dispose();
        return result;
    }

    private VaultResult Settle(VaultParts parts)
    {
        string detail = $"{_mountPoint}, session {Number}{(_abandoned ? ", with files left to recover" : "")}";
        bool recorded = parts.Audit.TryRecord(parts.Told(AuditEvent.Unmount, "", "", detail));
        recorded &= parts.Audit.TryCheckpoint();
        recorded &= parts.Audit.TrySync(out _);

        // The files' clean records come after the last sync of the store: all of them before the word that the session ended.
        VaultStatus status = parts.Store.SyncAll(parts.Folder!);
        if (!_abandoned && status == VaultStatus.Ok)
        {
            status = VaultSessions.Write(parts, _sessions.End(), _version + 1);
        }

        return status != VaultStatus.Ok ? VaultMessages.Unsaved(parts.Path, status)
            : recorded ? VaultResult.Ok
            : VaultMessages.Failed($"{parts.Path}: all files are saved, but the last records of the audit log are not{VaultMessages.Because(parts.Audit.Problem)}.");
    }

    private static VaultResult OpenFolders(VaultParts parts, out StoreHandle? journal, out StoreHandle? root)
    {
        root = null;
        VaultStatus status = parts.OpenWorkFolder(VaultNames.Journal, out journal);
        if (status != VaultStatus.Ok)
        {
            return Missing(parts, "journal", status);
        }

        status = parts.Store.OpenDirectory(parts.Folder!, VaultNames.Root, out root);
        return status == VaultStatus.Ok ? VaultResult.Ok : Missing(parts, "root", status);
    }

    private static VaultResult Missing(VaultParts parts, string folder, VaultStatus status) => status == VaultStatus.NotFound
        ? VaultMessages.Damaged($"{parts.Path}/{folder}", "is missing")
        : VaultMessages.Store($"{parts.Path}/{folder}", "Opening", status);

    /// <summary>Counts the session on (durably) and records the mount.</summary>
    private static VaultResult Start(VaultParts parts, string mountPoint, string from, out SessionsDocument? sessions, out ulong version)
    {
        VaultStatus status = VaultSessions.Read(parts, out sessions, out version, out string problem);
        if (status != VaultStatus.Ok)
        {
            return status == VaultStatus.Corrupt ? VaultMessages.Damaged($"{parts.Path}/sessions", problem) : VaultMessages.Store($"{parts.Path}/sessions", "Reading", status);
        }

        if (!parts.Audit.TrySettle())
        {
            return Unrecorded(parts);
        }

        bool crashed = sessions!.Running;
        sessions = sessions.Begin(parts.BootId);
        status = VaultSessions.Write(parts, sessions, ++version);
        if (status != VaultStatus.Ok)
        {
            return VaultMessages.Store($"{parts.Path}/sessions", "Writing", status);
        }

        string detail = $"{mountPoint}, session {sessions.Session}" + (crashed ? ", after a session that did not end cleanly" : "") + from;
        bool recorded = parts.Audit.TryRecord(parts.Told(AuditEvent.Mount, "", "", detail))
            && parts.Audit.TryNoteSession(sessions.Session);
        if (recorded)
        {
            return VaultResult.Ok;
        }

        VaultSessions.Write(parts, sessions.End(), version + 1);
        return Unrecorded(parts);
    }

    private static VaultResult Unrecorded(VaultParts parts) =>
        VaultMessages.Failed($"{parts.Path} was not mounted: the mount could not be recorded ({parts.Audit.Problem}).");

    /// <summary>Journals of sessions that ended cleanly were applied before they ended.</summary>
    private void SweepJournals()
    {
        var journals = new EntryList();
        _vault.Store.List(_journal, 0, journals);
        foreach (StoredEntry journal in journals.Entries)
        {
            if (JournalFormat.TryParseFileName(journal.Name, out _, out ulong session) && session != Number && !Content.CrashedSessions.Contains(session))
            {
                _vault.Store.Unlink(_journal, journal.Name);
            }
        }
    }

    /// <summary>Each minute: a checkpoint when something was recorded, all of it durable, and remembered outside the vault.</summary>
    private void KeepUp()
    {
        lock (_ending)
        {
            if (!_ended)
            {
                _vault.AuditLog.TryCheckpoint();
                _vault.TellAnchor();
            }
        }
    }
}
