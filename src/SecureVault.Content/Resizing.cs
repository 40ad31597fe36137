using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Grows and shrinks a file. A growth is a record and a stored size; a shrink is durable in the record before bytes are cut.</summary>
/// <remarks>Under the file's exclusive lock.</remarks>
internal static class Resizing
{
    internal static VaultStatus SetSize(FileBody body, long newSize)
    {
        if (!body.CanWrite || newSize == body.Size)
        {
            return body.CanWrite ? VaultStatus.Ok : VaultStatus.ReadOnly;
        }

        if (newSize == 0 && !HasXattrs(body))
        {
            return Renewal.Run(body);
        }

        VaultStatus status = body.BeginChange(resizes: true);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        return newSize > body.Size ? Grow(body, newSize) : Shrink(body, newSize);
    }

    private static VaultStatus Grow(FileBody body, long newSize)
    {
        long oldSize = body.Size;
        bool tailRecorded = (body.Recorded.DataBlocks << body.Shift) > body.Recorded.Size;
        VaultStatus status = BlockWriter.FillTail(body, newSize);
        long filled = body.Size;
        if (status == VaultStatus.Ok)
        {
            body.Size = newSize;
            status = body.FitStoredSize();
        }

        if (status != VaultStatus.Ok)
        {
            body.Size = filled;
            _ = filled != oldSize ? body.FitStoredSize() : VaultStatus.Ok;
            return status;
        }

        // The record may say the new size at once unless it vouches for a short last block that only the journal has longer.
        if (tailRecorded)
        {
            body.NeedsRecord = true;
            return VaultStatus.Ok;
        }

        FileState next = body.Recorded;
        next.Size = newSize;
        status = body.WriteRecord(next);
        body.NeedsRecord |= status != VaultStatus.Ok;
        return VaultStatus.Ok;
    }

    private static VaultStatus Shrink(FileBody body, long newSize)
    {
        long blocks = FileLayout.BlockCount(newSize, body.Shift);
        long tail = newSize >> body.Shift;
        bool shortens = false;
        VaultStatus status = blocks > tail ? body.Maps.IsData(tail, out shortens) : VaultStatus.Ok;
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        if (!shortens && blocks >= body.Recorded.DataBlocks && newSize >= body.Recorded.Size)
        {
            return Cut(body, newSize, blocks);
        }

        // Stopped between the record and the cut, recovery finds the old blocks in place: they have to be the newest.
        if (!body.IsAllRecorded)
        {
            status = Checkpoint.Full(body, dataDurable: false, makeDurable: true);
        }

        if (status == VaultStatus.Ok && shortens)
        {
            status = ShortenTail(body, tail, (int)(newSize - (tail << body.Shift)));
        }

        if (status == VaultStatus.Ok)
        {
            status = RecordCut(body, newSize, blocks);
        }

        return status == VaultStatus.Ok ? Cut(body, newSize, blocks) : status;
    }

    /// <summary>The block that the file will end in goes to the journal, shorter, and is durable there.</summary>
    private static VaultStatus ShortenTail(FileBody body, long tail, int length)
    {
        int size = JournalFormat.EntryOverhead + length + FileLayout.BlockOverhead;
        byte[] plain = body.Context.Buffers.Rent(body.BlockSize);
        byte[] entry = body.Context.Buffers.Rent(size);
        VaultStatus status = BlockReader.ReadBlock(body, tail, plain, out int old);
        if (status == VaultStatus.Ok)
        {
            JournalFormat.WriteEntryHead(entry.AsSpan(0, JournalFormat.EntryOverhead), tail, length + FileLayout.BlockOverhead);
            body.Codec.SealBlock(tail, plain.AsSpan(0, length), entry.AsSpan(JournalFormat.EntryOverhead, length + FileLayout.BlockOverhead));
            status = body.Journal.Append(entry.AsSpan(0, size), tail, size);
        }

        if (status == VaultStatus.Ok)
        {
            status = body.Journal.Sync();
        }

        body.Context.Buffers.ReturnPlain(plain, old);
        body.Context.Buffers.Return(entry);
        return status;
    }

    private static VaultStatus RecordCut(FileBody body, long newSize, long blocks)
    {
        FileState next = body.Recorded;
        next.Size = newSize;
        next.DataBlocks = long.Min(next.DataBlocks, blocks);
        Span<byte> holes = next.Holes;
        HoleBits.Set(holes, (int)long.Min(next.DataBlocks, FileLayout.InlineBlocks), FileLayout.InlineBlocks, value: false);
        VaultStatus status = body.WriteRecord(next);
        return status == VaultStatus.Ok ? body.SyncFile(dataOnly: true) : status;
    }

    private static VaultStatus Cut(FileBody body, long newSize, long blocks)
    {
        body.Size = newSize;
        body.DataBlocks = long.Min(body.DataBlocks, blocks);
        body.Maps.Trim();
        body.Tail.Forget();
        body.Journal.Forget(blocks, long.MaxValue);
        body.CutSinceDrop = true;
        if (newSize == 0)
        {
            body.NeedsRecord = false;
            _ = body.Journal.Drop();
        }

        return body.FitStoredSize();
    }

    /// <summary>Attributes are sealed under the file's key: with any, the key stays. Names that cannot be listed count as some.</summary>
    private static bool HasXattrs(FileBody body)
    {
        Span<byte> names = stackalloc byte[1024];
        VaultStatus status = body.Store.ListXattr(body.File, names, out int length);
        return status switch
        {
            VaultStatus.Ok => names[..length].IndexOf(XattrCodec.StoredPrefix) >= 0,
            VaultStatus.NotSupported => false,
            _ => true,
        };
    }
}
