using System.Collections.Generic;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Blocks punched since the last durable record: their stored bytes are freed only when the record that calls them holes is durable.</summary>
/// <remarks>Under the file's exclusive lock.</remarks>
internal sealed class PendingPunches(FileBody body)
{
    private readonly List<(long First, long End)> _ranges = [];

    internal bool Any => _ranges.Count > 0;

    internal void Add(long first, long end) => _ranges.Add((first, end));

    internal void Clear() => _ranges.Clear();

    /// <summary>Frees what is still a hole. Best effort: an unfreed hole costs space only.</summary>
    internal void Free()
    {
        foreach ((long first, long end) in _ranges)
        {
            long block = first;
            while (block < end && block < body.DataBlocks)
            {
                if (body.Maps.Run(block, end, out bool hole, out long count) != VaultStatus.Ok)
                {
                    break;
                }

                if (hole)
                {
                    FreeRun(block, block + count);
                }

                block += count;
            }
        }

        _ranges.Clear();
    }

    private void FreeRun(long first, long end)
    {
        while (first < end)
        {
            long count = long.Min(end - first, FileLayout.ContiguousBlocks(first, body.Shift));
            _ = body.Store.PunchHole(body.File, body.BlockOffset(first), count * body.SealedSize);
            first += count;
        }
    }
}
