using System;
using System.IO;
using SecureVault.Content;
using SecureVault.Format.V1;
using SecureVault.Terms;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

/// <summary>Whoever changes the stored bytes gets a refused open or Corrupt, never other plaintext.</summary>
public sealed class FileContentTamperTests
{
    private const int Sealed = Block + FileLayout.BlockOverhead;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    public void Each_byte_flipped_is_noticed(int size)
    {
        using var vault = new ContentVault();
        vault.Make("f", Pattern(size, 1));
        byte[] stored = File.ReadAllBytes(vault.PathOf("f"));
        using FileStream file = File.Open(vault.PathOf("f"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (int index = 0; index < stored.Length; index++)
        {
            RandomAccess.Write(file.SafeFileHandle, [unchecked((byte)(stored[index] ^ (1 << (index % 8))))], index);
            AssertRefused(vault);
            RandomAccess.Write(file.SafeFileHandle, stored.AsSpan(index, 1), index);
        }

        using FileContent whole = vault.Open("f");
        Ok(whole.Verify(null, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    public void Each_cut_and_each_extension_is_noticed(int size)
    {
        using var vault = new ContentVault();
        vault.Make("f", Pattern(size, 1));
        byte[] stored = File.ReadAllBytes(vault.PathOf("f"));
        for (int length = 0; length < stored.Length; length += length is > 600 and < 4500 ? 41 : 1)
        {
            AssertRefused(vault, stored[..length]);
        }

        foreach (int more in new[] { 1, 16, 28, 29, 512, Sealed - 1, Sealed, 2 * Sealed })
        {
            AssertRefused(vault, [.. stored, .. new byte[more]]);
            AssertRefused(vault, [.. stored, .. Pattern(more, 2)]);
        }
    }

    [Fact]
    public void Blocks_swapped_repeated_zeroed_or_older_are_noticed()
    {
        using var vault = new ContentVault();
        vault.Make("f", Pattern(4 * Block, 1));
        byte[] first = File.ReadAllBytes(vault.PathOf("f"));
        using (FileContent content = vault.Open("f"))
        {
            Write(content, 0, Pattern(4 * Block, 2));
            Ok(content.Truncate(0));
            Write(content, 0, Pattern(4 * Block, 3));
            Ok(content.Commit(durable: false));
        }

        byte[] stored = File.ReadAllBytes(vault.PathOf("f"));
        vault.Make("g", Pattern(4 * Block, 4));
        byte[] other = File.ReadAllBytes(vault.PathOf("g"));
        Assert.Equal(stored.Length, other.Length);
        for (int block = 0; block < 4; block++)
        {
            int at = FileLayout.HeaderSize + (block * Sealed);
            int next = FileLayout.HeaderSize + ((block + 1) % 4 * Sealed);
            AssertRefused(vault, With(stored, at, stored.AsSpan(next, Sealed)));
            AssertRefused(vault, With(stored, at, new byte[Sealed]));
            AssertRefused(vault, With(stored, at, other.AsSpan(at, Sealed)));
            AssertRefused(vault, With(stored, at, first.AsSpan(at, Sealed)));
        }

        AssertRefused(vault, With(stored, 0, other.AsSpan(0, FileLayout.HeaderSize)));
        AssertRefused(vault, With(stored, 0, first.AsSpan(0, FileLayout.HeaderSize)));
        AssertRefused(vault, With(stored, FileHeader.StateRecordOffset, other.AsSpan(FileHeader.StateRecordOffset, FileHeader.StateRecordSize)));
        AssertRefused(vault, With(stored, 0, other.AsSpan(0, FileHeader.KeyRecordSize)));
    }

    [Fact]
    public void A_map_block_changed_is_noticed_where_it_matters()
    {
        using var vault = new ContentVault();
        vault.Make("f", Pattern(1030 * Block, 1));
        byte[] stored = File.ReadAllBytes(vault.PathOf("f"));
        int map = (int)FileLayout.MapOffset(1, 12);
        for (int index = map; index < map + Sealed; index += 1373)
        {
            byte[] changed = [.. stored];
            changed[index] ^= 1;
            AssertRefused(vault, changed);
        }

        AssertRefused(vault, With(stored, map, new byte[Sealed]));
    }

    [Fact]
    public void A_hole_cannot_be_forged_nor_filled()
    {
        using var vault = new ContentVault();
        using (FileContent content = vault.Create("f"))
        {
            Write(content, 0, Pattern(3 * Block, 1));
            Ok(content.Commit(durable: false));
        }

        byte[] full = File.ReadAllBytes(vault.PathOf("f"));
        using (FileContent content = vault.Open("f"))
        {
            Ok(content.Allocate(AllocateKind.PunchHole, Block, Block));
            Ok(content.Commit(durable: false));
        }

        byte[] punched = File.ReadAllBytes(vault.PathOf("f"));
        int at = FileLayout.HeaderSize + Sealed;
        Assert.False(punched.AsSpan(at, Sealed).ContainsAnyExcept((byte)0), "The punched block's space was not freed.");
        File.WriteAllBytes(vault.PathOf("f"), With(punched, at, full.AsSpan(at, Sealed)));
        using (FileContent content = vault.Open("f"))
        {
            byte[] plain = ReadAll(content);
            Assert.False(plain.AsSpan(Block, Block).ContainsAnyExcept((byte)0), "An old block came back into a hole.");
        }

        AssertRefused(vault, With(full, at, punched.AsSpan(at, Sealed)));
    }

    [Fact]
    public void A_record_of_a_session_that_ended_is_refused()
    {
        using var vault = new ContentVault();
        vault.Make("f", Pattern(3 * Block, 1));
        byte[] open;
        using (FileContent content = vault.Open("f"))
        {
            Write(content, 3 * Block, Pattern(Block, 2));
            Ok(content.Sync(dataOnly: true));
            open = File.ReadAllBytes(vault.PathOf("f"));
            Ok(content.Commit(durable: false));
        }

        vault.NextSession(crashed: false);
        byte[] stored = File.ReadAllBytes(vault.PathOf("f"));
        AssertRefused(vault, With(stored, FileHeader.StateRecordOffset, open.AsSpan(FileHeader.StateRecordOffset, FileHeader.StateRecordSize)));
        AssertRefused(vault, open);
    }

    [Fact]
    public void In_a_crashed_file_what_the_record_vouches_for_may_not_be_missing()
    {
        using var vault = new ContentVault();
        vault.Make("f", Pattern(4 * Block, 1));
        using (FileContent content = vault.Open("f"))
        {
            Write(content, 0, [1]);
        }

        // The journal is gone, so the old block is served; a missing one is not.
        byte[] stored = File.ReadAllBytes(vault.PathOf("f"));
        foreach (string journal in vault.Journals())
        {
            File.Delete(journal);
        }

        vault.NextSession(crashed: true);
        AssertRefused(vault, stored[..^1]);
        AssertRefused(vault, stored[..(FileLayout.HeaderSize + (2 * Sealed))]);
        AssertRefused(vault, With(stored, FileLayout.HeaderSize, new byte[Sealed]));
    }

    [Fact]
    public void A_damaged_block_is_named_and_the_others_are_served()
    {
        using var vault = new ContentVault();
        byte[] plain = Pattern(600 * Block, 1);
        vault.Make("f", plain);
        byte[] stored = File.ReadAllBytes(vault.PathOf("f"));
        stored[FileLayout.HeaderSize + (400 * Sealed) + 99] ^= 1;
        File.WriteAllBytes(vault.PathOf("f"), stored);
        using FileContent content = vault.Open("f");
        Assert.Equal(VaultStatus.Corrupt, content.Verify(null, out long bad));
        Assert.Equal(400, bad);
        byte[] part = new byte[10 * Block];
        Ok(content.Read(390 * Block, part, out _));
        Assert.Equal(plain[(390 * Block)..(400 * Block)], part);
        Assert.Equal(VaultStatus.Corrupt, content.Read(391 * Block, part, out int read));
        Assert.Equal(0, read);
        Assert.Equal(VaultStatus.Corrupt, content.Write((400 * Block) + 5, [1], append: false, out _));
        Write(content, 400 * Block, new byte[Block]);
        Ok(content.Verify(null, out bad));
    }

    private static byte[] With(byte[] stored, int at, ReadOnlySpan<byte> bytes)
    {
        byte[] changed = [.. stored];
        bytes.CopyTo(changed.AsSpan(at));
        return changed;
    }

    private static void AssertRefused(ContentVault vault, byte[] stored)
    {
        File.WriteAllBytes(vault.PathOf("f"), stored);
        AssertRefused(vault);
    }

    private static void AssertRefused(ContentVault vault)
    {
        if (vault.TryOpen("f", out FileContent? content, writable: false) == VaultStatus.Ok)
        {
            using (content)
            {
                Assert.Equal(VaultStatus.Corrupt, content!.Verify(null, out long bad));
                Assert.True(bad >= 0);
                Assert.Equal(VaultStatus.Corrupt, content.Read(0, new byte[content.Size], out _));
            }
        }
    }
}
