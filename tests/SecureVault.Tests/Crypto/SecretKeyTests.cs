using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using SecureVault.Crypto;
using Xunit;

namespace SecureVault.Tests.Crypto;

public sealed class SecretKeyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void An_imported_key_has_the_bytes_it_was_given(int size)
    {
        byte[] bytes = [.. Enumerable.Range(1, size).Select(i => (byte)i)];
        using var key = SecretKey.Import(bytes);
        Assert.Equal(size, key.Size);
        Assert.Equal(bytes, key.Bytes.ToArray());
    }

    [Fact]
    public void Generated_keys_differ()
    {
        using SecretKey one = SecretKey.Generate(32), other = SecretKey.Generate(32);
        Assert.False(one.Bytes.SequenceEqual(other.Bytes));
        Assert.True(one.Bytes.ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    [InlineData(-1)]
    public void A_key_of_an_impossible_size_is_a_bug(int size)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SecretKey.Generate(size));
        Assert.Throws<ArgumentOutOfRangeException>(() => SecretKey.Import(new byte[Math.Max(0, size < 0 ? 65 : size)]));
    }

    [Fact]
    public unsafe void Dispose_wipes_the_memory()
    {
        var key = SecretKey.Import(Enumerable.Repeat((byte)0x5A, 64).ToArray());
        byte* memory = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in key.Bytes[0]));
        Assert.Equal(0x5A, memory[0]);
        key.Dispose();

        // Another test may take the slot at once, but not fill it with this pattern.
        Assert.False(new ReadOnlySpan<byte>(memory, 64).SequenceEqual(Enumerable.Repeat((byte)0x5A, 64).ToArray()));
        Assert.Throws<ObjectDisposedException>(() => key.Bytes.Length);
        key.Dispose();
    }

    [Fact]
    public void Tens_of_thousands_of_keys_live_at_once_and_none_touches_another()
    {
        List<SecretKey> keys = [];
        for (int i = 0; i < 30_000; i++)
        {
            keys.Add(SecretKey.Import(BitConverter.GetBytes(i)));
        }

        Assert.True(LockedMemory.TotalBytes >= 30_000 * 64);
        Assert.All(keys, (key, i) => Assert.Equal(i, BitConverter.ToInt32(key.Bytes)));
        keys.ForEach(key => key.Dispose());
        long before = LockedMemory.TotalBytes;
        for (int i = 0; i < 10_000; i++)
        {
            using var key = SecretKey.Generate(64);
        }

        Assert.Equal(before, LockedMemory.TotalBytes);
    }

    [Fact]
    public void Eight_threads_take_and_give_back_keys() => SideBySide.Run(8, thread =>
    {
        byte[] own = Enumerable.Repeat((byte)(thread + 1), 64).ToArray();
        for (int i = 0; i < 3000; i++)
        {
            using SecretKey one = SecretKey.Import(own), two = SecretKey.Import(own);
            Assert.True(one.Bytes.SequenceEqual(own) && two.Bytes.SequenceEqual(own));
        }
    });

    [Fact]
    public void Keys_that_nobody_disposed_give_back_their_memory()
    {
        long before = LockedMemory.TotalBytes;
        for (int round = 0; round < 40; round++)
        {
            Forget(5000);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // 40 rounds without the finalizer would take 12.8 MB; other tests run at the same time and take some.
        Assert.InRange(LockedMemory.TotalBytes - before, 0, 8_000_000);
    }

    [Fact]
    public void Its_text_names_only_the_size()
    {
        using var key = SecretKey.Import("secret!!"u8);
        Assert.Equal("secret key of 8 bytes", key.ToString());
    }

    [Fact]
    public void Locking_is_reported_alike_by_the_key_and_the_process()
    {
        using var key = SecretKey.Generate(32);
        Assert.Equal(LockedMemory.UnlockedBytes == 0, LockedMemory.AllLocked);
        Assert.True(key.IsLocked || !LockedMemory.AllLocked);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = SecretKey.Import([1, 2, 3]).Size;
        }
    }
}
