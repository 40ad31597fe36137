using System;
using System.Security.Cryptography;

namespace SecureVault.Crypto.Contexts;

/// <summary>By System.Security.Cryptography.</summary>
internal sealed class SystemAesBlocks : AesBlocks
{
    private const int Largest = 256;

    private readonly ICryptoTransform _cipher;

    // Pinned, so that the collector makes no copies that nobody wipes.
    private readonly byte[] _input = GC.AllocateArray<byte>(Largest, pinned: true);
    private readonly byte[] _output = GC.AllocateArray<byte>(Largest, pinned: true);

    public SystemAesBlocks(ReadOnlySpan<byte> key)
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(copy);
        try
        {
            using var aes = Aes.Create();
            aes.Mode = CipherMode.ECB;
            aes.Padding = PaddingMode.None;
            _cipher = aes.CreateEncryptor(copy, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    /// <inheritdoc/>
    public override void Encrypt(ReadOnlySpan<byte> source, Span<byte> target)
    {
        source.CopyTo(_input);
        _cipher.TransformBlock(_input, 0, source.Length, _output, 0);
        _output.AsSpan(0, source.Length).CopyTo(target);
        CryptographicOperations.ZeroMemory(_input.AsSpan(0, source.Length));
        CryptographicOperations.ZeroMemory(_output.AsSpan(0, source.Length));
    }

    public override void Dispose() => _cipher.Dispose();
}
