using System.Collections.Generic;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.Format;

/// <summary>Size arithmetic against a naive model that lays blocks out one after another.</summary>
public sealed class FileLayoutTests
{
    public static TheoryData<int> Shifts => new() { 12, 13, 14, 15, 16 };

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Every_block_and_map_lies_where_the_naive_layout_puts_it(int shift)
    {
        long position = FileLayout.HeaderSize;
        int perGroup = 8 << shift;
        int full = (1 << shift) + 28;
        long blocks = FileLayout.InlineBlocks + (2L * perGroup) + 3;
        long group = 0;
        for (long i = 0; i < blocks; i++)
        {
            if (i >= FileLayout.InlineBlocks && (i - FileLayout.InlineBlocks) % perGroup == 0)
            {
                group++;
                Assert.Equal(position, FileLayout.MapOffset(group, shift));
                Assert.Equal(i, FileLayout.FirstBlock(group, shift));
                position += full;
            }

            if (FileLayout.BlockOffset(i, shift) != position || FileLayout.GroupOf(i, shift) != group)
            {
                Assert.Fail($"Block {i} of shift {shift}: offset {FileLayout.BlockOffset(i, shift)}, expected {position}.");
            }

            position += full;
        }

        Assert.Equal(3, group);
    }

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Sizes_round_trip_and_grow_from_nothing_to_two_hundred_thousand(int shift) => CheckRange(0, 200_000, shift);

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Sizes_round_trip_and_grow_around_the_edges_of_groups(int shift)
    {
        for (long group = 1; group <= 3; group++)
        {
            long edge = FileLayout.FirstBlock(group, shift) << shift;
            CheckRange(edge - (1 << shift) - 40, edge + (1 << shift) + 40, shift);
        }
    }

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Sizes_round_trip_and_grow_up_to_the_largest(int shift)
    {
        CheckRange(FileLayout.MaxPlainSize - (2 << shift) - 40, FileLayout.MaxPlainSize, shift);
        Assert.Equal(-1, FileLayout.PlainSize(FileLayout.CipherSize(FileLayout.MaxPlainSize, shift) + 1, shift));
        Assert.Equal(-1, FileLayout.PlainSize(FileLayout.CipherSize(FileLayout.MaxPlainSize, shift) + 30, shift));
        Assert.Equal(-1, FileLayout.PlainSize(long.MaxValue, shift));
    }

    [Theory]
    [MemberData(nameof(Shifts))]
    public void A_stored_size_that_no_plain_size_has_is_impossible(int shift)
    {
        var possible = new HashSet<long>();
        for (long plain = 0; plain <= (3 << shift) + 5; plain++)
        {
            possible.Add(FileLayout.CipherSize(plain, shift));
        }

        for (long cipher = -2; cipher <= FileLayout.CipherSize(3 << shift, shift); cipher++)
        {
            Assert.Equal(possible.Contains(cipher), FileLayout.PlainSize(cipher, shift) >= 0);
        }

        Assert.Equal(-1, FileLayout.PlainSize(long.MinValue, shift));
    }

    [Theory]
    [MemberData(nameof(Shifts))]
    public void A_stored_file_cannot_end_inside_or_right_after_a_map_block(int shift)
    {
        for (long group = 1; group <= 3; group++)
        {
            long map = FileLayout.MapOffset(group, shift);
            long after = map + FileLayout.CipherBlockSize(shift);
            Assert.Equal(FileLayout.FirstBlock(group, shift) << shift, FileLayout.PlainSize(map, shift));
            for (long cipher = map + 1; cipher <= after + FileLayout.BlockOverhead; cipher++)
            {
                Assert.Equal(-1, FileLayout.PlainSize(cipher, shift));
            }

            Assert.Equal((FileLayout.FirstBlock(group, shift) << shift) + 1, FileLayout.PlainSize(after + FileLayout.BlockOverhead + 1, shift));
        }
    }

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Contiguous_blocks_end_where_the_next_map_begins(int shift)
    {
        foreach (long block in new[] { 0L, 1023, 1024, 1025, FileLayout.FirstBlock(2, shift) - 1, FileLayout.FirstBlock(2, shift), FileLayout.FirstBlock(7, shift) + 5 })
        {
            long count = FileLayout.ContiguousBlocks(block, shift);
            long end = FileLayout.BlockOffset(block + count - 1, shift) + FileLayout.CipherBlockSize(shift);
            Assert.Equal(FileLayout.MapOffset(FileLayout.GroupOf(block, shift) + 1, shift), end);
            Assert.Equal(FileLayout.BlockOffset(block, shift) + (count * FileLayout.CipherBlockSize(shift)), end);
        }
    }

    [Fact]
    public void An_empty_file_is_its_header() => Assert.Equal(512, FileLayout.CipherSize(0, 12));

    private static void CheckRange(long from, long to, int shift)
    {
        long previous = from == 0 ? 0 : FileLayout.CipherSize(from - 1, shift);
        for (long plain = from; plain <= to; plain++)
        {
            long cipher = FileLayout.CipherSize(plain, shift);
            if (cipher <= previous || FileLayout.PlainSize(cipher, shift) != plain || cipher != Naive(plain, shift))
            {
                Assert.Fail($"Size {plain} at shift {shift}: stored {cipher} after {previous}, back {FileLayout.PlainSize(cipher, shift)}, naive {Naive(plain, shift)}.");
            }

            previous = cipher;
        }
    }

    /// <summary>Header, plain bytes, 28 for each block, and a full block for each map that a block stands after.</summary>
    private static long Naive(long plain, int shift)
    {
        long blocks = (plain + (1 << shift) - 1) / (1 << shift);
        long maps = blocks <= 1024 ? 0 : (blocks - 1024 + (8 << shift) - 1) / (8 << shift);
        return 512 + plain + (28 * blocks) + (maps * ((1 << shift) + 28));
    }
}
