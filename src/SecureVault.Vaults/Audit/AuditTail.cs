using System;
using System.Threading;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Vaults.Documents;

namespace SecureVault.Vaults.Audit;

/// <summary>The end of the log, where frames are added: position, chain, and what other processes added since.</summary>
/// <remarks>One thread at a time (AuditLog's order). Between TryEnter and Leave the log's flock is held. Owns the place.</remarks>
internal sealed class AuditTail : IDisposable
{
    /// <summary>Length that every record's frame fits in.</summary>
    public const int MaxFrame = AuditRecord.MaxSize + AuditFormat.FrameOverhead;
    private readonly AuditPlace _place;
    private readonly ulong _inode;
    private readonly string _broken;
    private readonly SigningKey _signer;
    private readonly TimeProvider _clock;
    private readonly byte[] _checkpoint = new byte[AuditFormat.CheckpointSize];
    private AuditHead _head;
    private AuditLoss _loss;
    private bool _disposed;

    /// <param name="broken">Why nothing may be appended: what was found wrong at opening; else empty.</param>
    public AuditTail(AuditPlace place, ulong inode, in AuditHead head, AuditLoss loss, string broken, SigningKey signer, TimeProvider clock)
    {
        _place = place;
        _inode = inode;
        _head = head;
        _loss = loss;
        _broken = broken;
        _signer = signer;
        _clock = clock;
    }

    public AuditPlace Place => _place;

    /// <summary>Where the log stands, as this process knows it.</summary>
    public ref readonly AuditHead Head => ref _head;

    /// <summary>Policy version of the head. Any thread.</summary>
    public ulong NewestPolicy => Volatile.Read(ref _head.PolicyVersion);

    /// <summary>Records added since the last checkpoint, by any process that this one has seen.</summary>
    public ulong SinceCheckpoint { get; private set; }

    /// <summary>Something may not be durable: written since this was last set false, by this process or another.</summary>
    public bool Unsynced { get; set; } = true;

    /// <summary>A power cut took records, and the log does not say so yet.</summary>
    public bool HasLoss => _loss.Records > 0;

    /// <summary>How many.</summary>
    public ulong Lost => _loss.Records;

    /// <summary>Why the last call answered false; empty again once something was appended.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Takes the log's lock and reads what other processes appended. On true the caller owes a Leave.</summary>
    public bool TryEnter()
    {
        if (_disposed || !_place.Writable || _broken.Length > 0)
        {
            return Fail(_broken.Length > 0 ? _broken : "the vault is on a read-only file system");
        }

        if (_place.Store.Lock(_place.Log, true) != VaultStatus.Ok)
        {
            return Fail("audit/log could not be locked");
        }

        if (CatchUp())
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => _place.Store.Unlock(_place.Log);

    /// <summary>Writes a record's body where its frame, of MaxFrame bytes or more, has it; returns the body's length, or -1.</summary>
    public static int WriteBody(Span<byte> frame, in AuditFacts facts) => facts.Write(frame.Slice(AuditFormat.BodyOffset, AuditRecord.MaxSize));

    /// <summary>Adds a record whose body lies in the frame; before the first one after a power cut, what the machine took with it.</summary>
    public bool WriteRecord(Span<byte> frame, ulong policyVersion) => TellLoss() && WriteFrame(frame, policyVersion);

    /// <summary>Adds a signed checkpoint.</summary>
    public bool WriteCheckpoint() => WriteCheckpoint(_head);

    /// <summary>Raises the version of the given labels that the head binds, with a checkpoint: by a longer log other processes learn that the head says something new.</summary>
    public bool WriteLabels(ulong version)
    {
        AuditHead next = _head;
        next.LabelsVersion = Math.Max(next.LabelsVersion, version);
        return WriteCheckpoint(next);
    }

    /// <summary>Raises what the head binds; both only ever grow.</summary>
    public bool WriteHead(ulong policyVersion, ulong session)
    {
        AuditHead head = _head;
        head.PolicyVersion = Math.Max(head.PolicyVersion, policyVersion);
        head.Session = Math.Max(head.Session, session);
        if (_place.WriteHead(head) != VaultStatus.Ok)
        {
            return Fail("audit/head could not be written");
        }

        _head = head;
        Unsynced = true;
        return true;
    }

    /// <summary>Says in the log how many records a power cut took, when one did and it was not said yet.</summary>
    public bool TellLoss()
    {
        if (!HasLoss)
        {
            return true;
        }

        ulong last = _head.Sequence + _loss.Records;
        AuditRecord record = ThisProcess.Record(_clock, AuditEvent.IntegrityFailure, "", "", _head.PolicyVersion,
            $"the machine stopped before the last {_loss.Records} audit records (up to {last}) reached the disk", null);
        byte[] frame = new byte[MaxFrame];
        int length = WriteBody(frame, record.ToFacts());
        if (length < 0 || !WriteFrame(frame.AsSpan(0, length + AuditFormat.FrameOverhead), _head.PolicyVersion))
        {
            return false;
        }

        _loss = default;
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        _place.Dispose();
    }

    private bool CatchUp()
    {
        if (_place.Store.Identify(_place.Folder, VaultNames.AuditLog, out StoreIdentity log) != VaultStatus.Ok || log.Inode != _inode)
        {
            return Fail("audit/log was removed or replaced while in use");
        }

        if (log.Size == _head.LogLength)
        {
            return true;
        }

        return log.Size > _head.LogLength ? ReadOn(log.Size) : Fail($"audit/log was cut while in use: record {_head.Sequence} is gone");
    }

    /// <summary>Takes over the frames of other processes; cuts what a process that died left of a frame.</summary>
    private bool ReadOn(long length)
    {
        if (_place.ReadHead(out AuditHead others, out _) != VaultStatus.Ok)
        {
            return Fail("audit/head is damaged");
        }

        others.PolicyVersion = Math.Max(others.PolicyVersion, _head.PolicyVersion);
        others.Session = Math.Max(others.Session, _head.Session);
        others.LabelsVersion = Math.Max(others.LabelsVersion, _head.LabelsVersion);
        using var cursor = new AuditCursor(_place, _head, length);
        while (cursor.TryNext(out AuditFrameKind kind, out _))
        {
            SinceCheckpoint = kind == AuditFrameKind.Checkpoint ? 0 : SinceCheckpoint + 1;
        }

        if (cursor.StoreStatus != VaultStatus.Ok)
        {
            return Fail("audit/log could not be read");
        }

        if (cursor.Sequence < others.Sequence && !HasLoss)
        {
            return Fail($"audit/log is damaged from record {cursor.Sequence + 1} on");
        }

        if (!cursor.AtEnd && _place.Store.SetSize(_place.Log, cursor.Position) != VaultStatus.Ok)
        {
            return Fail("audit/log could not be cut back");
        }

        _loss = cursor.Sequence > _head.Sequence ? default : _loss; // whoever appended has told it
        _head = cursor.ToHead(others);
        Unsynced = true;
        return true;
    }

    private bool WriteFrame(Span<byte> frame, ulong policyVersion)
    {
        AuditHead next = _head;
        next.Sequence++;
        next.PolicyVersion = Math.Max(next.PolicyVersion, policyVersion);
        AuditFormat.SealRecord(frame, next.Sequence, _place.Keys.Audit, _place.Keys.VaultId, ref next.Chain);
        if (!Append(frame, ref next))
        {
            return false;
        }

        SinceCheckpoint++;
        return true;
    }

    private bool WriteCheckpoint(AuditHead next)
    {
        next.Sequence++;
        int size = AuditFormat.WriteCheckpoint(_checkpoint, next.Sequence, _signer, _place.Keys.Audit, _place.Keys.VaultId, ref next.Chain);
        if (!Append(_checkpoint.AsSpan(0, size), ref next))
        {
            return false;
        }

        SinceCheckpoint = 0;
        return true;
    }

    /// <summary>The frame, then the head; what failed is taken back.</summary>
    private bool Append(ReadOnlySpan<byte> frame, ref AuditHead next)
    {
        next.LogLength += frame.Length;
        VaultStatus status = _place.Store.WriteAt(_place.Log, frame, _head.LogLength, out _);
        if (status == VaultStatus.Ok)
        {
            status = _place.WriteHead(next);
        }

        if (status != VaultStatus.Ok)
        {
            _place.Store.SetSize(_place.Log, _head.LogLength);
            return Fail($"audit/log could not be written: {status}");
        }

        _head = next;
        Unsynced = true;
        Problem = "";
        return true;
    }

    private bool Fail(string problem)
    {
        Problem = problem;
        return false;
    }
}

/// <summary>Records that a power cut took: known from a head that reached the disk before they did.</summary>
internal readonly record struct AuditLoss(ulong Records);
