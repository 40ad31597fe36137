using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>
/// Writes plaintext: runs of blocks, in place where no record vouches for the old content, to the journal where one does.
/// </summary>
/// <remarks>Under the file's exclusive lock. Allocates nothing in steady state.</remarks>
internal static class BlockWriter
{
    /// <summary>Writes plain at plainOffset (the end is at most MaxPlainSize), growing the file; written says how much of it is in the file.</summary>
    internal static VaultStatus Write(FileBody body, long plainOffset, ReadOnlySpan<byte> plain, out int written)
    {
        written = 0;
        if (plain.IsEmpty)
        {
            return VaultStatus.Ok;
        }

        bool grows = plainOffset + plain.Length > body.Size;
        VaultStatus status = body.BeginChange(resizes: grows);
        status = status == VaultStatus.Ok ? ReachFar(body, plainOffset, plainOffset + plain.Length) : status;
        if (status == VaultStatus.Ok && plainOffset > body.Size)
        {
            status = FillTail(body, plainOffset);
        }

        bool journaled = true;
        while (status == VaultStatus.Ok && written < plain.Length)
        {
            status = WriteRun(body, plainOffset + written, plain[written..], out int part, out journaled);
            written += part;
        }

        if (grows && (journaled || status != VaultStatus.Ok))
        {
            VaultStatus fitted = body.FitStoredSize();
            status = status == VaultStatus.Ok ? fitted : status;
        }

        if (status == VaultStatus.Ok && (body.Journal.IsFull || body.Maps.Pages.IsCrowded))
        {
            // What was written is in the file whatever this says; the next checkpoint says it again.
            _ = Checkpoint.Full(body, dataDurable: false, makeDurable: false);
        }

        return status;
    }

    // Groups of holes in between cost a map each: a store that takes no file of that size says so before they are written.
    private static VaultStatus ReachFar(FileBody body, long plainOffset, long end)
    {
        long groups = FileLayout.GroupOf(plainOffset >> body.Shift, body.Shift) - FileLayout.GroupOf(body.DataBlocks, body.Shift);
        return groups > 0 && end > body.Size ? body.Store.SetSize(body.File, FileLayout.CipherSize(end, body.Shift)) : VaultStatus.Ok;
    }

    /// <summary>Before the file grows by other means than writing to its partial last block: that block becomes as long as it will have to be.</summary>
    /// <param name="newSize">The size to come; Size becomes what the rewritten block reaches of it. The stored size is the caller's to fit.</param>
    internal static VaultStatus FillTail(FileBody body, long newSize)
    {
        long tail = body.Size >> body.Shift;
        long tailStart = tail << body.Shift;
        long target = long.Min(newSize, tailStart + body.BlockSize);
        if (body.Size == tailStart || target <= body.Size)
        {
            return VaultStatus.Ok;
        }

        VaultStatus status = body.Maps.IsData(tail, out bool data);
        if (status != VaultStatus.Ok || !data)
        {
            return status;
        }

        // One zero at the block's new end: what lies between is filled with zeros too.
        ReadOnlySpan<byte> zero = [0];
        return WriteRun(body, target - 1, zero, out _, out _);
    }

    /// <summary>Writes the first blocks of plain that go to the same place side by side.</summary>
    private static VaultStatus WriteRun(FileBody body, long plainOffset, ReadOnlySpan<byte> plain, out int part, out bool journaled)
    {
        part = 0;
        long block = plainOffset >> body.Shift;
        long end = plainOffset + plain.Length;
        VaultStatus status = body.Maps.RecordedRun(block, ((end - 1) >> body.Shift) + 1, out journaled, out long run);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        run = long.Min(run, FileLayout.ContiguousBlocks(block, body.Shift));
        long whole = !journaled && plainOffset == block << body.Shift ? long.Min(run, plain.Length >> body.Shift) : 0;
        int count = (int)(SharedRun.Pays(whole << body.Shift) ? long.Min(whole, SharedStoring.Most >> body.Shift) : long.Min(run, body.Context.Buffers.RunBlocks));
        int covered = (int)(long.Min(end, (block + count) << body.Shift) - plainOffset);
        var blocks = new BlockRun(body, block, count, plainOffset, plain[..covered], long.Max(body.Size, end));
        return blocks.Write(journaled, out part);
    }
}
