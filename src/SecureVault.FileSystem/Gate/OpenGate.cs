using System;
using System.Runtime.CompilerServices;
using SecureVault.Content;
using SecureVault.FileSystem.Namespace;
using SecureVault.FileSystem.Stored;
using SecureVault.FileSystem.Trail;
using SecureVault.Format.V1;
using SecureVault.Policy;
using SecureVault.Policy.Audit;
using SecureVault.Policy.Decisions;
using SecureVault.Policy.Documents;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.FileSystem.Gate;

/// <summary>The one place that decides who may do what, and the only maker of OpenFile.</summary>
/// <remarks>Any thread. Denials are recorded always; what is allowed is recorded before it takes effect, or does not.</remarks>
internal sealed class OpenGate
{
    // Stands for the label of a key that the keyring does not know: no policy grants it.
    private static readonly Label UnknownKey = new("(unknown key)", "(unknown)", "");

    private readonly IPolicySource _policy;
    private readonly ILabelKeys _labels;
    private readonly CallerFacts _facts;
    private readonly AuditTrail _trail;
    private readonly LabelReader _stored;
    private readonly OpenFiles _files;
    private readonly TimeProvider _clock;
    private readonly DecisionCache _cache = new();

    /// <param name="policy">What is granted.</param>
    /// <param name="labels">Which label a key stands for.</param>
    /// <param name="callers">Who a caller is on this machine.</param>
    /// <param name="stored">Which key an object is stored under.</param>
    /// <param name="files">What the files given out have in common.</param>
    public OpenGate(IPolicySource policy, ILabelKeys labels, ICallerDirectory callers, LabelReader stored, OpenFiles files)
    {
        _policy = policy;
        _labels = labels;
        _facts = new CallerFacts(callers);
        _trail = files.Trail;
        _stored = stored;
        _files = files;
        _clock = files.Clock;
    }

    /// <summary>The policy in force now.</summary>
    public PolicyDocument Policy => _policy.Current;

    /// <summary>Label of a key; a key that is not known has a label that nobody is granted.</summary>
    public Label LabelOf(KeyId key) => key == default || key == _labels.Unlabelled ? Label.None : _labels.LabelOf(key) ?? UnknownKey;

    /// <summary>The key that a new object in a folder takes: the newest of the folder's label.</summary>
    public KeyId KeyForNew(KeyId folderKey)
    {
        Label label = LabelOf(folderKey);
        if (label.IsNone)
        {
            return _labels.Unlabelled;
        }

        KeyId newest = _labels.NewestOf(label);
        return newest == default ? folderKey : newest;
    }

    /// <summary>Why a labelled folder holds no pipe, socket or device.</summary>
    public const string Unseen = "what goes through it could be neither decided nor recorded, so a labelled folder holds none";

    /// <summary>Whether a folder with that key may hold such an object: what goes through pipes, sockets and devices never comes to the drive.</summary>
    public bool MayHold(NodeKind kind, KeyId folder) => kind is NodeKind.File or NodeKind.Directory or NodeKind.Symlink || LabelOf(folder).IsNone;

    /// <summary>Decides without recording anything.</summary>
    public Decision Decide(in Visit visit, KeyId key, AccessAction action) => Decide(visit, key, action, _facts.ProgramOf(visit.Policy, visit.Caller));

    /// <summary>Decides an open handle anew, for who opened it and the label that the file has now, and takes from it what is not allowed any more, on record.</summary>
    /// <returns>True when it lost something.</returns>
    public bool Reconsider(OpenFile file, PolicyDocument policy)
    {
        HandleOwner owner = file.Owner;
        if (_stored.Read(file.Object, policy.LabelEpoch, out KeyId key) != VaultStatus.Ok)
        {
            key = file.LastKey; // removed, or damaged since: what it was opened as decides
        }

        var visit = new Visit(owner.Caller, policy, AuditEvent.Open, file.Object, default, "");
        ProgramIdentity? program = policy.AsksForPrograms ? owner.Program ?? _facts.ProgramOf(policy, owner.Caller) : null;
        Decision read = file.MayRead ? Decide(visit, key, AccessAction.Read, program) : new Decision { Allowed = true };
        Decision write = file.MayWrite ? Decide(visit, key, AccessAction.Write, program) : new Decision { Allowed = true };
        if ((read.Allowed && write.Allowed) || !file.Lose(!read.Allowed, !write.Allowed))
        {
            return false;
        }

        Decision lost = read.Allowed ? write : read;
        string detail = $"revoked while open, after the drive had served {file.BytesRead} bytes to it (what came out of the system's cache is not counted): {ReasonText.Of(lost)}";
        _ = _trail.TryRecord(AuditEvent.Open, lost, owner.Caller, LabelOf(key), policy, visit.Path, detail);
        return true;
    }

    [SkipLocalsInit]
    private Decision Decide(in Visit visit, KeyId key, AccessAction action, ProgramIdentity? program)
    {
        PolicyDocument policy = visit.Policy;
        DateTimeOffset now = _clock.GetUtcNow();
        string session = _facts.SessionOf(policy, visit.Caller);
        string reason = _facts.ReasonOf(policy, visit.Caller);
        ReadOnlySpan<char> path = policy.AsksForPaths ? visit.Path.Spell(stackalloc char[ObjectPath.MaxLength]) : default;
        bool remembers = policy.TryPatternsOf(path, out ulong patterns);
        var asked = new DecisionKey(visit.Caller.Uid, visit.Caller.Gid, visit.Caller.Token, key, action, program, session, reason, patterns);
        if (remembers && _cache.TryGet(policy, now, asked, out Decision decision))
        {
            return decision;
        }

        decision = Explain(policy, new AccessRequest
        {
            Subject = _facts.SubjectOf(visit.Caller),
            Label = LabelOf(key),
            Action = action,
            At = _facts.At(now, program, session, reason),
            Path = path,
        });
        if (remembers)
        {
            _cache.Add(policy, now, asked, decision);
        }

        return decision;
    }

    /// <summary>The decision itself, also for a person who asks what it would be. The only caller of the policy.</summary>
    public static Decision Explain(PolicyDocument policy, in AccessRequest request) => PolicyDecision.Decide(policy, request);

    /// <summary>What holds for this machine now, whoever asks.</summary>
    public Circumstances Circumstances => _facts.Of(_clock.GetUtcNow());

    /// <summary>Decides on each key in turn; the first denial is recorded and answered. decision is that of the first key when all allow.</summary>
    public VaultStatus Check(in Visit visit, AccessAction action, ReadOnlySpan<KeyId> keys, out Decision decision)
    {
        decision = default;
        for (int i = keys.Length - 1; i >= 0; i--)
        {
            decision = Decide(visit, keys[i], action);
            if (!decision.Allowed)
            {
                string detail = visit.Detail.Length == 0 ? ReasonText.Of(decision) : $"{visit.Detail}: {ReasonText.Of(decision)}";
                _ = _trail.TryRecord(visit.Event, decision, visit.Caller, LabelOf(keys[i]), visit.Policy, visit.Path, detail);
                return VaultStatus.Denied;
            }
        }

        return VaultStatus.Ok;
    }

    /// <summary>Records that something is refused although every label by itself allows it.</summary>
    public VaultStatus Refuse(in Visit visit, in Decision decision, KeyId key, string reason)
    {
        _ = _trail.TryRecord(visit.Event, decision with { Allowed = false }, visit.Caller, LabelOf(key), visit.Policy, visit.Path, $"{visit.Detail}: {reason}");
        return VaultStatus.Denied;
    }

    /// <summary>Decides and records: after Ok the operation may take effect. InputOutput when the record cannot be written.</summary>
    /// <param name="keys">The object's own key first, then those of the folders and targets concerned.</param>
    public VaultStatus Authorize(in Visit visit, AccessAction action, ReadOnlySpan<KeyId> keys, out Decision decision)
    {
        VaultStatus status = Check(visit, action, keys, out decision);
        return status == VaultStatus.Ok ? Record(visit, action, keys, decision) : status;
    }

    /// <summary>As Authorize; what is done to unlabelled objects is not recorded (changes of attributes, listings).</summary>
    public VaultStatus AuthorizeQuietly(in Visit visit, AccessAction action, KeyId key)
    {
        VaultStatus status = Check(visit, action, [key], out Decision decision);
        return status == VaultStatus.Ok && !LabelOf(key).IsNone ? Record(visit, action, [key], decision) : status;
    }

    /// <summary>Opens a file: decides by its label, opens the content, decides again when that is another's, records, and only then gives it out.</summary>
    public VaultStatus Open(in Visit visit, OpenIntent intent, out OpenFile? file)
    {
        file = null;
        if (_files.Shares.TryTake(visit.Caller) is not { } share)
        {
            return VaultStatus.TooManyOpen;
        }

        VaultStatus status = Open(visit, intent, share, out file);
        if (status != VaultStatus.Ok)
        {
            _files.Shares.Return(share);
        }

        return status;
    }

    /// <summary>Counts the handle that a file yet to be made will be given out by; null when there are too many.</summary>
    public OpenShares.Share? TryTake(in Caller caller) => _files.Shares.TryTake(caller);

    public void Return(OpenShares.Share share) => _files.Shares.Return(share);

    private VaultStatus Open(in Visit visit, OpenIntent intent, OpenShares.Share share, out OpenFile? file)
    {
        file = null;
        bool writes = (intent & (OpenIntent.Write | OpenIntent.Append | OpenIntent.Truncate)) != 0;
        AccessAction action = writes ? AccessAction.Write : AccessAction.Read;
        var opened = new OpenedFile(stackalloc byte[FileLayout.HeaderSize]);
        VaultStatus status = _stored.Read(visit.Node, visit.Policy.LabelEpoch, ref opened, out KeyId key);
        Decision decision = default;
        FileContent? content = null;
        status = status == VaultStatus.Ok ? Check(visit, action, [key], out decision) : status;
        if (status == VaultStatus.Ok && writes && (intent & OpenIntent.Read) != 0 && visit.Policy.HasRules)
        {
            status = Check(visit, AccessAction.Read, [key], out _); // a rule may forbid reading alone
        }

        status = status == VaultStatus.Ok ? _files.Contents.Acquire(visit.Node, writes, ref opened, out content) : status;
        opened.Dispose();
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        status = content!.KeyId == key ? VaultStatus.Ok : Agree(visit, action, content, out key, out decision);
        status = status == VaultStatus.Ok ? Record(visit, action, [key], decision) : status;
        if (status != VaultStatus.Ok)
        {
            _files.Contents.Return(visit.Node);
            return status;
        }

        file = new OpenFile(visit.Node, content, intent, _files, share, OwnerOf(visit.Caller, visit.Policy), visit.Policy.IsStrict(LabelOf(key)));
        LookWherePassed(file, visit.Policy);
        return VaultStatus.Ok;
    }

    /// <summary>Gives out a file that was made just now; its creation was authorized.</summary>
    public OpenFile Open(in Caller caller, PolicyDocument policy, Node made, FileContent content, OpenIntent intent, OpenShares.Share share)
    {
        var file = new OpenFile(made, content, intent, _files, share, OwnerOf(caller, policy), policy.IsStrict(LabelOf(content.KeyId)));
        LookWherePassed(file, policy);
        return file;
    }

    // A sweep sets its policy before it takes the handles: so either it finds this one, or it is seen here.
    private void LookWherePassed(OpenFile file, PolicyDocument decidedBy)
    {
        if (_files.Revocation.Passed(decidedBy))
        {
            _files.Revocation.Look(file);
        }
    }

    private HandleOwner OwnerOf(in Caller caller, PolicyDocument policy) => new(caller, _facts.ProgramOf(policy, caller));

    // What was remembered of the label and what the content was opened with differ: the header says which is true. A
    // content that was open while its file was given another label is told of it.
    private VaultStatus Agree(in Visit visit, AccessAction action, FileContent content, out KeyId key, out Decision decision)
    {
        decision = default;
        VaultStatus status = _stored.ReadAgain(visit.Node, visit.Policy.LabelEpoch, out key);
        status = status == VaultStatus.Ok ? Check(visit, action, [key], out decision) : status;
        return status == VaultStatus.Ok && content.KeyId != key ? content.RefreshKeyId() : status;
    }

    /// <summary>Whether the department wants it recorded. What rules notify of, or let through only because the department observes, always is.</summary>
    private static bool IsKept(in Decision decision, AccessAction action) => decision.Notify || decision.Observed || decision.Audit switch
    {
        AuditExtent.Denials => false,
        AuditExtent.Changes => action is not (AccessAction.Read or AccessAction.List),
        _ => true,
    };

    private static string DetailOf(in Visit visit, in Decision decision) => decision.Observed
        ? $"{visit.Detail}{(visit.Detail.Length > 0 ? "; " : "")}only observed, would be refused: {ReasonText.Of(decision)}"
        : visit.Detail;

    /// <summary>Records what was allowed. Where the log then tells of a newer policy than the one that decided, that one decides once more.</summary>
    private VaultStatus Record(in Visit visit, AccessAction action, ReadOnlySpan<KeyId> keys, in Decision decision)
    {
        if (IsKept(decision, action) && !_trail.TryRecord(visit.Event, decision, visit.Caller, LabelOf(keys[0]), visit.Policy, visit.Path, DetailOf(visit, decision)))
        {
            return VaultStatus.InputOutput;
        }

        return _policy.Newest <= visit.Policy.Version
            ? VaultStatus.Ok
            : Check(new Visit(visit.Caller, _policy.Current, visit.Event, visit.Node, visit.Name, visit.Detail), action, keys, out _);
    }
}
