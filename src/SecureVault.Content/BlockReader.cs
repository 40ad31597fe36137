using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Reads plaintext: holes are zeros, blocks side by side come by one read of the store, whole blocks open straight into the caller's bytes.</summary>
/// <remarks>Under the file's shared lock, several at once. Allocates nothing in steady state.</remarks>
internal static class BlockReader
{
    /// <summary>Fills plain from plainOffset; the range lies within the file.</summary>
    /// <returns>Corrupt when any block of the range is not authentic.</returns>
    internal static VaultStatus Read(FileBody body, long plainOffset, Span<byte> plain)
    {
        while (!plain.IsEmpty)
        {
            long block = plainOffset >> body.Shift;
            long limit = ((plainOffset + plain.Length - 1) >> body.Shift) + 1;
            VaultStatus status = body.Maps.Run(block, limit, out bool hole, out long count);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            if (!hole)
            {
                count = StretchInPlace(body, block, count);
            }

            int bytes = (int)long.Min(plain.Length, ((block + long.Max(count, 1)) << body.Shift) - plainOffset);
            if (hole)
            {
                plain[..bytes].Clear();
            }
            else
            {
                status = count == 0 ? ReadJournaled(body, block, plainOffset, plain[..bytes]) : ReadInPlace(body, block, (int)count, plainOffset, plain[..bytes]);
                if (status != VaultStatus.Ok)
                {
                    return status;
                }
            }

            plainOffset += bytes;
            plain = plain[bytes..];
        }

        return VaultStatus.Ok;
    }

    /// <summary>One whole data block: plain has room for BlockSize bytes; length is what the file has of it.</summary>
    internal static VaultStatus ReadBlock(FileBody body, long block, Span<byte> plain, out int length)
    {
        length = body.PlainLength(block, body.Size);
        return Read(body, block << body.Shift, plain[..length]);
    }

    /// <summary>How many of the data blocks from block are read in place with one request; 0 when the journal has the first.</summary>
    private static long StretchInPlace(FileBody body, long block, long count)
    {
        count = long.Min(long.Min(count, body.Context.Buffers.RunBlocks), FileLayout.ContiguousBlocks(block, body.Shift));
        if (body.Journal.HasEntries)
        {
            for (long index = 0; index < count; index++)
            {
                if (body.Journal.Find(block + index, out _))
                {
                    return index;
                }
            }
        }

        return count;
    }

    private static VaultStatus ReadInPlace(FileBody body, long block, int count, long plainOffset, Span<byte> plain)
    {
        int lastLength = body.PlainLength(block + count - 1, body.Size) + FileLayout.BlockOverhead;
        int wanted = ((count - 1) * body.SealedSize) + lastLength;
        byte[] buffer = body.Context.Buffers.Rent(wanted);
        VaultStatus status = body.Store.ReadAt(body.File, buffer.AsSpan(0, wanted), body.BlockOffset(block), out int read);
        for (int index = 0; index < count && status == VaultStatus.Ok; index++)
        {
            int start = index * body.SealedSize;
            int length = index == count - 1 ? lastLength : body.SealedSize;
            status = start + length <= read
                ? OpenPart(body, block + index, buffer.AsSpan(start, length), ref plainOffset, ref plain)
                : VaultStatus.Corrupt;
        }

        body.Context.Buffers.Return(buffer);
        return status;
    }

    private static VaultStatus ReadJournaled(FileBody body, long block, long plainOffset, Span<byte> plain)
    {
        _ = body.Journal.Find(block, out JournalEntry entry);
        byte[] buffer = body.Context.Buffers.Rent(entry.Length);
        VaultStatus status = body.Journal.Read(entry, buffer, out int read);
        if (status == VaultStatus.Ok)
        {
            bool whole = read == entry.Length && entry.Length == body.PlainLength(block, body.Size) + FileLayout.BlockOverhead;
            status = whole ? OpenPart(body, block, buffer.AsSpan(0, entry.Length), ref plainOffset, ref plain) : VaultStatus.Corrupt;
        }

        body.Context.Buffers.Return(buffer);
        return status;
    }

    /// <summary>Opens one sealed block and gives the caller the part asked for; moves on both.</summary>
    private static VaultStatus OpenPart(FileBody body, long block, ReadOnlySpan<byte> cipher, ref long plainOffset, ref Span<byte> plain)
    {
        int length = cipher.Length - FileLayout.BlockOverhead;
        int start = (int)(plainOffset - (block << body.Shift));
        int part = int.Min(plain.Length, length - start);
        bool authentic = part == length
            ? body.Codec.TryOpenBlock(block, cipher, plain[..part])
            : OpenThroughScratch(body, block, cipher, start, plain[..part]);
        if (!authentic)
        {
            return VaultStatus.Corrupt;
        }

        plainOffset += part;
        plain = plain[part..];
        return VaultStatus.Ok;
    }

    private static bool OpenThroughScratch(FileBody body, long block, ReadOnlySpan<byte> cipher, int start, Span<byte> part)
    {
        int length = cipher.Length - FileLayout.BlockOverhead;
        byte[] scratch = body.Context.Buffers.Rent(length);
        bool authentic = body.Codec.TryOpenBlock(block, cipher, scratch.AsSpan(0, length));
        if (authentic)
        {
            scratch.AsSpan(start, part.Length).CopyTo(part);
        }

        body.Context.Buffers.ReturnPlain(scratch, length);
        return authentic;
    }
}
