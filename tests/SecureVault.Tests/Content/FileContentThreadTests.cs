using System;
using System.Threading;
using SecureVault.Content;
using SecureVault.Terms;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

public sealed class FileContentThreadTests
{
    [Fact]
    public void Readers_see_whole_writes_while_a_writer_works()
    {
        using var vault = new ContentVault();
        using FileContent content = vault.Create("f");
        const int size = 40 * Block;
        Write(content, 0, new byte[size]);
        Ok(content.Commit(durable: false));
        using var written = new ManualResetEventSlim();
        SideBySide.Run(4, thread =>
        {
            if (thread == 0)
            {
                Rewrite(content, size, written);
            }
            else
            {
                ReadUntil(content, written);
            }
        });
    }

    [Fact]
    public void Appends_from_several_threads_are_all_there()
    {
        using var vault = new ContentVault();
        using FileContent content = vault.Create("f");
        SideBySide.Run(4, writer => AppendLines(content, (byte)(writer + 1)));
        byte[] plain = ReadAll(content);
        Assert.Equal(4 * 200 * 37, plain.Length);
        for (int line = 0; line < plain.Length; line += 37)
        {
            Assert.Equal(-1, plain.AsSpan(line, 37).IndexOfAnyExcept(plain[line]));
        }
    }

    [Fact]
    public void Reads_and_writes_allocate_nothing()
    {
        using var vault = new ContentVault();
        using FileContent content = vault.Create("f");
        byte[] large = Pattern(1 << 20, 1);
        byte[] small = Pattern(4000, 2);
        Write(content, 0, large);
        Allocations.Hold("content.read-and-write", () =>
        {
            content.Read(0, large, out _);
            content.Read(8192, large.AsSpan(0, 4096), out _);
            content.Read(100, small, out _);
            content.Write(0, large, append: false, out _);
            content.Write(10_000, small, append: false, out _);
            content.Write(0, small, append: true, out _);
        });
    }

    private static void Rewrite(FileContent content, int size, ManualResetEventSlim written)
    {
        try
        {
            byte[] plain = new byte[size];
            for (int round = 1; round < 150; round++)
            {
                plain.AsSpan().Fill(unchecked((byte)round));
                Write(content, 0, plain);
                Ok(round % 10 == 0 ? content.Sync(dataOnly: true) : VaultStatus.Ok);
                Ok(round % 25 == 0 ? content.Commit(durable: false) : VaultStatus.Ok);
            }
        }
        finally
        {
            written.Set();
        }
    }

    private static void ReadUntil(FileContent content, ManualResetEventSlim written)
    {
        byte[] plain = new byte[40 * Block];
        while (!written.IsSet)
        {
            Ok(content.Read(0, plain, out int read));
            Assert.Equal(plain.Length, read);
            Assert.Equal(-1, plain.AsSpan().IndexOfAnyExcept(plain[0]));
        }
    }

    private static void AppendLines(FileContent content, byte mark)
    {
        byte[] line = new byte[37];
        line.AsSpan().Fill(mark);
        for (int count = 0; count < 200; count++)
        {
            Ok(content.Write(0, line, append: true, out _));
        }
    }
}
