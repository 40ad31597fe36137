using System;
using SecureVault.Format.V1;
using SecureVault.Terms;

namespace SecureVault.Content;

/// <summary>Which blocks are holes: the inline bits of the first 1024 blocks, then the maps of the groups after.</summary>
/// <remarks>
/// Reading under the file's shared lock, changing under the exclusive one. Bits at or past DataBlocks mean nothing. A group's map is
/// stored once its first block is below DataBlocks, and is vouched for by the record once that block is below Recorded.DataBlocks: from
/// then on the map is overwritten only through the journal.
/// </remarks>
internal sealed class HoleMaps(FileBody body)
{
    private readonly byte[] _inline = body.Recorded.Holes[..].ToArray();

    internal ReadOnlySpan<byte> Inline => _inline;

    internal MapPages Pages { get; } = new(body);

    /// <summary>The run of equal blocks from blockIndex (count at least 1, end at most limit, perhaps not the whole run).</summary>
    internal VaultStatus Run(long blockIndex, long limit, out bool hole, out long count)
    {
        hole = true;
        count = limit - blockIndex;
        if (blockIndex >= body.DataBlocks)
        {
            return VaultStatus.Ok;
        }

        VaultStatus status = Pages.Find(FileLayout.GroupOf(blockIndex, body.Shift), out MapPage? page);
        if (status == VaultStatus.Ok)
        {
            Measure(page is null ? _inline : page.Bits, blockIndex, long.Min(limit, body.DataBlocks), out hole, out count);
        }

        return status;
    }

    /// <summary>The run of blocks from blockIndex that the record vouches for as data, or that it does not.</summary>
    internal VaultStatus RecordedRun(long blockIndex, long limit, out bool committed, out long count)
    {
        committed = false;
        count = limit - blockIndex;
        if (blockIndex >= body.Recorded.DataBlocks)
        {
            return VaultStatus.Ok;
        }

        VaultStatus status = Pages.Find(FileLayout.GroupOf(blockIndex, body.Shift), out MapPage? page);
        if (status == VaultStatus.Ok)
        {
            ReadOnlySpan<byte> bits = page is null ? body.Recorded.Holes : page.Recorded ?? page.Bits;
            Measure(bits, blockIndex, long.Min(limit, body.Recorded.DataBlocks), out bool hole, out count);
            committed = !hole;
        }

        return status;
    }

    internal VaultStatus IsData(long blockIndex, out bool data)
    {
        VaultStatus status = Run(blockIndex, blockIndex + 1, out bool hole, out _);
        data = !hole && status == VaultStatus.Ok;
        return status;
    }

    /// <summary>Marks blocks below DataBlocks; changed says whether any mark was another.</summary>
    internal VaultStatus Mark(long first, long end, bool hole, out bool changed)
    {
        changed = false;
        while (first < end)
        {
            long group = FileLayout.GroupOf(first, body.Shift);
            long stop = long.Min(end, FileLayout.FirstBlock(group + 1, body.Shift));
            VaultStatus status = Pages.Find(group, out MapPage? page);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            changed |= Change(page, group, first, stop, hole);
            first = stop;
        }

        return VaultStatus.Ok;
    }

    /// <summary>Prepares the maps for DataBlocks = end: blocks from DataBlocks to dataStart are holes, from there to end data. The caller sets DataBlocks.</summary>
    internal VaultStatus Extend(long dataStart, long end)
    {
        long first = body.DataBlocks;
        while (first < end)
        {
            long group = FileLayout.GroupOf(first, body.Shift);
            long stop = long.Min(end, FileLayout.FirstBlock(group + 1, body.Shift));
            long holesEnd = long.Clamp(dataStart, first, stop);
            bool enters = group > 0 && first == FileLayout.FirstBlock(group, body.Shift);
            MapPage? page = null;
            VaultStatus status = enters ? Pages.Enter(group, (int)(holesEnd - first)) : Pages.Find(group, out page);
            if (status != VaultStatus.Ok)
            {
                return status;
            }

            if (!enters)
            {
                _ = Change(page, group, first, holesEnd, hole: true);
                _ = Change(page, group, holesEnd, stop, hole: false);
            }

            first = stop;
        }

        return VaultStatus.Ok;
    }

    /// <summary>DataBlocks became less, or an Extend was not followed: forgets what lies past it.</summary>
    internal void Trim()
    {
        Pages.Trim();
        int kept = (int)long.Min(body.DataBlocks, FileLayout.InlineBlocks);
        HoleBits.Set(_inline, kept, FileLayout.InlineBlocks, value: false);
    }

    internal void Reset()
    {
        Pages.Reset();
        _inline.AsSpan().Clear();
    }

    private void Measure(ReadOnlySpan<byte> bits, long blockIndex, long limit, out bool hole, out long count)
    {
        long group = FileLayout.GroupOf(blockIndex, body.Shift);
        long groupStart = FileLayout.FirstBlock(group, body.Shift);
        int start = (int)(blockIndex - groupStart);
        int end = (int)(long.Min(limit, FileLayout.FirstBlock(group + 1, body.Shift)) - groupStart);
        hole = HoleBits.Get(bits, start);
        count = HoleBits.RunEnd(bits, start, end, hole) - start;
    }

    private bool Change(MapPage? page, long group, long first, long stop, bool hole)
    {
        long groupStart = FileLayout.FirstBlock(group, body.Shift);
        int start = (int)(first - groupStart);
        int end = (int)(stop - groupStart);
        byte[] bits = page is null ? _inline : page.Bits;
        if (HoleBits.RunEnd(bits, start, end, hole) == end)
        {
            return false;
        }

        if (page is not null)
        {
            Pages.BeginChange(group, page);
        }

        HoleBits.Set(bits, start, end, hole);
        return true;
    }
}
