using System;
using SecureVault.Format;
using SecureVault.Format.V1;
using SecureVault.Storage;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>
/// Finds out what a file is whose record says Open: the record, then what the journal has, then the blocks past the record's that are
/// authentic. The result is the state the file had in memory; a checkpoint makes it the record's.
/// </summary>
internal static class Recovery
{
    /// <summary>Sets the body's state. Corrupt when maps that the record vouches for are not authentic.</summary>
    internal static VaultStatus Run(FileBody body)
    {
        VaultStatus status = body.Store.Stat(body.File, out StoreStat stat);
        if (status == VaultStatus.Ok)
        {
            status = ReadJournal(body);
        }

        if (status == VaultStatus.Ok)
        {
            status = ForgetHoles(body);
        }

        if (status == VaultStatus.Ok)
        {
            status = Extend(body, stat.Size);
        }

        body.NeedsRecord = true;
        bool fits = stat.Size == FileLayout.CipherSize(body.Size, body.Shift);
        return status == VaultStatus.Ok && body.CanWrite && !fits ? body.FitStoredSize() : status;
    }

    private static VaultStatus ReadJournal(FileBody body)
    {
        VaultStatus status = body.Journal.OpenLeft();
        if (status == VaultStatus.NotFound)
        {
            return VaultStatus.Ok;
        }

        if (status != VaultStatus.Ok)
        {
            return status;
        }

        Span<byte> header = stackalloc byte[JournalFormat.HeaderSize];
        status = body.Store.ReadAt(body.Journal.File!, header, 0, out int read);
        if (status != VaultStatus.Ok)
        {
            return status;
        }

        bool mine = read == header.Length && JournalFormat.TryReadHeader(header, body.Codec.Identity.Id, body.Recorded.Session) == FormatStatus.Ok;
        if (!mine)
        {
            return body.Journal.Rewrite();
        }

        return ReadEntries(body);
    }

    /// <summary>Entries one after the other until one is cut or not authentic.</summary>
    private static VaultStatus ReadEntries(FileBody body)
    {
        int entrySize = JournalFormat.EntryOverhead + body.SealedSize;
        byte[] buffer = body.Context.Buffers.Rent(entrySize);
        byte[] plain = body.Context.Buffers.Rent(body.BlockSize);
        long offset = JournalFormat.HeaderSize;
        VaultStatus status;
        while (true)
        {
            status = body.Store.ReadAt(body.Journal.File!, buffer.AsSpan(0, entrySize), offset, out int read);
            if (status != VaultStatus.Ok || !TryTake(body, buffer.AsSpan(0, read), offset, plain, out int taken))
            {
                break;
            }

            offset += taken;
        }

        body.Context.Buffers.ReturnPlain(plain, body.BlockSize);
        body.Context.Buffers.Return(buffer);
        return status;
    }

    private static bool TryTake(FileBody body, ReadOnlySpan<byte> bytes, long offset, byte[] plain, out int taken)
    {
        taken = 0;
        if (!JournalFormat.TryReadEntryHead(bytes, body.Shift, out long key, out int length) || bytes.Length < JournalFormat.EntryOverhead + length)
        {
            return false;
        }

        ReadOnlySpan<byte> cipher = bytes.Slice(JournalFormat.EntryOverhead, length);
        bool authentic = key < 0
            ? length == body.SealedSize && body.Codec.TryOpenMap(-key, cipher, plain.AsSpan(0, body.BlockSize))
            : body.Codec.TryOpenBlock(key, cipher, plain.AsSpan(0, length - FileLayout.BlockOverhead));
        if (!authentic)
        {
            return false;
        }

        taken = JournalFormat.EntryOverhead + length;
        body.Journal.Restore(key, new JournalEntry(offset + JournalFormat.EntryOverhead, length), IsOfRecord(body, key, length));
        return true;
    }

    /// <summary>
    /// True for what may replace a block or map that the record vouches for. A block shorter than the record wants belongs to a
    /// shrink whose record was not reached; a longer one is a last block that the file grew past.
    /// </summary>
    private static bool IsOfRecord(FileBody body, long key, int length)
    {
        if (key < 0)
        {
            return FileLayout.FirstBlock(-key, body.Shift) < body.Recorded.DataBlocks;
        }

        return key < body.Recorded.DataBlocks && length >= body.PlainLength(key, body.Recorded.Size) + FileLayout.BlockOverhead;
    }

    /// <summary>Entries of blocks that are holes by now are void.</summary>
    private static VaultStatus ForgetHoles(FileBody body)
    {
        long[] keys = [.. body.Journal.Entries.Keys];
        foreach (long key in keys)
        {
            if (key < 0)
            {
                continue;
            }

            VaultStatus status = body.Maps.IsData(key, out bool data);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            if (!data)
            {
                body.Journal.Forget(key, key + 1);
            }
        }

        return VaultStatus.Ok;
    }

    private static VaultStatus Extend(FileBody body, long storedSize)
    {
        long last = body.Recorded.DataBlocks - 1;
        bool full = true;
        if (last >= 0)
        {
            VaultStatus status = body.Maps.IsData(last, out bool data);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            if (data && body.Journal.Find(last, out JournalEntry entry))
            {
                body.Size = long.Max(body.Size, (last << body.Shift) + entry.Length - FileLayout.BlockOverhead);
            }

            full = !data || body.Size >= body.Recorded.DataBlocks << body.Shift;
        }

        return full ? TailScan.Run(body, storedSize) : VaultStatus.Ok;
    }
}
