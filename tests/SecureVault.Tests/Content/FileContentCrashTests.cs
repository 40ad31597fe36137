using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Content;
using SecureVault.Format.V1;
using SecureVault.Terms;
using SecureVault.Tests.Format;
using SecureVault.Tests.Storage;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

/// <summary>
/// The process dies before every single store call of a random session, with and without the power: each block is then as it was at
/// some moment since the last fsync, none is unreadable, and what fsync had promised is there.
/// </summary>
public sealed class FileContentCrashTests
{
    private const int Operations = 24;

    [Theory]
    [InlineData(11, 0)]
    [InlineData(12, 3 * Block)]
    [InlineData(13, (3 * Block) + 100)]
    [InlineData(14, (5 * Block) - 1)]
    [InlineData(15, 700)]
    [InlineData(16, (1024 * Block) - 5000)]
    [InlineData(36, 2 * Block)]
    public void Killed_before_any_call_every_block_is_old_or_new(int seed, int size) => Run(seed, size, powerCut: false);

    [Theory]
    [InlineData(21, 0)]
    [InlineData(22, 3 * Block)]
    [InlineData(23, (3 * Block) + 100)]
    [InlineData(24, (5 * Block) - 1)]
    [InlineData(25, 700)]
    [InlineData(26, (1024 * Block) - 5000)]
    [InlineData(46, 2 * Block)]
    [InlineData(56, 100)]
    [InlineData(1007, 7123)]
    [InlineData(1048, 4096)]
    [InlineData(5060, 12288)]
    [InlineData(5096, 0)]
    public void Without_power_before_any_call_every_block_is_old_or_new(int seed, int size) => Run(seed, size, powerCut: true);

    private static void Run(int seed, int size, bool powerCut)
    {
        int stop = 1;
        int step = size > 100_000 ? 7 : 1;
        bool crashed = true;
        while (crashed)
        {
            crashed = RunUntil(seed, size, powerCut, stop);
            stop += step;
        }

        Assert.True(stop > 20, "The session made hardly any call.");
    }

    private static bool RunUntil(int seed, int size, bool powerCut, int stop)
    {
        var store = new CrashingStore { Tracks = powerCut };
        using var vault = new ContentVault(store);
        vault.Make("f", Pattern(size, seed));
        store.Settle();
        store.StopAt = store.Calls + stop;
        var history = new List<byte[]> { Pattern(size, seed) };
        var random = new Random(seed);
        bool crashed = false;
        FileContent content = vault.Open("f");
        if (seed % 10 == 6)
        {
            // With attributes the file keeps its key when it is truncated to zero.
            Ok(vault.Store.SetXattr(content.Handle, "user.securevault.x"u8, [1], create: true, replace: false));
        }

        string what = "";
        try
        {
            for (int operation = 0; operation < Operations; operation++)
            {
                what = $"seed {seed} stop {stop} operation {operation}";
                Step(content, history, random, size);
            }
        }
        catch (CrashException)
        {
            crashed = true;
        }

        store.StopAt = 0;
        content.Dispose();
        if (powerCut)
        {
            store.CutPower(new Random(seed ^ stop));
        }

        vault.NextSession(crashed: true);
        Check(vault, history, what);
        return crashed;
    }

    private static void Check(ContentVault vault, List<byte[]> history, string what)
    {
        // Recovery is itself cut off once, half-way, and begins again.
        var store = (CrashingStore)vault.Store;
        store.StopAt = store.Calls + 3;
        try
        {
            vault.TryOpen("f", out FileContent? early);
            early?.Dispose();
        }
        catch (CrashException)
        {
            vault.NextSession(crashed: true);
        }

        store.StopAt = 0;
        VaultStatus status = vault.TryOpen("f", out FileContent? content);
        Assert.True(status == VaultStatus.Ok, $"{what}: open says {status}");
        using (content)
        {
            byte[] plain = new byte[content!.Size];
            status = content.Read(0, plain, out _);
            Assert.True(status == VaultStatus.Ok, $"{what}: read says {status}");
            Assert.True(content.Size <= history.Max(h => h.Length) && content.Size >= history.Min(h => h.Length), $"{what}: size {content.Size}");
            for (int block = 0; block * Block < plain.Length; block++)
            {
                byte[] now = BlockOf(plain, block);
                Assert.True(history.Any(h => BlockOf(h, block).AsSpan().SequenceEqual(now)), $"{what}: block {block} is neither old nor new");
            }
        }
    }

    private static byte[] BlockOf(byte[] plain, int block)
    {
        byte[] bytes = new byte[Block];
        int start = Math.Min(plain.Length, block * Block);
        plain.AsSpan(start, Math.Min(Block, plain.Length - start)).CopyTo(bytes);
        return bytes;
    }

    /// <summary>The history gets the new content before the operation: a crash inside it may leave either.</summary>
    private static void Step(FileContent content, List<byte[]> history, Random random, int size)
    {
        byte[] model = [.. history[^1]];
        int near = Math.Max(0, Math.Min(model.Length, size) - (3 * Block));
        int offset = near + random.Next(6 * Block);
        int length = 1 + random.Next(2 * Block);
        switch (random.Next(10))
        {
            case < 4:
                offset = random.Next(2) == 0 ? model.Length : offset;
                byte[] bytes = Pattern(length, random.Next());
                Array.Resize(ref model, Math.Max(model.Length, offset + length));
                bytes.CopyTo(model, offset);
                history.Add(model);
                Ok(content.Write(offset, bytes, append: false, out _));
                break;
            case 4:
                int shorter = random.Next(5) == 0 ? 0 : offset;
                Array.Resize(ref model, shorter);
                history.Add(model);
                Ok(content.Truncate(shorter));
                break;
            case 5:
                int end = Math.Min(model.Length, offset + length);
                model.AsSpan(Math.Min(offset, end)..end).Clear();
                history.Add(model);
                Ok(content.Allocate(AllocateKind.PunchHole, offset, length));
                break;
            case < 8:
                Ok(content.Sync(dataOnly: random.Next(2) == 0));
                history.RemoveRange(0, history.Count - 1);
                break;
            case 8:
                Ok(content.Commit(durable: false));
                history.RemoveRange(0, history.Count - 1);
                break;
            default:
                Ok(content.SetName(new NameTag(Samples.Id(9)), SomeName, manyNames: false, []));
                break;
        }
    }
}
