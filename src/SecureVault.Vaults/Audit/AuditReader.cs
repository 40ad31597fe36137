using System;
using System.Collections.Generic;
using SecureVault.Format.V1;
using SecureVault.Policy.Audit;
using SecureVault.Terms;

namespace SecureVault.Vaults.Audit;

/// <summary>One record with its number in the log.</summary>
public sealed record AuditEntry(ulong Sequence, AuditRecord Record);

/// <summary>What a check of the whole log found.</summary>
/// <param name="Records">Good records read.</param>
/// <param name="Checkpoints">Good checkpoints read, each signed.</param>
/// <param name="FirstBroken">Sequence of the first record that is not as it was written; 0 = none.</param>
/// <param name="Problem">Why; empty when none.</param>
public sealed record AuditCheck(ulong Records, ulong Checkpoints, ulong FirstBroken, string Problem);

/// <summary>Reads and checks the audit log of an unlocked vault, while others append to it too.</summary>
public sealed class AuditReader
{
    private readonly AuditLog _log;
    private readonly TrustedState _anchor;

    /// <param name="anchor">What this machine remembers of the vault.</param>
    internal AuditReader(AuditLog log, TrustedState anchor)
    {
        _log = log;
        _anchor = anchor;
    }

    /// <summary>The matching records in order. Ends before the first broken one: Verify names it.</summary>
    public IEnumerable<AuditEntry> Read(AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (_log.Snapshot(out _, out long length, out _) != VaultStatus.Ok)
        {
            yield break;
        }

        using var cursor = new AuditCursor(_log.Place, default, length);
        while (TryNextRecord(cursor, out AuditRecord? record))
        {
            if (record is not null && query.Matches(record))
            {
                yield return new AuditEntry(cursor.Sequence, record);
            }
        }
    }

    /// <summary>The matching records in order, each handed on as it is read, and whether what was read is as it was written.</summary>
    /// <param name="last">Only the last so many of them, and what is before the first of these is neither read nor checked; 0 = all.</param>
    public AuditCheck Show(AuditQuery query, int last, Action<AuditEntry> each)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(each);
        VaultStatus status = _log.Snapshot(out AuditHead head, out long length, out string problem);
        if (status != VaultStatus.Ok)
        {
            return NoHead(problem);
        }

        AuditHead from = default;
        if (last == 0 || TryFindLast(query, last, head, length, out from))
        {
            return Walk(from, head, length, query, each);
        }

        // Something is broken between the end and there: what is before it is read from the beginning.
        var kept = new Queue<AuditEntry>();
        AuditCheck check = Walk(default, head, length, query, entry =>
        {
            kept.Enqueue(entry);
            _ = kept.Count > last ? kept.Dequeue() : null;
        });
        foreach (AuditEntry entry in kept)
        {
            each(entry);
        }

        return check;
    }

    /// <summary>Checks every frame, the head, and what this machine remembers.</summary>
    public AuditCheck Verify()
    {
        VaultStatus status = _log.Snapshot(out AuditHead head, out long length, out string problem);
        return status == VaultStatus.Ok ? Walk(default, head, length, null, null) : NoHead(problem);
    }

    private static AuditCheck NoHead(string problem) => new(0, 0, 1, $"audit/head {problem}: nothing says where the log ends");

    private AuditCheck Walk(in AuditHead from, in AuditHead head, long length, AuditQuery? query, Action<AuditEntry>? each)
    {
        ulong records = 0;
        ulong checkpoints = 0;
        using var cursor = new AuditCursor(_log.Place, from, length);
        while (cursor.TryNext(out AuditFrameKind kind, out ReadOnlySpan<byte> body))
        {
            AuditRecord? record = null;
            bool readable = kind == AuditFrameKind.Checkpoint || AuditRecord.TryParse(body, out record);
            records += kind == AuditFrameKind.Record ? 1u : 0u;
            checkpoints += kind == AuditFrameKind.Checkpoint ? 1u : 0u;
            string wrong = readable ? AgainstMemory(cursor, head) : "it is sealed but is no audit record that this version knows";
            if (wrong.Length > 0)
            {
                return new AuditCheck(records, checkpoints, cursor.Sequence, wrong);
            }

            if (record is not null && query?.Matches(record) == true)
            {
                each!(new AuditEntry(cursor.Sequence, record));
            }
        }

        return Ending(cursor, head, records, checkpoints);
    }

    /// <summary>Where the log stood before the last so many matching records. False when that cannot be told from its end.</summary>
    private bool TryFindLast(AuditQuery query, int last, in AuditHead head, long length, out AuditHead from)
    {
        from = head;
        if (head.LogLength > length)
        {
            return false;
        }

        using (var after = new AuditCursor(_log.Place, head, length))
        {
            while (after.TryNext(out _, out _))
            {
                // Frames of a process that died between the log and the head.
            }

            from = after.ToHead(head);
        }

        using var backward = new AuditBackward(_log.Place, from);
        while (last > 0 && backward.TryPrevious(out AuditFrameKind kind, out ReadOnlySpan<byte> body))
        {
            if (kind == AuditFrameKind.Record && AuditRecord.TryParse(body, out AuditRecord? record) && query.Matches(record!))
            {
                last--;
            }
        }

        from = backward.Before;
        return last == 0 || from.Sequence == 0;
    }

    private string AgainstMemory(AuditCursor cursor, in AuditHead head)
    {
        if (cursor.Sequence == head.Sequence && !AuditChain.Equal(cursor.Chain, head.Chain))
        {
            return "it is not the record that audit/head speaks of: the log was replaced by another";
        }

        return cursor.Sequence == _anchor.AuditSequence && AuditChain.Spell(cursor.Chain) != _anchor.AuditChain
            ? "it is not the record that this machine has seen: the log was replaced by another"
            : "";
    }

    private AuditCheck Ending(AuditCursor cursor, in AuditHead head, ulong records, ulong checkpoints)
    {
        ulong next = cursor.Sequence + 1;
        if (cursor.StoreStatus != VaultStatus.Ok)
        {
            return new AuditCheck(records, checkpoints, next, $"audit/log cannot be read: {cursor.StoreStatus}");
        }

        if (cursor.Sequence < head.Sequence)
        {
            string why = cursor.AtEnd
                ? $"the log ends here: records {next} to {head.Sequence} were cut off"
                : "its bytes were changed, or a record before it was removed, added or moved";
            return new AuditCheck(records, checkpoints, next, why);
        }

        if (cursor.Sequence < _anchor.AuditSequence)
        {
            return new AuditCheck(records, checkpoints, next, $"the log and its head end here, and this machine has seen record {_anchor.AuditSequence}: records were cut off or an old copy was put back");
        }

        // What follows the head and is no frame is what a process that died left of one: the next append cuts it.
        return new AuditCheck(records, checkpoints, 0, "");
    }

    private static bool TryNextRecord(AuditCursor cursor, out AuditRecord? record)
    {
        record = null;
        if (!cursor.TryNext(out AuditFrameKind kind, out ReadOnlySpan<byte> body))
        {
            return false;
        }

        record = kind == AuditFrameKind.Record && AuditRecord.TryParse(body, out AuditRecord? parsed) ? parsed : null;
        return true;
    }
}
