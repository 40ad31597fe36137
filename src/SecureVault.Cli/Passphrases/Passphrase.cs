using System;
using System.Security.Cryptography;

namespace SecureVault.Cli.Passphrases;

/// <summary>The bytes of a passphrase in one place that does not move, wiped on dispose. Never a string once it is here.</summary>
internal sealed class Passphrase : IDisposable
{
    /// <summary>Longest passphrase, in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    private readonly byte[] _bytes;

    public Passphrase(ReadOnlySpan<byte> bytes)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(_bytes);
    }

    public Span<byte> Bytes => _bytes;

    public bool Matches(Passphrase other) => CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
