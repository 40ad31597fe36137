using System;
using System.Linq;
using SecureVault.Content;
using SecureVault.Tests.Storage;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

/// <summary>How the journal's blocks come to their places: all of them, the later of two, and in how many calls.</summary>
public sealed class JournalApplicationTests
{
    private const int Blocks = 700;
    private const int Last = 123; // bytes in the last block

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Blocks_written_here_and_there_reach_their_places(int times)
    {
        using var vault = new ContentVault();
        byte[] plain = Pattern(((Blocks - 1) * Block) + Last, 1);
        vault.Make("f", plain);
        using (FileContent content = vault.Open("f"))
        {
            for (int time = 0; time < times; time++)
            {
                foreach (int block in Shuffled(Blocks, time))
                {
                    Overwrite(content, plain, block, seed: (1000 * time) + block);
                }
            }

            Assert.Equal(plain, ReadAll(content));
            Ok(content.Commit(durable: false));
            Assert.Equal(plain, ReadAll(content));
        }

        using FileContent reopened = vault.Open("f");
        Assert.Equal(plain, ReadAll(reopened));
        Assert.Empty(vault.Journals());
    }

    [Fact]
    public void The_journal_is_read_in_long_stretches()
    {
        int[] apart = [.. Shuffled(Blocks, 3).Where(block => block % 2 == 0)];
        string[] calls = CallsOfCommitAfter(apart);
        Assert.InRange(calls.Count(call => call == "read"), 1, 10); // 350 blocks, 65 a stretch
        Assert.InRange(calls.Count(call => call == "write"), apart.Length, apart.Length + 10); // no two side by side
    }

    [Fact]
    public void Blocks_written_one_after_the_other_are_copied_together()
    {
        string[] calls = CallsOfCommitAfter([.. Enumerable.Range(0, Blocks)]);
        Assert.InRange(calls.Count(call => call == "write"), 1, 20);
    }

    /// <summary>What the store is asked for by a commit after these blocks were overwritten one by one.</summary>
    private static string[] CallsOfCommitAfter(int[] blocks)
    {
        var store = new CountingStore();
        using var vault = new ContentVault(store);
        byte[] plain = Pattern(Blocks * Block, 1);
        vault.Make("f", plain);
        using FileContent content = vault.Open("f");
        foreach (int block in blocks)
        {
            Overwrite(content, plain, block, block);
        }

        _ = store.Take();
        Ok(content.Commit(durable: false));
        string[] calls = store.Take().Split(", ");
        Assert.Equal(plain, ReadAll(content));
        return calls;
    }

    private static void Overwrite(FileContent content, byte[] plain, int block, int seed)
    {
        byte[] bytes = Pattern(Math.Min(Block, plain.Length - (block * Block)), seed);
        Write(content, block * Block, bytes);
        bytes.CopyTo(plain, block * Block);
    }

    private static int[] Shuffled(int count, int seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new Random(seed).Shuffle(order);
        return order;
    }
}
