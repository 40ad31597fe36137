using System;
using System.Collections.Generic;
using System.Linq;
using SecureVault.Content;
using SecureVault.Storage;
using SecureVault.Tests.Storage;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

/// <summary>What is written in a row goes to the disk early, once, and without its last block, which may be written again.</summary>
public sealed class SequentialWritebackTests
{
    private const int Page = 4096;

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(100_000)]
    [InlineData(Block)]
    [InlineData(1000)]
    public void A_file_written_in_a_row_is_begun_stretch_by_stretch(int each)
    {
        var store = new NotingStore();
        using var vault = new ContentVault(store);
        using FileContent content = vault.Create("file");
        byte[] plain = Pattern(3 << 20, 1);
        for (int at = 0; at < plain.Length; at += each)
        {
            Write(content, at, plain.AsSpan(at, Math.Min(each, plain.Length - at)));
        }

        long end = store.Begun[0].Offset;
        foreach ((long offset, long length) in store.Begun)
        {
            Assert.Equal(end, offset);
            Assert.True(length >= SequentialWriteback.Stretch);
            Assert.Equal(0, (offset + length) % Page);
            end = offset + length;
        }

        Assert.InRange(end, plain.Length - SequentialWriteback.Stretch - (2 * Block), plain.Length + (1 << 16));
        Assert.Equal(plain, ReadAll(content));
    }

    [Fact]
    public void Blocks_written_here_and_there_are_left_to_the_kernel()
    {
        var store = new NotingStore();
        using var vault = new ContentVault(store);
        using FileContent content = vault.Create("file");
        foreach (int block in Enumerable.Range(0, 400).Select(i => i * 7919 % 400))
        {
            Write(content, 2L * block * Block, Pattern(Block, block));
        }

        Assert.Empty(store.Begun);
    }

    private sealed class NotingStore : DelegatingStore
    {
        internal List<(long Offset, long Length)> Begun { get; } = [];

        public override void BeginWriteback(StoreHandle file, long offset, long length)
        {
            Begun.Add((offset, length));
            base.BeginWriteback(file, offset, length);
        }
    }
}
