using System;

namespace SecureVault.Crypto;

/// <summary>AES-SIV (RFC 5297) with a 64-byte key (AES-256 twice): deterministic authenticated encryption for names.</summary>
/// <remarks>Any thread. Output is 16-byte synthetic IV, then ciphertext of plain's length.</remarks>
public sealed class SivKey : IDisposable
{
    /// <summary>Length of the synthetic IV in bytes.</summary>
    public const int IvSize = 16;

    private SivKey() => throw new NotSupportedException();

    /// <summary>Binds a 64-byte key (32 and 48 also accepted, for the standard's vectors).</summary>
    public static SivKey Create(SecretKey key) => throw new NotSupportedException();

    /// <summary>sealed = IV (16) then ciphertext; its length is plain.Length + 16. One associated-data component.</summary>
    public void Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated, Span<byte> @sealed) => throw new NotSupportedException();

    /// <summary>False when not authentic or shorter than 16; then <paramref name="plain"/> (sealed.Length - 16) is wiped.</summary>
    public bool TryOpen(ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> associated, Span<byte> plain) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}
