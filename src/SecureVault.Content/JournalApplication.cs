using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Copies the journal's sealed blocks to their places in the file. The journal is durable by now, so a stop in the middle costs nothing.</summary>
/// <remarks>
/// The journal is read in the order it was written, a stretch that fits a buffer at a time; of each stretch, blocks that lie side by side in
/// the file are written at once. So blocks written here and there cost one call each, and blocks written one after the other hardly any.
/// </remarks>
internal static class JournalApplication
{
    internal static VaultStatus Run(FileBody body)
    {
        BufferPool buffers = body.Context.Buffers;
        byte[] stretch = buffers.Rent(buffers.LargeSize);
        byte[] side = buffers.Rent(buffers.LargeSize);
        VaultStatus status = CopyAll(body, stretch, side);
        buffers.Return(side);
        buffers.Return(stretch);
        body.FileDirty = true;
        return status;
    }

    private static VaultStatus CopyAll(FileBody body, byte[] stretch, byte[] side)
    {
        long[] keys = [.. body.Journal.Entries.Keys];
        long[] offsets = Array.ConvertAll(keys, key => body.Journal.Entries[key].Offset);
        Array.Sort(offsets, keys);
        VaultStatus status = VaultStatus.Ok;
        for (int first = 0, count; status == VaultStatus.Ok && first < keys.Length; first += count)
        {
            count = StretchLength(body, keys.AsSpan(first), offsets[first], out int length);
            long start = offsets[first];
            status = body.Journal.Read(new JournalEntry(start, length), stretch, out int read);
            status = status == VaultStatus.Ok && read < length ? VaultStatus.Corrupt : status;
            if (status == VaultStatus.Ok)
            {
                Array.Sort(keys, first, count);
                status = CopyStretch(body, keys.AsSpan(first, count), stretch, start, side);
            }
        }

        return status;
    }

    /// <summary>How many of the first keys, in the journal's order, a buffer holds with all that lies between them, and how many bytes that is.</summary>
    private static int StretchLength(FileBody body, ReadOnlySpan<long> keys, long start, out int length)
    {
        length = 0;
        int count = 0;
        while (count < keys.Length)
        {
            JournalEntry entry = body.Journal.Entries[keys[count]];
            long end = entry.Offset + entry.Length - start;
            if (end > body.Context.Buffers.LargeSize)
            {
                break;
            }

            length = (int)end;
            count++;
        }

        return count;
    }

    private static VaultStatus CopyStretch(FileBody body, ReadOnlySpan<long> keys, ReadOnlySpan<byte> stretch, long start, Span<byte> side)
    {
        VaultStatus status = VaultStatus.Ok;
        while (status == VaultStatus.Ok && !keys.IsEmpty)
        {
            int count = RunLength(body, keys);
            int filled = 0;
            foreach (long key in keys[..count])
            {
                JournalEntry entry = body.Journal.Entries[key];
                stretch.Slice((int)(entry.Offset - start), entry.Length).CopyTo(side[filled..]);
                filled += entry.Length;
            }

            long place = keys[0] < 0 ? FileLayout.MapOffset(-keys[0], body.Shift) : body.BlockOffset(keys[0]);
            status = body.Store.WriteAt(body.File, side[..filled], place, out _);
            keys = keys[count..];
        }

        return status;
    }

    /// <summary>How many of the first keys lie side by side in the file; maps go one by one.</summary>
    private static int RunLength(FileBody body, ReadOnlySpan<long> keys)
    {
        long limit = keys[0] < 0 ? 1 : long.Min(keys.Length, FileLayout.ContiguousBlocks(keys[0], body.Shift));
        int count = 1;
        while (count < limit && keys[count] == keys[0] + count)
        {
            count++;
        }

        return count;
    }
}
