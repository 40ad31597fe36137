using System;
using SecureVault.Content;
using SecureVault.Storage;
using SecureVault.Terms;
using SecureVault.Tests.Storage;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

/// <summary>A full disk: the writer is told, what was there stays readable, and work goes on when there is space again.</summary>
public sealed class FileContentFaultTests
{
    public static TheoryData<int> Spaces => [0, 1, 27, 28, 100, 2000, Block, Block + 28, Block + 40, (2 * Block) + 100, (5 * Block) + 3];

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Appending_to_a_full_disk_keeps_what_was_there(int space)
    {
        int[] sizes = space == Block + 40 ? [0, 1023 * Block] : [0, 100, Block, (2 * Block) + 50];
        foreach (int size in sizes)
        {
            foreach (bool committed in new[] { true, false })
            {
                var store = new CrashingStore();
                using var vault = new ContentVault(store);
                byte[] plain = Pattern(size, 1);
                using FileContent content = vault.Create("f");
                Write(content, 0, plain);
                if (committed)
                {
                    Ok(content.Commit(durable: false));
                }

                store.Space = space;
                byte[] more = Pattern(20 * Block, 2);
                Assert.Equal(VaultStatus.NoSpace, content.Write(0, more, append: true, out int written));
                AssertPrefix(content, [.. plain, .. more], size + written);
                Assert.Equal(VaultStatus.NoSpace, content.Write(size + written + (3 * Block), more, append: false, out int past));
                Assert.Equal(0, past);
                AssertPrefix(content, [.. plain, .. more.AsSpan(0, written)], size + written);
                store.Space = long.MaxValue;
                long now = content.Size;
                Ok(content.Write(0, more, append: true, out _));
                AssertPrefix(content, [.. ReadAll(content)], (int)now + more.Length);
                Ok(content.Commit(durable: false));
                Ok(content.Verify(null, out _));
            }
        }
    }

    [Fact]
    public void A_store_that_takes_no_file_of_that_size_says_so_before_maps_are_written()
    {
        var store = new SmallStore();
        using var vault = new ContentVault(store);
        using FileContent content = vault.Create("f");
        Write(content, 0, [1, 2, 3]);
        int writes = store.Writes;
        Assert.Equal(VaultStatus.TooLarge, content.Write(1L << 40, [9], append: false, out int written));
        Assert.Equal((0, writes, 3L), (written, store.Writes, content.Size));
        Assert.Equal([1, 2, 3], ReadAll(content));
        Ok(content.Commit(durable: false));
        Write(content, 1L << 29, [9]);
        Ok(content.Commit(durable: false));
        Ok(content.Verify(null, out _));
    }

    /// <summary>Takes files of one GiB.</summary>
    private sealed class SmallStore : DelegatingStore
    {
        private const long Most = 1L << 30;

        public int Writes { get; private set; }

        public override VaultStatus SetSize(StoreHandle file, long size) => size > Most ? VaultStatus.TooLarge : base.SetSize(file, size);

        public override VaultStatus WriteAt(StoreHandle file, ReadOnlySpan<byte> source, long offset, out int written)
        {
            written = 0;
            Writes++;
            return offset + source.Length > Most ? VaultStatus.TooLarge : base.WriteAt(file, source, offset, out written);
        }
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Overwriting_on_a_full_disk_damages_nothing(int space)
    {
        var store = new CrashingStore();
        using var vault = new ContentVault(store);
        byte[] plain = Pattern((8 * Block) + 9, 1);
        vault.Make("f", plain);
        using (FileContent content = vault.Open("f"))
        {
            store.Space = space;
            byte[] other = Pattern(6 * Block, 2);
            VaultStatus status = content.Write(100, other, append: false, out int written);
            if (status == VaultStatus.Ok)
            {
                other.CopyTo(plain, 100);
            }
            else
            {
                Assert.Equal((VaultStatus.NoSpace, 0), (status, written));
            }

            Assert.Equal(plain, ReadAll(content));
            store.Space = 0;
            Ok(content.Commit(durable: false));
        }

        using FileContent reopened = vault.Open("f");
        Assert.Equal(plain, ReadAll(reopened));
    }

    [Fact]
    public void A_crashed_file_is_readable_on_a_full_disk()
    {
        var store = new CrashingStore();
        using var vault = new ContentVault(store);
        byte[] plain = Pattern((5 * Block) + 9, 1);
        vault.Make("f", plain);
        using (FileContent content = vault.Open("f"))
        {
            Write(content, 3, [1, 2, 3]);
            Ok(content.Write(0, Pattern(3 * Block, 4), append: true, out _));
        }

        plain = [.. plain, .. Pattern(3 * Block, 4)];
        plain.AsSpan(3, 3).Clear();
        (plain[3], plain[4], plain[5]) = (1, 2, 3);
        vault.NextSession(crashed: true);
        store.Space = 0;
        using FileContent recovered = vault.Open("f");
        Assert.Equal(plain, ReadAll(recovered));
    }

    [Fact]
    public void A_crashed_file_is_read_without_writing_by_offline_tools()
    {
        using var vault = new ContentVault();
        byte[] plain = Pattern((1030 * Block) + 9, 1);
        vault.Make("f", plain);
        using (FileContent content = vault.Open("f"))
        {
            Write(content, 1026 * Block, [1, 2, 3]);
            (plain[1026 * Block], plain[(1026 * Block) + 1], plain[(1026 * Block) + 2]) = (1, 2, 3);
            Ok(content.Write(0, Pattern(3 * Block, 4), append: true, out _));
        }

        vault.NextSession(crashed: true);
        vault.Offline();
        byte[] before = System.IO.File.ReadAllBytes(vault.PathOf("f"));
        using FileContent recovered = vault.Open("f");
        Assert.Equal([.. plain, .. Pattern(3 * Block, 4)], ReadAll(recovered));
        Assert.Equal(before, System.IO.File.ReadAllBytes(vault.PathOf("f")));
    }

    private static void AssertPrefix(FileContent content, byte[] expected, int atLeast)
    {
        byte[] plain = ReadAll(content);
        Assert.True(plain.Length >= atLeast);
        Assert.True(plain.AsSpan(0, atLeast).SequenceEqual(expected.AsSpan(0, atLeast)));
        Assert.False(plain.AsSpan(atLeast).ContainsAnyExcept((byte)0), "Past what was written there is something.");
    }
}
