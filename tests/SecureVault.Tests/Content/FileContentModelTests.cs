using System;
using SecureVault.Content;
using SecureVault.Terms;
using Xunit;
using static SecureVault.Tests.Content.ContentVault;

namespace SecureVault.Tests.Content;

/// <summary>Random operations against a plain array of bytes. The seed is in the failure's message.</summary>
public sealed class FileContentModelTests
{
    private const int Steps = 500;
    private const long Inline = 1024 * Block;
    private const long Group = 8L * Block * Block;

    /// <summary>Where in the file the model begins; before it all is a hole.</summary>
    private long _origin;

    [Theory]
    [InlineData(1, 60_000, 0)]
    [InlineData(2, 60_000, 0)]
    [InlineData(3, 60_000, 0)]
    [InlineData(4, 60_000, 0)]
    [InlineData(5, 6_000_000, 0)]
    [InlineData(6, 60_000, Inline - (5 * Block))]
    [InlineData(7, 60_000, Inline - (5 * Block))]
    [InlineData(8, 60_000, Inline + Group - (6 * Block))]
    [InlineData(9, 60_000, Inline + Group - (6 * Block))]
    [InlineData(10, 60_000, Inline + (40 * Group) - (6 * Block))]
    public void Content_agrees_with_a_byte_array(int seed, int span, long origin)
    {
        using var vault = new ContentVault();
        var random = new Random(seed);
        FileContent content = vault.Create("f");
        Ok(content.Truncate(origin));
        _origin = origin;
        byte[] model = [];
        try
        {
            for (int step = 0; step < Steps; step++)
            {
                string what = Step(vault, ref content, ref model, random, span);
                Assert.True(_origin + model.LongLength == content.Size, $"seed {seed} step {step} {what}: size {content.Size}, not {model.Length}");
                if (step % 7 == 0 || span < 100_000)
                {
                    Assert.True(ReadFrom(content, _origin).AsSpan().SequenceEqual(model), $"seed {seed} step {step} {what}: other bytes");
                }
            }
        }
        finally
        {
            content.Dispose();
        }
    }

    private string Step(ContentVault vault, ref FileContent content, ref byte[] model, Random random, int span)
    {
        int offset = random.Next(span);
        int length = random.Next(3) == 0 ? random.Next(span / 4) : random.Next(3 * Block);
        if (random.Next(2) == 0)
        {
            offset &= ~(Block - 1);
        }

        int choice = random.Next(20);
        switch (choice)
        {
            case < 7:
                byte[] bytes = Pattern(length, random.Next());
                bool append = random.Next(3) == 0;
                offset = append ? model.Length : random.Next(2) == 0 ? Math.Min(offset, model.Length) : offset;
                Ok(content.Write(_origin + offset, bytes, append, out int written));
                Assert.Equal(length, written);
                Grow(ref model, length == 0 ? 0 : offset + length);
                bytes.CopyTo(model, length == 0 ? 0 : offset);
                break;
            case < 9:
                offset = random.Next(6) == 0 ? 0 : offset;
                Ok(content.Truncate(_origin + offset));
                Array.Resize(ref model, offset);
                break;
            case < 14:
                Fallocate(content, ref model, random, offset, length + 1);
                break;
            case 14:
                Ok(content.Sync(random.Next(2) == 0));
                break;
            case 15:
                Ok(content.Commit(durable: false));
                break;
            case < 18:
                Reopen(vault, ref content, random);
                break;
            default:
                CheckSeeksAndReads(content, model, offset, length);
                break;
        }

        return $"choice {choice} offset {offset} length {length}";
    }

    private void Fallocate(FileContent content, ref byte[] model, Random random, int offset, int length)
    {
        var kind = (AllocateKind)random.Next(5);
        Ok(content.Allocate(kind, _origin + offset, length));
        if (kind is AllocateKind.Allocate or AllocateKind.ZeroRange)
        {
            Grow(ref model, offset + length);
        }

        if (kind is not (AllocateKind.Allocate or AllocateKind.AllocateKeepSize) && offset < model.Length)
        {
            model.AsSpan(offset, Math.Min(length, model.Length - offset)).Clear();
        }
    }

    private static void Reopen(ContentVault vault, ref FileContent content, Random random)
    {
        bool commits = random.Next(2) == 0;
        if (commits)
        {
            Ok(content.Commit(durable: false));
        }
        else
        {
            // Holes filled but not recorded are lost to a crash, so they are recorded here: the crash tests allow what this model does not.
            Ok(content.Sync(dataOnly: true));
        }

        content.Dispose();
        if (random.Next(2) == 0)
        {
            vault.NextSession(crashed: !commits);
        }

        content = vault.Open("f");
    }

    private void CheckSeeksAndReads(FileContent content, byte[] model, int offset, int length)
    {
        byte[] part = new byte[length];
        Ok(content.Read(_origin + offset, part, out int read));
        int expected = Math.Clamp(model.Length - offset, 0, length);
        Assert.Equal(expected, read);
        Assert.True(part.AsSpan(0, read).SequenceEqual(model.AsSpan(Math.Min(offset, model.Length), read)));
        VaultStatus status = content.Seek(SeekKind.Data, _origin + offset, out long data);
        if (status == VaultStatus.Ok)
        {
            Assert.False(model.AsSpan(offset, (int)(data - _origin) - offset).ContainsAnyExcept((byte)0), "data was skipped");
        }
        else
        {
            Assert.Equal(VaultStatus.NoSuchOffset, status);
            Assert.True(offset >= model.Length || !model.AsSpan(offset).ContainsAnyExcept((byte)0), "data was not found");
        }
    }

    private static byte[] ReadFrom(FileContent content, long offset)
    {
        byte[] plain = new byte[content.Size - offset];
        Ok(content.Read(offset, plain, out int read));
        Assert.Equal(plain.Length, read);
        return plain;
    }

    private static void Grow(ref byte[] model, int size)
    {
        if (size > model.Length)
        {
            Array.Resize(ref model, size);
        }
    }
}
