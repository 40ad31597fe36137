using System;
using System.Linq;
using System.Threading;
using SecureVault.Content;
using SecureVault.Format.V1;
using SecureVault.Terms;
using SecureVault.Tests.Storage;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

/// <summary>Long runs of blocks, worked off by several threads, leave what one thread would leave.</summary>
public sealed class SharedRunTests
{
    private const int Piece = SharedRun.PieceSize / Block;
    private const int Stretch = SharedStoring.Most / 2 / Block;

    [Theory]
    [InlineData(1)]
    [InlineData(Piece - 1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    [InlineData((2 * Piece) + 1)]
    [InlineData(256)]
    public void Every_block_is_done_once_also_when_helpers_of_the_run_before_come_late(int count)
    {
        var run = new CountingRun();
        for (int round = 0; round < 300; round++)
        {
            run.Do(count);
            Assert.All(run.Done.Take(count), d => Assert.Equal(1, d));
            Assert.All(run.Done.Skip(count), d => Assert.Equal(0, d));
        }
    }

    [Fact]
    public void Runs_go_on_side_by_side() => SideBySide.Run(4, _ =>
    {
        var run = new CountingRun();
        for (int round = 0; round < 100; round++)
        {
            run.Do(100);
            Assert.Equal(100, run.Done.Sum());
        }
    });

    [Fact]
    public void A_piece_that_throws_is_the_callers_to_hear_of_and_the_next_run_works()
    {
        var run = new CountingRun { Broken = 3 };
        Assert.Throws<InvalidOperationException>(() => run.Do(100));
        run.Broken = -1;
        run.Do(100);
        Assert.Equal(100, run.Done.Sum());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block)]
    [InlineData(3 * Block)]
    [InlineData((3 * Block) + 5)]
    public void Long_writes_come_back_wherever_they_begin_and_end(int offset)
    {
        using var vault = new ContentVault();
        foreach (int length in new[] { (2 * Piece * Block) - 1, 2 * Piece * Block, (2 * Piece * Block) + 1, ((2 * Piece) + 1) * Block, 100 * Block, 2 * Stretch * Block, ((2 * Stretch) + 1) * Block, (300 * Block) + 77 })
        {
            string name = $"{offset} {length}";
            byte[] plain = Pattern(offset + length, length);
            using (FileContent content = vault.Create(name))
            {
                Write(content, 0, plain.AsSpan(0, offset));
                Write(content, offset, plain.AsSpan(offset));
                Assert.Equal(plain, ReadAll(content));
                plain.AsSpan(offset).Reverse();
                Write(content, offset, plain.AsSpan(offset));
                Assert.Equal(plain, ReadAll(content));
                Ok(content.Commit(durable: false));
            }

            using FileContent again = vault.Open(name);
            Assert.Equal(plain, ReadAll(again));
            Ok(again.Verify(null, out _));
        }
    }

    [Theory]
    [InlineData(FileLayout.MinBlockShift)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(FileLayout.MaxBlockShift)]
    public void Long_writes_come_back_whatever_the_size_of_blocks(int shift)
    {
        using var vault = new ContentVault(blockShift: shift);
        foreach (int length in new[] { (2 * SharedRun.PieceSize) - 1, 2 * SharedRun.PieceSize, (2 * SharedRun.PieceSize) + 1, 1 << 20, (33 << shift) + 5, 40 << shift })
        {
            byte[] plain = Pattern(length, length);
            vault.Make($"{length}", plain);
            using FileContent again = vault.Open($"{length}");
            Assert.Equal(plain, ReadAll(again));
            Ok(again.Verify(null, out _));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block)]
    [InlineData((40 * (Block + 28)) + 500)]
    [InlineData(Stretch * (Block + 28))]
    [InlineData((Stretch * (Block + 28)) + 1)]
    [InlineData((200 * (Block + 28)) + 500)]
    [InlineData((2 * Stretch * (Block + 28)) + 1)]
    public void A_disk_that_fills_in_the_middle_leaves_a_beginning(int space)
    {
        foreach (int size in new[] { 0, 5 * Block, (5 * Block) - 100 })
        {
            var store = new CrashingStore();
            using var vault = new ContentVault(store);
            byte[] plain = Pattern(size, 1);
            using FileContent content = vault.Create("f");
            Write(content, 0, plain);
            store.Space = space;
            byte[] more = Pattern(300 * Block, 2);
            int start = size / Block * Block;
            Assert.Equal(VaultStatus.NoSpace, content.Write(start, more, append: false, out int written));
            byte[] expected = [.. plain.AsSpan(0, start), .. more.AsSpan(0, written)];
            Assert.Equal(written == 0 ? plain : expected, ReadAll(content));
            store.Space = long.MaxValue;
            Write(content, start, more);
            Assert.Equal([.. plain.AsSpan(0, start), .. more], ReadAll(content));
            Ok(content.Commit(durable: false));
            Ok(content.Verify(null, out _));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_store_that_throws_in_the_middle_is_the_callers_to_hear_of_and_nobody_waits_for_ever(int call)
    {
        var store = new CrashingStore();
        using var vault = new ContentVault(store);
        using FileContent content = vault.Create("f");
        byte[] plain = Pattern(300 * Block, 1);
        byte[] more = Pattern(4 * 256 * Block, 2); // four runs: each is stored by one call or by several, as its helpers keep up
        Write(content, 0, plain);
        store.StopAt = store.Calls + call;
        Exception failure = Assert.ThrowsAny<Exception>(() => content.Write(plain.Length, more, append: false, out _));
        Assert.IsType<CrashException>(failure.InnerException);
        store.StopAt = 0;
        vault.NextSession(crashed: true);
        using FileContent again = vault.Open("f");
        Assert.Equal(plain, ReadAll(again).AsSpan(0, plain.Length));
    }

    private sealed class CountingRun : SharedRun
    {
        public int[] Done { get; } = new int[256];

        public int Broken { get; set; } = -1;

        public void Do(int count)
        {
            Array.Clear(Done);
            Share(count, Piece);
        }

        protected override void Work(int piece, int first, int stop)
        {
            if (piece == Broken)
            {
                throw new InvalidOperationException("A broken piece.");
            }

            for (int index = first; index < stop; index++)
            {
                Interlocked.Increment(ref Done[index]);
            }
        }

        protected override void Follow(bool all)
        {
        }
    }
}
