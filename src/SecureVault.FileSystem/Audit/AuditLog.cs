using System;
using System.Buffers;
using System.Security.Cryptography;
using System.Threading;
using SecureVault.Crypto;
using SecureVault.FileSystem.Gate;
using SecureVault.FileSystem.Storage;
using SecureVault.FileSystem.Vaults;
using SecureVault.Format.V1;
using SecureVault.Policy;

namespace SecureVault.FileSystem.Audit;

/// <summary>Appends to the audit log; several processes may, each frame under the log's lock.</summary>
/// <remarks>
/// Any thread. One append: flock, stat, one write of the frame at the head's length, one write of the head, unlock; nothing is
/// allocated in steady state. Written means handed to the kernel: TrySync makes it durable. AUDIT.md, "The log on disk".
/// </remarks>
public sealed class AuditLog : IAuditSink, IDisposable
{
    private const int CheckpointEvery = 256;
    private static readonly TimeSpan CheckpointAge = TimeSpan.FromMinutes(1);
    private readonly AuditPlace _place;
    private readonly SigningKey _signer;
    private readonly TimeProvider _clock;

    /// <summary>Order of appends within the process; protects every field below. Taken before the log's flock.</summary>
    private readonly Lock _order = new();
    private readonly ulong _inode;
    private readonly byte[] _frame = new byte[AuditRecord.MaxSize + AuditFormat.FrameOverhead];
    private AuditHead _head;
    private AuditLoss _loss;
    private bool _unsynced;
    private bool _disposed;
    private ulong _sinceCheckpoint;
    private long _lastCheckpoint;
    private readonly string _broken;
    private string _problem = "";

    /// <param name="broken">Why nothing may be appended: what was found wrong at opening; else empty.</param>
    internal AuditLog(AuditPlace place, ulong inode, in AuditHead head, AuditLoss loss, string broken, SigningKey signer, TimeProvider clock)
    {
        _broken = broken;
        _place = place;
        _inode = inode;
        _head = head;
        _loss = loss;
        _signer = signer;
        _clock = clock;
        _lastCheckpoint = clock.GetTimestamp();
    }

    /// <summary>Where the log stands, as this process knows it.</summary>
    internal AuditHead Head
    {
        get
        {
            lock (_order)
            {
                return _head;
            }
        }
    }

    /// <summary>What is read and written; borrowed.</summary>
    internal AuditPlace Place => _place;

    /// <summary>Why the last TryRecord answered false; empty when none did.</summary>
    public string Problem
    {
        get
        {
            lock (_order)
            {
                return _problem;
            }
        }
    }

    /// <summary>Appends a record. False when it could not be written whole; then the log is as it was.</summary>
    public bool TryRecord(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        byte[] body = ArrayPool<byte>.Shared.Rent(AuditRecord.MaxSize);
        int length = record.Write(body.AsSpan(0, AuditRecord.MaxSize));
        bool written = length > 0 && UnderLock(body.AsSpan(0, length), record.PolicyVersion);
        CryptographicOperations.ZeroMemory(body.AsSpan(0, Math.Max(length, 0)));
        ArrayPool<byte>.Shared.Return(body);
        return written;
    }

    /// <summary>Writes a signed checkpoint when records were added since the last one. False when it could not be written.</summary>
    internal bool TryCheckpoint() => UnderLock(default, 0);

    /// <summary>Tells of a loss, when there was one, and makes that durable: then the log no longer needs the power cut explained.</summary>
    internal bool TrySettle()
    {
        lock (_order)
        {
            if (_loss.Records > 0)
            {
                bool told = TryEnter() && TellLoss();
                _place.Store.Unlock(_place.Log);
                if (!told)
                {
                    return false;
                }
            }
        }

        return TrySync(out _);
    }

    /// <summary>From the next frame on heads carry this session; writes the head now.</summary>
    internal bool TryNoteSession(ulong session) => Note(0, session);

    /// <summary>A policy version has come into force; writes the head now.</summary>
    internal bool TryNotePolicy(ulong version) => Note(version, 0);

    /// <summary>Head and stored length of one moment. problem stands after the name audit/head.</summary>
    internal VaultStatus Snapshot(out AuditHead head, out long length, out string problem)
    {
        head = default;
        length = 0;
        problem = "cannot be read: audit/log cannot be locked";
        lock (_order)
        {
            VaultStatus status = _place.Store.Lock(_place.Log, true);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            status = _place.ReadHead(out head, out problem);
            if (status == VaultStatus.Ok)
            {
                status = _place.Store.Stat(_place.Log, out StoreStat stat);
                length = stat.Size;
            }

            _place.Store.Unlock(_place.Log);
            return status;
        }
    }

    /// <summary>Makes the log and then its head durable; synced is where it stood then. False when the store failed.</summary>
    internal bool TrySync(out AuditHead synced)
    {
        bool needed;
        lock (_order)
        {
            synced = _head;
            needed = _unsynced;
            _unsynced = false;
        }

        if (!needed || (_place.Store.Sync(_place.Log, true) == VaultStatus.Ok && _place.Store.Sync(_place.Head, true) == VaultStatus.Ok))
        {
            return true;
        }

        lock (_order)
        {
            _unsynced = true;
        }

        return false;
    }

    public void Dispose()
    {
        TrySync(out _);
        lock (_order)
        {
            _disposed = true;
            _place.Dispose();
        }
    }

    /// <summary>Appends a record, or a checkpoint when body is empty.</summary>
    private bool UnderLock(ReadOnlySpan<byte> body, ulong policyVersion)
    {
        lock (_order)
        {
            if (!TryEnter())
            {
                return false;
            }

            bool done = body.IsEmpty
                ? _sinceCheckpoint == 0 || WriteCheckpoint()
                : TellLoss() && WriteRecord(body, policyVersion);
            if (done && !body.IsEmpty && (_sinceCheckpoint >= CheckpointEvery || _clock.GetElapsedTime(_lastCheckpoint) >= CheckpointAge))
            {
                WriteCheckpoint(); // one that fails comes with the next record
            }

            _place.Store.Unlock(_place.Log);
            return done;
        }
    }

    private bool Note(ulong policyVersion, ulong session)
    {
        lock (_order)
        {
            if (!TryEnter())
            {
                return false;
            }

            AuditHead head = _head;
            head.PolicyVersion = Math.Max(head.PolicyVersion, policyVersion);
            head.Session = Math.Max(head.Session, session);
            bool written = _place.WriteHead(head) == VaultStatus.Ok;
            if (written)
            {
                _head = head;
                _unsynced = true;
            }

            _place.Store.Unlock(_place.Log);
            return written || Fail("audit/head could not be written");
        }
    }

    /// <summary>Takes the log's lock and reads what other processes appended. On true the lock is held.</summary>
    private bool TryEnter()
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

        _place.Store.Unlock(_place.Log);
        return false;
    }

    private bool CatchUp()
    {
        if (_place.Store.Stat(_place.Folder, VaultNames.AuditLog, out StoreStat stat) != VaultStatus.Ok || stat.Inode != _inode)
        {
            return Fail("audit/log was removed or replaced while in use");
        }

        if (stat.Size == _head.LogLength)
        {
            return true;
        }

        if (stat.Size < _head.LogLength)
        {
            return Fail($"audit/log was cut while in use: record {_head.Sequence} is gone");
        }

        return ReadOn(stat.Size);
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
        using var cursor = new AuditCursor(_place, _head, length);
        while (cursor.TryNext(out AuditFrameKind kind, out _))
        {
            _sinceCheckpoint = kind == AuditFrameKind.Checkpoint ? 0 : _sinceCheckpoint + 1;
        }

        if (cursor.StoreStatus != VaultStatus.Ok)
        {
            return Fail("audit/log could not be read");
        }

        if (cursor.Sequence < others.Sequence && _loss.Records == 0)
        {
            return Fail($"audit/log is damaged from record {cursor.Sequence + 1} on");
        }

        if (!cursor.AtEnd && _place.Store.SetSize(_place.Log, cursor.Position) != VaultStatus.Ok)
        {
            return Fail("audit/log could not be cut back");
        }

        _loss = cursor.Sequence > _head.Sequence ? default : _loss; // whoever appended has told it
        _head = cursor.ToHead(others);
        return true;
    }

    private bool WriteRecord(ReadOnlySpan<byte> body, ulong policyVersion)
    {
        int size = body.Length + AuditFormat.FrameOverhead;
        AuditHead next = _head;
        next.Sequence++;
        next.PolicyVersion = Math.Max(next.PolicyVersion, policyVersion);
        AuditFormat.WriteRecord(_frame.AsSpan(0, size), next.Sequence, body, _place.Keys.Audit, _place.Keys.VaultId, ref next.Chain);
        if (!Append(size, ref next))
        {
            return false;
        }

        _sinceCheckpoint++;
        return true;
    }

    private bool WriteCheckpoint()
    {
        AuditHead next = _head;
        next.Sequence++;
        int size = AuditFormat.WriteCheckpoint(_frame, next.Sequence, _signer, _place.Keys.Audit, _place.Keys.VaultId, ref next.Chain);
        if (!Append(size, ref next))
        {
            return false;
        }

        _sinceCheckpoint = 0;
        _lastCheckpoint = _clock.GetTimestamp();
        return true;
    }

    private bool Append(int size, ref AuditHead next)
    {
        next.LogLength += size;
        VaultStatus status = _place.Store.WriteAt(_place.Log, _frame.AsSpan(0, size), _head.LogLength, out _);
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
        _unsynced = true;
        return true;
    }

    /// <summary>Before the first record after a power cut: says in the log how many records the machine took with it.</summary>
    private bool TellLoss()
    {
        if (_loss.Records == 0)
        {
            return true;
        }

        ulong last = _head.Sequence + _loss.Records;
        AuditRecord record = ThisProcess.Record(_clock, AuditEvent.IntegrityFailure, "", "", _head.PolicyVersion,
            $"the machine stopped before the last {_loss.Records} audit records (up to {last}) reached the disk");
        byte[] body = new byte[AuditRecord.MaxSize];
        int length = record.Write(body);
        if (length < 0 || !WriteRecord(body.AsSpan(0, length), _head.PolicyVersion))
        {
            return false;
        }

        _loss = default;
        return true;
    }

    private bool Fail(string problem)
    {
        _problem = problem;
        return false;
    }
}

/// <summary>Records that a power cut took: known from a head that reached the disk before they did.</summary>
internal readonly record struct AuditLoss(ulong Records);
