using System;
using System.Buffers;
using System.Security.Cryptography;
using System.Threading;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Audit;

/// <summary>Appends to the audit log; several processes may, each frame under the log's lock.</summary>
/// <remarks>
/// Any thread. One append: flock, stat, one write of the frame at the head's length, one write of the head, unlock; nothing is
/// allocated in steady state (but 200 bytes for the signature of a checkpoint). Written means handed to the kernel: TrySync makes it durable. AUDIT.md, "The log on disk".
/// </remarks>
public sealed class AuditLog : IAuditSink, IDisposable
{
    private const int CheckpointEvery = 256;
    private static readonly TimeSpan CheckpointAge = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _clock;

    /// <summary>Order of appends within the process; protects _tail and _lastCheckpoint. Taken before the log's flock.</summary>
    private readonly Lock _order = new();
    private readonly AuditTail _tail;
    private long _lastCheckpoint;

    internal AuditLog(AuditTail tail, TimeProvider clock)
    {
        _tail = tail;
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
                return _tail.Head;
            }
        }
    }

    /// <summary>The newest policy version that the log tells of, as this process knows it. Takes no lock.</summary>
    internal ulong NewestPolicy => _tail.NewestPolicy;

    /// <summary>How many records at the end the head speaks of and the log has not; the next record tells of them.</summary>
    internal ulong Lost
    {
        get
        {
            lock (_order)
            {
                return _tail.Lost;
            }
        }
    }

    /// <summary>What is read and written; borrowed.</summary>
    internal AuditPlace Place => _tail.Place;

    /// <summary>Why the last TryRecord answered false; empty when it did not.</summary>
    public string Problem
    {
        get
        {
            lock (_order)
            {
                return _tail.Problem;
            }
        }
    }

    /// <summary>Appends a record. False when it could not be written whole; then the log is as it was.</summary>
    public bool TryRecord(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return TryRecord(record.ToFacts());
    }

    /// <inheritdoc cref="TryRecord(AuditRecord)"/>
    public bool TryRecord(in AuditFacts facts)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(AuditTail.MaxFrame);
        int length = AuditTail.WriteBody(rented, facts);
        Span<byte> frame = rented.AsSpan(0, length < 0 ? AuditTail.MaxFrame : length + AuditFormat.FrameOverhead);
        bool written = length > 0 && Append(frame, facts.PolicyVersion);
        CryptographicOperations.ZeroMemory(frame); // the body is open until it was sealed
        ArrayPool<byte>.Shared.Return(rented);
        return written;
    }

    /// <summary>Writes a signed checkpoint when records were added since the last one. False when it could not be written.</summary>
    internal bool TryCheckpoint()
    {
        lock (_order)
        {
            if (!_tail.TryEnter())
            {
                return false;
            }

            bool done = _tail.SinceCheckpoint == 0 || Checkpoint();
            _tail.Leave();
            return done;
        }
    }

    /// <summary>Tells of a loss, when there was one, and makes that durable: then the log no longer needs the power cut explained.</summary>
    internal bool TrySettle()
    {
        lock (_order)
        {
            if (_tail.HasLoss)
            {
                if (!_tail.TryEnter())
                {
                    return false;
                }

                bool told = _tail.TellLoss();
                _tail.Leave();
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

    /// <summary>A version of the given labels is stored; writes the head now, and a checkpoint.</summary>
    internal bool TryNoteLabels(ulong version)
    {
        lock (_order)
        {
            if (!_tail.TryEnter())
            {
                return false;
            }

            bool written = _tail.Head.LabelsVersion >= version || _tail.WriteLabels(version);
            _tail.Leave();
            return written;
        }
    }

    /// <summary>Head and stored length of one moment. problem stands after the name audit/head.</summary>
    internal VaultStatus Snapshot(out AuditHead head, out long length, out string problem)
    {
        head = default;
        length = 0;
        problem = "cannot be read: audit/log cannot be locked";
        lock (_order)
        {
            VaultStatus status = Place.Store.Lock(Place.Log, true);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            status = Place.ReadHead(out head, out problem);
            if (status == VaultStatus.Ok)
            {
                status = Place.Store.Stat(Place.Log, out StoreStat stat);
                length = stat.Size;
            }

            _tail.Leave();
            return status;
        }
    }

    /// <summary>Makes the log and then its head durable; synced is where it stood then. False when the store failed.</summary>
    internal bool TrySync(out AuditHead synced)
    {
        bool needed;
        lock (_order)
        {
            synced = _tail.Head;
            needed = _tail.Unsynced;
            _tail.Unsynced = false;
        }

        if (!needed || (Place.Store.Sync(Place.Log, true) == VaultStatus.Ok && Place.Store.Sync(Place.Head, true) == VaultStatus.Ok))
        {
            return true;
        }

        lock (_order)
        {
            _tail.Unsynced = true;
        }

        return false;
    }

    public void Dispose()
    {
        TrySync(out _);
        lock (_order)
        {
            _tail.Dispose();
        }
    }

    private bool Append(Span<byte> frame, ulong policyVersion)
    {
        lock (_order)
        {
            if (!_tail.TryEnter())
            {
                return false;
            }

            bool written = _tail.WriteRecord(frame, policyVersion);
            if (written && (_tail.SinceCheckpoint >= CheckpointEvery || _clock.GetElapsedTime(_lastCheckpoint) >= CheckpointAge))
            {
                Checkpoint(); // one that fails comes with the next record
            }

            _tail.Leave();
            return written;
        }
    }

    private bool Checkpoint()
    {
        bool written = _tail.WriteCheckpoint();
        if (written)
        {
            _lastCheckpoint = _clock.GetTimestamp();
        }

        return written;
    }

    private bool Note(ulong policyVersion, ulong session)
    {
        lock (_order)
        {
            if (!_tail.TryEnter())
            {
                return false;
            }

            bool written = _tail.WriteHead(policyVersion, session);
            _tail.Leave();
            return written;
        }
    }
}
