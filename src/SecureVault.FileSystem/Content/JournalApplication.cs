using System;
using SecureVault.Format.V1;

namespace SecureVault.FileSystem.Content;

/// <summary>Copies the journal's sealed blocks to their places in the file. The journal is durable by now, so a stop in the middle costs nothing.</summary>
internal static class JournalApplication
{
    internal static VaultStatus Run(FileBody body)
    {
        long[] keys = [.. body.Journal.Entries.Keys];
        Array.Sort(keys);
        byte[] buffer = body.Context.Buffers.Rent(body.Context.Buffers.LargeSize);
        VaultStatus status = VaultStatus.Ok;
        ReadOnlySpan<long> left = keys;
        while (status == VaultStatus.Ok && !left.IsEmpty)
        {
            int count = RunLength(body, left);
            status = Copy(body, left[..count], buffer);
            left = left[count..];
        }

        body.FileDirty = true;
        body.Context.Buffers.Return(buffer);
        return status;
    }

    /// <summary>How many of the first keys lie side by side in the file and fit the buffer; maps go one by one.</summary>
    private static int RunLength(FileBody body, ReadOnlySpan<long> keys)
    {
        if (keys[0] < 0)
        {
            return 1;
        }

        long limit = long.Min(body.Context.Buffers.RunBlocks, FileLayout.ContiguousBlocks(keys[0], body.Shift));
        int count = 1;
        while (count < keys.Length && count < limit && keys[count] == keys[0] + count)
        {
            count++;
        }

        return count;
    }

    private static VaultStatus Copy(FileBody body, ReadOnlySpan<long> keys, byte[] buffer)
    {
        int filled = 0;
        foreach (long key in keys)
        {
            JournalEntry entry = body.Journal.Entries[key];
            VaultStatus status = body.Journal.Read(entry, buffer.AsSpan(filled), out int read);
            if (status != VaultStatus.Ok || read < entry.Length)
            {
                return status == VaultStatus.Ok ? VaultStatus.Corrupt : status;
            }

            filled += entry.Length;
        }

        long offset = keys[0] < 0 ? FileLayout.MapOffset(-keys[0], body.Shift) : body.BlockOffset(keys[0]);
        return body.Store.WriteAt(body.File, buffer.AsSpan(0, filled), offset, out _);
    }
}
