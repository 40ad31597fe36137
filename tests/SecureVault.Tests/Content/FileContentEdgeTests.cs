using System;
using System.Linq;
using SecureVault.Content;
using SecureVault.Crypto;
using SecureVault.Format.V1;
using SecureVault.Terms;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

public sealed class FileContentEdgeTests
{
    private const int B = Block;

    public static TheoryData<int> Sizes => [0, 1, B - 1, B, B + 1, 2 * B, (2 * B) + 500, (1024 * B) - 1, 1024 * B, (1024 * B) + 1];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void What_was_written_is_read_after_each_way_of_closing(int size)
    {
        using var vault = new ContentVault();
        byte[] plain = Pattern(size, size);
        using (FileContent content = vault.Create("f"))
        {
            Write(content, 0, plain);
            Assert.Equal(plain, ReadAll(content));
        }

        using (FileContent recovered = vault.Open("f"))
        {
            Assert.False(recovered.NeedsCommit);
            Assert.Equal(plain, ReadAll(recovered));
        }

        vault.NextSession(crashed: false);
        using FileContent reopened = vault.Open("f");
        Assert.Equal(plain, ReadAll(reopened));
        Assert.Equal(FileLayout.CipherSize(size, 12), new System.IO.FileInfo(vault.PathOf("f")).Length);
        Ok(reopened.Verify(null, out long bad));
        Assert.Equal(-1, bad);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Growing_by_truncation_adds_zeros(int size)
    {
        using var vault = new ContentVault();
        byte[] plain = Pattern(size, 3);
        vault.Make("f", plain);
        foreach (int more in new[] { 1, B, (3 * B) + 7 })
        {
            using (FileContent content = vault.Open("f"))
            {
                Ok(content.Truncate(content.Size + more));
                Array.Resize(ref plain, plain.Length + more);
                Assert.Equal(plain, ReadAll(content));
                Ok(content.Commit(durable: false));
            }

            using FileContent reopened = vault.Open("f");
            Assert.Equal(plain, ReadAll(reopened));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Shrinking_keeps_what_is_before(int size)
    {
        using var vault = new ContentVault();
        byte[] plain = Pattern(size, 4);
        foreach (int shorter in new[] { size - 1, size - 100, size - B, size / 2, 1, 0 }.Where(s => s >= 0 && s <= size).Distinct())
        {
            string name = $"f{shorter}";
            vault.Make(name, plain);
            using (FileContent content = vault.Open(name))
            {
                Ok(content.Truncate(shorter));
                Assert.Equal(plain[..shorter], ReadAll(content));
                Ok(content.Truncate(shorter + 10));
                Ok(content.Commit(durable: false));
            }

            using FileContent reopened = vault.Open(name);
            Assert.Equal([.. plain[..shorter], .. new byte[10]], ReadAll(reopened));
            System.IO.File.Delete(vault.PathOf(name));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Writing_past_the_end_leaves_a_hole_of_zeros(int size)
    {
        using var vault = new ContentVault();
        byte[] plain = Pattern(size, 5);
        vault.Make("f", plain);
        using (FileContent content = vault.Open("f"))
        {
            Write(content, size + (2 * B) + 5, [9, 8, 7]);
            Ok(content.Sync(dataOnly: true));
        }

        using FileContent reopened = vault.Open("f");
        Assert.Equal([.. plain, .. new byte[(2 * B) + 5], 9, 8, 7], ReadAll(reopened));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Appending_small_pieces_and_overwriting_the_middle_gives_the_sum(int size)
    {
        using var vault = new ContentVault();
        byte[] plain = Pattern(size, 6);
        vault.Make("f", plain);
        using (FileContent content = vault.Open("f"))
        {
            for (int piece = 0; piece < 50; piece++)
            {
                byte[] more = Pattern(100 + piece, piece);
                Ok(content.Write(0, more, append: true, out _));
                plain = [.. plain, .. more];
                if (piece % 20 == 0)
                {
                    Ok(content.Sync(dataOnly: true));
                }
            }

            byte[] middle = Pattern(plain.Length / 2, 99);
            Write(content, plain.Length / 4, middle);
            middle.CopyTo(plain, plain.Length / 4);
            Assert.Equal(plain, ReadAll(content));
            Ok(content.Commit(durable: false));
        }

        using FileContent reopened = vault.Open("f");
        Assert.Equal(plain, ReadAll(reopened));
        Assert.Empty(vault.Journals());
    }

    [Fact]
    public void Growing_to_10_GiB_is_instant_and_a_write_at_its_end_is_read_back()
    {
        using var vault = new ContentVault();
        const long size = 10L << 30;
        using (FileContent content = vault.Create("f"))
        {
            Write(content, 0, [1, 2, 3]);
            Ok(content.Truncate(size));
            Ok(content.Commit(durable: false));
            Write(content, size - 2, [4, 5]);
            Write(content, (5L << 30) + 1, [6]);
            Ok(content.Commit(durable: false));
        }

        using FileContent reopened = vault.Open("f");
        Assert.Equal(size, reopened.Size);
        byte[] plain = new byte[4];
        Ok(reopened.Read(size - 4, plain, out int read));
        Assert.Equal([0, 0, 4, 5], plain);
        Assert.Equal(4, read);
        Ok(reopened.Read(5L << 30, plain, out _));
        Assert.Equal([0, 6, 0, 0], plain);
        Ok(reopened.Seek(SeekKind.Data, B, out long data));
        Assert.Equal(5L << 30, data);
        Ok(reopened.Seek(SeekKind.Data, data + B, out data));
        Assert.Equal(size - B, data);
        Ok(reopened.Seek(SeekKind.Hole, size - 1, out long hole));
        Assert.Equal(size, hole);
        Assert.Equal(VaultStatus.NoSuchOffset, reopened.Seek(SeekKind.Data, size, out _));
        Assert.True(new System.IO.FileInfo(vault.PathOf("f")).Length > size);
        Ok(reopened.Verify(null, out _));
    }

    [Fact]
    public void Recovery_finds_blocks_far_past_the_record_without_reading_what_is_sparse()
    {
        using var vault = new ContentVault();
        using (FileContent content = vault.Create("f"))
        {
            Write(content, 6L << 30, Pattern(3 * B, 1));
        }

        vault.NextSession(crashed: true);
        using FileContent recovered = vault.Open("f");
        Assert.Equal((6L << 30) + (3 * B), recovered.Size);
        byte[] plain = new byte[3 * B];
        Ok(recovered.Read(6L << 30, plain, out _));
        Assert.Equal(Pattern(3 * B, 1), plain);
    }

    [Theory]
    [InlineData(CipherSuite.Sm4Gcm, Protection.Encrypted, 12)]
    [InlineData(CipherSuite.Aes256Gcm, Protection.Clear, 12)]
    [InlineData(CipherSuite.Aes256Gcm, Protection.Encrypted, 16)]
    public void Every_suite_protection_and_block_size_works_alike(CipherSuite suite, Protection protection, int shift)
    {
        using var vault = new ContentVault(suite: suite, blockShift: shift) { Protection = protection };
        byte[] plain = Pattern(300_000, 8);
        vault.Make("f", plain);
        using FileContent content = vault.Open("f");
        Write(content, 1000, plain.AsSpan(0, 70_000));
        plain.AsSpan(0, 70_000).ToArray().CopyTo(plain, 1000);
        Ok(content.Sync(dataOnly: false));
        Assert.Equal(plain, ReadAll(content));
    }

    [Fact]
    public void Truncating_to_zero_takes_a_new_identity_unless_there_are_attributes()
    {
        using var vault = new ContentVault();
        vault.Make("f", Pattern(5000, 1));
        using FileContent content = vault.Open("f");
        Id128 first = content.XattrOwner;
        Ok(content.Truncate(0));
        Id128 second = content.XattrOwner;
        Assert.NotEqual(first, second);
        Write(content, 0, [1]);
        Ok(vault.Store.SetXattr(content.Handle, "user.securevault.x"u8, [1], create: true, replace: false));
        Ok(content.Truncate(0));
        Assert.Equal(second, content.XattrOwner);
        Write(content, 0, [2]);
        Ok(content.Commit(durable: false));
        Assert.Equal([2], ReadAll(content));
    }

    [Fact]
    public void Sizes_no_file_may_have_are_refused()
    {
        using var vault = new ContentVault();
        using FileContent content = vault.Create("f");
        Assert.Equal(VaultStatus.TooLarge, content.Truncate(FileLayout.MaxPlainSize + 1));
        Assert.Equal(VaultStatus.TooLarge, content.Write(FileLayout.MaxPlainSize, [1], append: false, out _));
        Assert.Equal(VaultStatus.Invalid, content.Truncate(-1));
        Assert.Equal(VaultStatus.Invalid, content.Read(-1, new byte[1], out _));
        Assert.Equal(VaultStatus.Invalid, content.Allocate(AllocateKind.PunchHole, 0, 0));
        Assert.Equal(VaultStatus.TooLarge, content.Allocate(AllocateKind.Allocate, 1, long.MaxValue));
        Ok(content.Read(100, new byte[1], out int read));
        Assert.Equal(0, read);
        Assert.Equal(0, content.Size);
    }

    [Fact]
    public void Offline_tools_read_and_do_not_write()
    {
        using var vault = new ContentVault();
        vault.Make("f", [1, 2, 3]);
        vault.Offline();
        using FileContent content = vault.Open("f");
        Assert.Equal([1, 2, 3], ReadAll(content));
        Assert.Equal(VaultStatus.ReadOnly, content.Write(0, [1], append: false, out _));
        Assert.Equal(VaultStatus.ReadOnly, content.Truncate(0));
        Assert.Equal(VaultStatus.ReadOnly, content.Allocate(AllocateKind.PunchHole, 0, 1));
        Assert.Equal(VaultStatus.ReadOnly, content.SetName(default, default, manyNames: false, []));
    }
}
