using System;
using System.Runtime.InteropServices;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Vaults.Audit;

/// <summary>Finds where a log stands and checks, without reading all of it, that it is the one its head speaks of.</summary>
internal static class AuditOpening
{
    /// <summary>A log may not end further than this before what its head says, in stored bytes, for a power cut to explain it.</summary>
    private const long MaxTornTail = 2L * (AuditFormat.MaxBody + AuditFormat.FrameOverhead);

    /// <summary>What was found. Problem empty = sound; File says which file it is about.</summary>
    public readonly record struct Finding(string File, string Problem);

    /// <summary>Opens the log for appending. The place is taken when log is not null.</summary>
    /// <param name="powerCut">The last session did not end and the machine was started since: the head may have reached the disk before the log.</param>
    /// <param name="tolerant">Give a log that only reads, also when something is wrong.</param>
    public static VaultStatus Open(AuditPlace place, SigningKey signer, TimeProvider clock, bool powerCut, bool tolerant, out AuditLog? log, out Finding finding)
    {
        log = null;
        finding = new Finding("audit/log", "cannot be locked");
        VaultStatus status = place.Store.Lock(place.Log, true);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        try
        {
            status = Look(place, powerCut, out AuditHead head, out AuditLoss loss, out ulong inode, out finding);
            if (status == VaultStatus.Ok || (status == VaultStatus.Corrupt && tolerant))
            {
                string broken = status == VaultStatus.Ok ? "" : $"{finding.File} {finding.Problem}";
                log = new AuditLog(new AuditTail(place, inode, head, loss, broken, signer, clock), clock);
            }

            return status;
        }
        finally
        {
            place.Store.Unlock(place.Log);
        }
    }

    private static VaultStatus Look(AuditPlace place, bool powerCut, out AuditHead head, out AuditLoss loss, out ulong inode, out Finding finding)
    {
        loss = default;
        inode = 0;
        VaultStatus status = place.ReadHead(out head, out string problem);
        finding = new Finding("audit/head", problem);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        finding = new Finding("audit/log", "cannot be read");
        status = place.Store.Stat(place.Log, out StoreStat stat);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        inode = stat.Inode;
        status = CheckEnds(place, head, stat.Size, out problem);
        if (status == VaultStatus.Corrupt && powerCut && TryAcceptLoss(place, ref head, stat.Size, out loss))
        {
            status = VaultStatus.Ok;
            problem = "";
        }

        finding = new Finding("audit/log", status == VaultStatus.Corrupt ? $"{problem}; the first broken record is {FirstBroken(place, stat.Size)}" : problem);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        using var cursor = new AuditCursor(place, head, stat.Size);
        while (cursor.TryNext(out _, out _))
        {
            // Frames of a process that died between the log and the head.
        }

        head = cursor.ToHead(head);
        return cursor.StoreStatus;
    }

    private static ulong FirstBroken(AuditPlace place, long size)
    {
        using var cursor = new AuditCursor(place, default, size);
        while (cursor.TryNext(out _, out _))
        {
            // Up to the first that is not as it was written.
        }

        return cursor.Sequence + 1;
    }

    /// <summary>The first frame must open and the last must end in the head's chain value.</summary>
    private static VaultStatus CheckEnds(AuditPlace place, in AuditHead head, long size, out string problem)
    {
        problem = "";
        if (size < head.LogLength)
        {
            problem = size == 0 ? $"is empty: {head.Sequence} records are missing" : $"is cut: it ends before record {head.Sequence}";
            return VaultStatus.Corrupt;
        }

        if (head.Sequence == 0)
        {
            return VaultStatus.Ok;
        }

        using (var first = new AuditCursor(place, default, size))
        {
            if (!first.TryNext(out _, out _))
            {
                problem = "is damaged: record 1 is not authentic";
                return first.StoreStatus == VaultStatus.Ok ? VaultStatus.Corrupt : first.StoreStatus;
            }
        }

        ChainValue last = default;
        VaultStatus status = place.Store.ReadAt(place.Log, MemoryMarshal.AsBytes(new Span<ChainValue>(ref last)), head.LogLength - 32, out int read);
        if (status == VaultStatus.Ok && (read != 32 || !AuditChain.Equal(last, head.Chain)))
        {
            problem = $"is damaged: record {head.Sequence} is not the last one recorded";
            return VaultStatus.Corrupt;
        }

        return status;
    }

    /// <summary>After a power cut: the whole log is read, and its good part taken, when what is bad is only its end.</summary>
    private static bool TryAcceptLoss(AuditPlace place, ref AuditHead head, long size, out AuditLoss loss)
    {
        loss = default;
        using var cursor = new AuditCursor(place, default, size);
        while (cursor.TryNext(out _, out _))
        {
            // Up to the first frame that did not reach the disk.
        }

        if (cursor.StoreStatus != VaultStatus.Ok || cursor.Sequence == 0 || cursor.Sequence >= head.Sequence || size - cursor.Position > MaxTornTail)
        {
            return false;
        }

        loss = new AuditLoss(head.Sequence - cursor.Sequence);
        head = cursor.ToHead(head);
        return true;
    }
}
