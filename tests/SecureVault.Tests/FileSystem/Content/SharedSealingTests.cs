using System;
using System.Security.Cryptography;
using System.Threading.Tasks;
using SecureVault.Crypto;
using SecureVault.FileSystem.Content;
using SecureVault.Format.V1;
using Xunit;

namespace SecureVault.Tests.FileSystem.Content;

/// <summary>Runs sealed by several threads open like those sealed by one.</summary>
public sealed class SharedSealingTests : IDisposable
{
    private const int Shift = 12;
    private const int Size = 1 << Shift;
    private const int SealedSize = Size + FileLayout.BlockOverhead;

    private readonly BlockCodec _codec;

    public SharedSealingTests()
    {
        using SecretKey secret = SecretKey.Generate(FileHeader.SecretSize);
        _codec = new BlockCodec(new FileIdentity(CipherSuite.Aes256Gcm, Shift, Protection.Encrypted, new FileId(7)), secret);
    }

    public void Dispose() => _codec.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(SharedSealing.PieceBlocks - 1)]
    [InlineData(SharedSealing.PieceBlocks)]
    [InlineData(SharedSealing.PieceBlocks + 1)]
    [InlineData(2 * SharedSealing.PieceBlocks)]
    [InlineData(65)]
    public void Every_block_opens_at_its_place(int count) => SealAndOpen(new SharedSealing(), count, 1000);

    [Fact]
    public void Helpers_that_come_late_leave_the_next_run_alone()
    {
        var sealing = new SharedSealing();
        for (int run = 0; run < 500; run++)
        {
            SealAndOpen(sealing, 1 + (run * 7 % 65), run);
        }
    }

    [Fact]
    public void Files_are_sealed_side_by_side() => Parallel.For(0, 4, file =>
    {
        var sealing = new SharedSealing();
        for (int run = 0; run < 50; run++)
        {
            SealAndOpen(sealing, 33, file * 100);
        }
    });

    [Fact]
    public void A_block_that_cannot_be_sealed_is_the_callers_to_hear_of()
    {
        var sealing = new SharedSealing();
        byte[] plain = new byte[32 * Size];
        Assert.Throws<InvalidOperationException>(() => sealing.Seal(null!, 0, 32, Size, plain, new byte[32 * SealedSize]));
        SealAndOpen(sealing, 32, 5);
    }

    private void SealAndOpen(SharedSealing sealing, int count, long first)
    {
        byte[] plain = RandomNumberGenerator.GetBytes(count * Size);
        byte[] cipher = new byte[count * SealedSize];
        byte[] opened = new byte[Size];
        sealing.Seal(_codec, first, count, Size, plain, cipher);
        for (int index = 0; index < count; index++)
        {
            Assert.True(_codec.TryOpenBlock(first + index, cipher.AsSpan(index * SealedSize, SealedSize), opened));
            Assert.True(opened.AsSpan().SequenceEqual(plain.AsSpan(index * Size, Size)));
        }
    }
}
